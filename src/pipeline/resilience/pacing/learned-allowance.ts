import type { LimitReading } from './learned-limits.ts';

/** What is lost to the arithmetic of fractions. */
const EPSILON = 1e-6;

const MINUTE_MS = 60_000;

/** The windows in which providers count. */
const WINDOWS_MS = [MINUTE_MS, 24 * 60 * MINUTE_MS];

/** Readings that have to agree before a limit is taken for one that comes back evenly. */
const ENOUGH = 2;

/** How far the reset may be from what it would be, as a share. */
const TOLERANCE = 0.1;

/** Readings of one window differ by their rounding. */
const SAME_WINDOW_MS = 1500;

/** Around a reading: when its request was sent and what was taken since, which it may not count; monotonic milliseconds. */
export interface ReadingContext {
  readonly sentAt: number;
  readonly takenSince: number;
  readonly now: number;
}

/**
 * What is left of a limit that a provider tells in its answers.
 *
 * There are two kinds, and the headers do not say which it is. With one the limit comes back evenly, and the reset is
 * the time until all of it is there: with 1 of 5000 used, OpenAI writes 12ms. With the other nothing comes back before
 * the reset, and then all of it does. Readings with little used tell them apart; until they have, it is the second.
 */
export class LearnedAllowance {
  #limit = Number.POSITIVE_INFINITY;
  #level = Number.POSITIVE_INFINITY;
  #at = 0;
  /** What comes back; 0 where it comes with the reset. */
  #perMs = 0;
  #evenReadings = 0;
  #resetAt: number | undefined;
  #isGuess = false;
  /** When the last reset was. */
  #startedAt = Number.NEGATIVE_INFINITY;
  #spanMs = 0;

  learn(reading: LimitReading, { sentAt, takenSince, now }: ReadingContext): void {
    this.#settle(now);
    const limit = reading.limit ?? Number.POSITIVE_INFINITY;
    const isOther = limit !== this.#limit;
    this.#limit = limit;
    this.#perMs = this.#rateOf(reading);
    this.#spanMs = Math.max(isOther ? 0 : this.#spanMs, reading.resetMs ?? 0);
    const earliest = sentAt + (reading.resetMs ?? Number.POSITIVE_INFINITY);
    const isEven = this.#perMs > 0;
    if (!isEven && !isOther && earliest <= this.#startedAt + SAME_WINDOW_MS) return;
    const isFresh = isOther || (!isEven && earliest > (this.#resetAt ?? now) + SAME_WINDOW_MS);
    // Answers do not come in the order in which their requests were counted, so within a window the least is the truth.
    const level = reading.remaining - takenSince;
    this.#level = isFresh ? level : Math.min(this.#level, level);
    this.#moveReset(reading, isFresh, now);
  }

  /** Milliseconds until so much may be taken, after something else was. */
  delayMs(amount: number, before: number, now: number): number {
    this.#settle(now);
    const missing = Math.min(amount, this.#limit) + before - this.#level;
    if (!(missing > EPSILON)) return 0;
    if (this.#perMs > 0) return Math.ceil(missing / this.#perMs);
    if (this.#resetAt === undefined) return 0;
    // Whole windows have to pass where one is not enough.
    const windows = Math.max(0, Math.ceil((missing + this.#level) / this.#limit) - 1);
    return Math.max(1, Math.ceil(this.#resetAt - now + windows * this.#spanMs));
  }

  /** A negative amount is given back. */
  take(amount: number, now: number): void {
    this.#settle(now);
    this.#level = Math.min(this.#limit, this.#level - amount);
  }

  /** What is left by now. */
  #settle(now: number): void {
    if (this.#perMs > 0) {
      this.#level = Math.min(this.#limit, this.#level + (now - this.#at) * this.#perMs);
    } else if (this.#resetAt !== undefined && now >= this.#resetAt) {
      this.#level = this.#limit;
      this.#startedAt = now;
      // The next answer says when the next one is; until then it is thought to be as long as the longest seen.
      this.#resetAt = now + this.#spanMs;
      this.#isGuess = true;
    }
    this.#at = now;
  }

  /** The reset is not later than the answer says, which may have been long on its way; the earliest is closest. */
  #moveReset({ resetMs, resolutionMs }: LimitReading, isFresh: boolean, now: number): void {
    if (resetMs === undefined) return;
    // What is rounded to seconds may be up to one later.
    const latest = now + resetMs + (resetMs > 0 ? resolutionMs : 0);
    this.#resetAt = isFresh || this.#isGuess ? latest : Math.min(this.#resetAt ?? latest, latest);
    this.#isGuess = false;
  }

  #rateOf(reading: LimitReading): number {
    const { limit, resetMs, windowMs } = reading;
    if (limit === undefined) return 0;
    if (resetMs === undefined) return windowMs === undefined ? 0 : limit / windowMs;
    const used = limit - reading.remaining;
    const even = (windowMs === undefined ? WINDOWS_MS : [windowMs]).find((window) =>
      fits(reading, (used * window) / limit),
    );
    if (even === undefined) this.#evenReadings = 0;
    // With much used both kinds look the same.
    else if (used <= limit / 2) this.#evenReadings = Math.min(ENOUGH, this.#evenReadings + 1);
    return even !== undefined && this.#evenReadings >= ENOUGH ? limit / even : 0;
  }
}

function fits({ resetMs = 0, resolutionMs }: LimitReading, expectedMs: number): boolean {
  return Math.abs(resetMs - expectedMs) <= expectedMs * TOLERANCE + resolutionMs;
}
