import type { Clock } from '../../../core/clock.ts';
import type { Demand, Gate } from '../queue/gate.ts';
import { LearnedAllowance } from './learned-allowance.ts';
import { type Counted, type LimitReading, readLimits } from './learned-limits.ts';
import type { PacingSettings } from './settings.ts';
import { TokenBucket } from './token-bucket.ts';

export interface PacerOptions {
  readonly limits: PacingSettings;
  readonly clock: Clock;
}

interface Allowance {
  delayMs(amount: number, before: number, now: number): number;
  take(amount: number, now: number): void;
}

interface CountedAllowance {
  readonly amountOf: (demand: Demand) => number;
  readonly allowance: Allowance;
}

const AMOUNTS: Readonly<Record<Counted, (demand: Demand) => number>> = {
  requests: () => 1,
  tokens: ({ inputTokens, outputTokens }) => inputTokens + outputTokens,
  inputTokens: ({ inputTokens }) => inputTokens,
  outputTokens: ({ outputTokens }) => outputTokens,
};

const CONFIGURED = ['requests', 'tokens', 'inputTokens', 'outputTokens'] as const satisfies readonly Counted[];

/**
 * Keeps the limits that a provider has for us, those that are configured and those that it tells, by saying how long
 * the next request has to wait. It holds no requests itself: the slot queue asks it before it hands out a slot, so
 * that those who wait do so in one order.
 */
export class Pacer implements Gate {
  readonly #clock: Clock;
  readonly #learns: boolean;
  readonly #allowances: CountedAllowance[];
  /** By the name of the limit; the names are those of a table. */
  readonly #learned = new Map<string, LearnedAllowance>();
  #blockedUntil = Number.NEGATIVE_INFINITY;

  constructor({ limits, clock }: PacerOptions) {
    this.#clock = clock;
    this.#learns = limits.learn;
    const now = clock.monotonic();
    this.#allowances = CONFIGURED.flatMap((counts) => {
      const rate = limits[counts];
      return rate === undefined
        ? []
        : [{ amountOf: AMOUNTS[counts], allowance: new TokenBucket(rate, limits.burst, now) }];
    });
  }

  delayMs(demand: Demand, ahead = 0): number {
    const now = this.#clock.monotonic();
    let delayMs = Math.max(0, Math.ceil(this.#blockedUntil - now));
    for (const { amountOf, allowance } of this.#allowances) {
      const amount = amountOf(demand);
      delayMs = Math.max(delayMs, allowance.delayMs(amount, amount * ahead, now));
    }
    return delayMs;
  }

  take(demand: Demand): void {
    const now = this.#clock.monotonic();
    for (const { amountOf, allowance } of this.#allowances) allowance.take(amountOf(demand), now);
  }

  /**
   * What a request that was sent has used, in place of what it was thought to need. One that was not sent after all is
   * given back with {@link giveBack}.
   */
  settle(thought: Demand, used: Demand): void {
    const now = this.#clock.monotonic();
    for (const { amountOf, allowance } of this.#allowances) {
      const more = amountOf(used) - amountOf(thought);
      if (more !== 0) allowance.take(more, now);
    }
  }

  /** Of a request that was taken and not sent. */
  giveBack(demand: Demand): void {
    const now = this.#clock.monotonic();
    for (const { amountOf, allowance } of this.#allowances) allowance.take(-amountOf(demand), now);
  }

  /** What an answer's headers say about the limits, whatever its status. */
  learn(headers: Readonly<Record<string, string>>): void {
    if (!this.#learns) return;
    for (const reading of readLimits(headers, this.#clock.now()))
      this.#learnedOf(reading).learn(reading, this.#clock.monotonic());
  }

  /** The provider asked for a pause (429 with Retry-After): nothing is sent for so long. */
  block(ms: number): void {
    this.#blockedUntil = Math.max(this.#blockedUntil, this.#clock.monotonic() + ms);
  }

  #learnedOf({ name, counts }: LimitReading): LearnedAllowance {
    const known = this.#learned.get(name);
    if (known) return known;
    const allowance = new LearnedAllowance();
    this.#learned.set(name, allowance);
    this.#allowances.push({ amountOf: AMOUNTS[counts], allowance });
    return allowance;
  }
}
