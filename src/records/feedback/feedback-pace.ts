import type { Clock } from '../../core/clock.ts';
import { GatewayError } from '../../core/errors.ts';
import { GenerationalMap } from '../../core/generational-map.ts';

const WINDOW_MS = 60_000;
/** From one key, in a minute. */
const MOST_IN_WINDOW = 600;
/** At a time, of all keys: each waits for the database. */
const MOST_AT_ONCE = 64;
/** Of them from one key, so that one does not keep out the others. */
const MOST_OF_ONE = 8;
const AGAIN_MS = 1000;
const MOST_KEYS = 10_000;

interface Window {
  readonly since: number;
  count: number;
}

/** Keeps feedback from taking the database: limits of model requests do not stand in its way. Counts in this process. */
export class FeedbackPace {
  readonly #clock: Clock;
  readonly #windows = new GenerationalMap<Window>(MOST_KEYS);
  /** By key; no more than run at once. */
  readonly #runningOf = new Map<string, number>();
  #running = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws limit_requests, gateway_overloaded */
  async run<Result>(teller: string, work: () => Promise<Result>): Promise<Result> {
    this.#count(teller);
    const running = this.#runningOf.get(teller) ?? 0;
    if (running >= MOST_OF_ONE) throw tooManyAtOnce();
    if (this.#running >= MOST_AT_ONCE) throw new GatewayError('gateway_overloaded', { retryAfterMs: AGAIN_MS });
    this.#running += 1;
    this.#runningOf.set(teller, running + 1);
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#ended(teller);
    }
  }

  #ended(teller: string): void {
    const running = this.#runningOf.get(teller) ?? 0;
    if (running > 1) this.#runningOf.set(teller, running - 1);
    else this.#runningOf.delete(teller);
  }

  #count(teller: string): void {
    const now = this.#clock.monotonic();
    let window = this.#windows.get(teller);
    if (!window || now - window.since >= WINDOW_MS) {
      window = { since: now, count: 0 };
      this.#windows.set(teller, window);
    }
    window.count += 1;
    if (window.count > MOST_IN_WINDOW) {
      throw new GatewayError('limit_requests', {
        message: `One key may send feedback ${MOST_IN_WINDOW} times in a minute. Send it again after Retry-After.`,
        retryAfterMs: window.since + WINDOW_MS - now,
      });
    }
  }
}

function tooManyAtOnce(): GatewayError {
  return new GatewayError('limit_requests', {
    message: `One key may send feedback ${MOST_OF_ONE} times at once. Send it again when others are answered.`,
    retryAfterMs: AGAIN_MS,
  });
}
