import { FailoverLedger, type FailoverOptions } from './failover-ledger.ts';
import { RedisLedger, type RedisLedgerOptions } from './redis-ledger.ts';

/** How long a start waits for exact counters before it goes on without them. */
const START_MS = 2000;

/** Whether the counters are what they say they are. */
export type CountersState = 'exact' | 'degraded';

export interface RedisCountersOptions
  extends Omit<RedisLedgerOptions, 'onState'>, Pick<FailoverOptions, 'memory' | 'settings'> {
  /** Once for each change, with what is known of its cause. The first exact state is none. */
  onChange(state: CountersState, reason: string): void;
}

/** Counters in Redis, with what stands in for them while it is away. */
export class RedisCounters {
  readonly #options: RedisCountersOptions;
  readonly #shared: RedisLedger;
  readonly ledger: FailoverLedger;
  /** Undefined until the first state is known. */
  #state: CountersState | undefined;
  #onFirstExact = (): void => {};

  constructor(options: RedisCountersOptions) {
    this.#options = options;
    this.#shared = new RedisLedger({ ...options, onState: (state, reason) => this.#changed(state, reason) });
    const { memory, settings } = options;
    this.ledger = new FailoverLedger({ shared: this.#shared, memory, settings });
  }

  get state(): CountersState {
    return this.#state ?? 'degraded';
  }

  /** Replicas that live, as seen last; at least 1. */
  get replicas(): number {
    return this.#shared.replicas;
  }

  /** What calls hold, and settlements that Redis has not confirmed. */
  get outstanding(): number {
    return this.#shared.outstanding;
  }

  /** Resolves when the counters are exact, or when that takes too long; then it goes on in the background. */
  async start(waitMs = START_MS): Promise<void> {
    await new Promise<void>((done) => {
      const stop = this.#options.scheduler.after(waitMs, () => {
        if (this.#state === undefined) this.#become('degraded', 'Redis does not answer');
        done();
      });
      this.#onFirstExact = () => {
        stop();
        done();
      };
      this.#shared.start();
    });
  }

  /** Resolves when everything that is settled is counted in Redis, or Redis is away. */
  flush(): Promise<void> {
    return this.#shared.flush();
  }

  /** Sends what is settled; the handle on Redis stays open. */
  close(): Promise<void> {
    return this.#shared.close();
  }

  #changed(state: 'away' | 'exact', reason: string): void {
    if (state === 'exact') this.ledger.forgetShare();
    this.#become(state === 'exact' ? 'exact' : 'degraded', reason);
  }

  #become(state: CountersState, reason: string): void {
    const before = this.#state;
    this.#state = state;
    if (state === 'exact') this.#onFirstExact();
    if (before === state || (before === undefined && state === 'exact')) return;
    this.#options.onChange(state, reason);
  }
}
