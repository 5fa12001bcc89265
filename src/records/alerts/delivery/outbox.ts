import type { Clock } from '../../../core/clock.ts';
import { newId } from '../../../core/ids.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import type { Resolve } from '../channels/guarded-socket.ts';
import { sendOnce } from '../channels/send.ts';
import type { Notice } from '../messages/notice.ts';
import type { AlertSettings } from '../settings.ts';
import { Deliveries, type Outcome } from './deliveries.ts';
import { type Delivered, DeliveryLog, type DeliveryLogDeps } from './delivery-log.ts';

export interface OutboxDeps {
  readonly settings: () => Readonly<AlertSettings>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: DeliveryLogDeps['log'] & { error(facts: object, message: string): void };
  readonly store: DeliveryLogDeps['store'];
  /** A notice was sent, or was given up. */
  readonly delivered?: ((channel: string, outcome: Outcome) => void) | undefined;
  /** The system's where absent. */
  readonly resolve?: Resolve | undefined;
  readonly random?: (() => number) | undefined;
}

/** What became of a test of a channel. */
export interface ChannelTest {
  readonly channel: string;
  readonly ok: boolean;
  readonly error: string | undefined;
}

const CLOSE_MS = 5000;

/** Sends notices to channels, and writes down what became of them. */
export class Outbox {
  readonly #deps: OutboxDeps;
  readonly #log: DeliveryLog;
  readonly #deliveries: Deliveries;

  constructor(deps: OutboxDeps) {
    this.#deps = deps;
    this.#log = new DeliveryLog(deps);
    this.#deliveries = new Deliveries({
      channels: () => deps.settings().channels,
      send: (channel, notice) => sendOnce(channel, notice, this.#sending),
      ended: (delivered) => this.#ended(delivered),
      clock: deps.clock,
      scheduler: deps.scheduler,
      random: deps.random ?? Math.random,
    });
  }

  /** How many notices are not sent yet. */
  get waiting(): number {
    return this.#deliveries.waiting;
  }

  /** Neither waits nor throws. */
  send(notice: Notice, channels: Iterable<string>): void {
    this.#deliveries.add(notice, channels);
  }

  /** Sends a test to one channel, or to each, once. */
  async test(only?: string): Promise<ChannelTest[]> {
    const { channels, source } = this.#deps.settings();
    const asked = [...channels].filter(([name]) => only === undefined || name === only);
    return Promise.all(
      asked.map(async ([name, channel]): Promise<ChannelTest> => {
        const notice = testNotice(source, this.#deps.clock.now());
        const verdict = await sendOnce(channel, notice, this.#sending);
        const ok = verdict.kind === 'sent';
        const error = ok ? undefined : verdict.reason;
        this.#ended({ notice, channel: name, outcome: ok ? 'sent' : 'failed', attempts: 1, error });
        return { channel: name, ok, error };
      }),
    );
  }

  /** Resolves when what became of notices so far is written, or when the time is over. */
  flush(timeoutMs: number): Promise<void> {
    return this.#log.flush(timeoutMs);
  }

  /** Sends what can still be sent. */
  async close(): Promise<void> {
    await this.#deliveries.close(CLOSE_MS);
    await this.#log.close();
  }

  get #sending() {
    const { clock, resolve } = this.#deps;
    return { now: () => clock.now(), resolve };
  }

  #ended(delivered: Delivered): void {
    const { channel, notice, outcome, attempts, error } = delivered;
    this.#log.add(delivered);
    this.#deps.delivered?.(channel, outcome);
    if (outcome === 'sent' || notice.state === 'test') return;
    this.#deps.log.error({ channel, alert: notice.alert, attempts, error }, 'an alert was not delivered');
  }
}

/** What a test of a channel says. */
export function testNotice(source: string, now: number): Notice {
  const common = { alert: 'test', kind: 'test', severity: 'info', subject: 'test', evidence: {} } as const;
  return { id: newId('notice'), at: now, state: 'test', source, ...common };
}
