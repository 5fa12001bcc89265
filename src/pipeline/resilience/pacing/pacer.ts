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

/** How much of everything that limits count. */
export interface Amounts extends Demand {
  readonly requests: number;
}

/** When a request was sent, and what was taken until then, itself included. */
export interface Sent {
  readonly at: number;
  readonly taken: Amounts;
}

interface Allowance {
  delayMs(amount: number, before: number, now: number): number;
  take(amount: number, now: number): void;
}

interface CountedAllowance {
  readonly amountOf: (amounts: Amounts) => number;
  readonly allowance: Allowance;
}

const AMOUNTS: Readonly<Record<Counted, (amounts: Amounts) => number>> = {
  requests: ({ requests }) => requests,
  tokens: ({ inputTokens, outputTokens }) => inputTokens + outputTokens,
  inputTokens: ({ inputTokens }) => inputTokens,
  outputTokens: ({ outputTokens }) => outputTokens,
};

const ZERO: Amounts = { requests: 0, inputTokens: 0, outputTokens: 0 };

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
  #taken = ZERO;
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
    const amounts = amountsOf(demand);
    let delayMs = Math.max(0, Math.ceil(this.#blockedUntil - now));
    for (const { amountOf, allowance } of this.#allowances) {
      const amount = amountOf(amounts);
      delayMs = Math.max(delayMs, allowance.delayMs(amount, amount * ahead, now));
    }
    return delayMs;
  }

  take(demand: Demand): void {
    const amounts = amountsOf(demand);
    this.#taken = added(this.#taken, amounts, 1);
    this.#takeFromAll(amounts);
  }

  /** To be kept of the moment in which a request is sent, after it was taken: {@link learn} wants it. */
  sent(): Sent {
    return { at: this.#clock.monotonic(), taken: this.#taken };
  }

  /** What a request that was sent has used, in place of what it was thought to need. */
  settle(thought: Demand, used: Demand): void {
    this.#takeFromAll(added(amountsOf(used), amountsOf(thought), -1));
  }

  /** Of a request that was taken and not sent. */
  giveBack(demand: Demand): void {
    const amounts = amountsOf(demand);
    this.#taken = added(this.#taken, amounts, -1);
    this.#takeFromAll(added(ZERO, amounts, -1));
  }

  /** What an answer's headers say about the limits, whatever its status. */
  learn(headers: Readonly<Record<string, string>>, sent: Sent): void {
    if (!this.#learns) return;
    const readings = readLimits(headers, this.#clock.now());
    if (readings.length === 0) return;
    const now = this.#clock.monotonic();
    const since = added(this.#taken, sent.taken, -1);
    for (const reading of readings) {
      const takenSince = AMOUNTS[reading.counts](since);
      this.#learnedOf(reading).learn(reading, { sentAt: sent.at, takenSince, now });
    }
  }

  /** The provider asked for a pause (429 with Retry-After): nothing is sent for so long. */
  block(ms: number): void {
    this.#blockedUntil = Math.max(this.#blockedUntil, this.#clock.monotonic() + ms);
  }

  #takeFromAll(amounts: Amounts): void {
    const now = this.#clock.monotonic();
    for (const { amountOf, allowance } of this.#allowances) allowance.take(amountOf(amounts), now);
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

function amountsOf({ inputTokens, outputTokens }: Demand): Amounts {
  return { requests: 1, inputTokens, outputTokens };
}

function added(amounts: Amounts, others: Amounts, times: 1 | -1): Amounts {
  return {
    requests: amounts.requests + times * others.requests,
    inputTokens: amounts.inputTokens + times * others.inputTokens,
    outputTokens: amounts.outputTokens + times * others.outputTokens,
  };
}
