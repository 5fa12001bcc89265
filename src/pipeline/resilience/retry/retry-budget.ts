import type { Clock } from '../../../core/clock.ts';
import { RollingCount } from '../rolling-count.ts';
import type { RetryBudgetSettings } from './settings.ts';

const WINDOW_MS = 10_000;

const BUCKETS = 40;

/**
 * Bounds what a route sends on top of what clients asked for: retries, fallbacks and hedges together.
 *
 * Whenever an attempt is taken, those taken in the 10 seconds that end there, this one included, are at most
 * `share` of the successes in the same 10 seconds plus `perSecond * 10`. Time is counted in buckets of 250 ms, and
 * both counts err on the careful side: successes are forgotten up to a bucket too early, what was taken up to a bucket
 * too late.
 */
export class RetryBudget {
  readonly #settings: RetryBudgetSettings;
  readonly #clock: Clock;
  readonly #successes = new RollingCount(WINDOW_MS / BUCKETS, BUCKETS);
  readonly #taken = new RollingCount(WINDOW_MS / BUCKETS, BUCKETS + 1);
  #withheld = 0;

  constructor(settings: RetryBudgetSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  /** A request was answered. */
  success(): void {
    this.#successes.add(this.#clock.monotonic());
  }

  /** Whether a further attempt may be made, which then counts. */
  take(): boolean {
    const now = this.#clock.monotonic();
    if (this.#left(now) < 1) {
      this.#withheld += 1;
      return false;
    }
    this.#taken.add(now);
    return true;
  }

  /** How many further attempts could be made now. */
  get left(): number {
    return Math.max(0, Math.floor(this.#left(this.#clock.monotonic())));
  }

  /** How many were asked for in vain, ever. */
  get withheld(): number {
    return this.#withheld;
  }

  #left(now: number): number {
    const { share, perSecond } = this.#settings;
    const allowed = share * this.#successes.sum(now) + (perSecond * WINDOW_MS) / 1000;
    return allowed - this.#taken.sum(now);
  }
}
