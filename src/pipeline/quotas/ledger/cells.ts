import type { BudgetClaim, ClaimState, ConcurrencyClaim, RateClaim } from './ledger.ts';

/** Microseconds; whole, so that no rounding adds up. */
const PER_MS = 1000;

/** One counter in memory. Times are monotonic milliseconds. */
export interface Cell<Kind> {
  /** Undefined where there is room; else milliseconds until there is, or Infinity where nobody knows. */
  refuses(claim: Kind, now: number): number | undefined;
  take(claim: Kind, amount: number, now: number): void;
  settle(claim: Kind, taken: number, actual: number, now: number): void;
  state(claim: Kind, now: number): ClaimState;
  /** As good as none. */
  isIdle(now: number): boolean;
}

/**
 * The generic cell rate algorithm: all that it keeps is the time at which the counter would be at rest if nothing more
 * came, and every unit moves it by window / limit.
 * @see https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm (virtual scheduling)
 */
export class RateCell implements Cell<RateClaim> {
  #restsAt = Number.NEGATIVE_INFINITY;

  refuses(claim: RateClaim, now: number): number | undefined {
    const short = Math.min(claim.amount, claim.burst) - available(claim, this.#restsAt, now);
    // A millionth of a unit is what reading a clock costs.
    return short <= 1e-6 ? undefined : (short * claim.windowMs) / claim.limit;
  }

  take({ limit, windowMs }: RateClaim, amount: number, now: number): void {
    const from = Math.max(this.#restsAt, Math.floor(now * PER_MS));
    this.#restsAt = from + Math.ceil((amount * windowMs * PER_MS) / limit);
  }

  settle({ limit, windowMs }: RateClaim, taken: number, actual: number, now: number): void {
    // What comes on top counts from now on; what is given back counts from when it was taken.
    const from = actual > taken ? Math.max(this.#restsAt, Math.floor(now * PER_MS)) : this.#restsAt;
    this.#restsAt = from + Math.ceil(((actual - taken) * windowMs * PER_MS) / limit);
  }

  state(claim: RateClaim, now: number): ClaimState {
    const remaining = Math.max(0, Math.floor(available(claim, this.#restsAt, now) + 1e-6));
    return { remaining, resetMs: Math.max(0, this.#restsAt / PER_MS - now), used: 0, reserved: 0 };
  }

  isIdle(now: number): boolean {
    return this.#restsAt <= now * PER_MS;
  }
}

/** Units that may be used now. */
function available({ limit, windowMs, burst }: RateClaim, restsAt: number, now: number): number {
  const debtMs = Math.max(0, restsAt / PER_MS - now);
  return burst - (debtMs * limit) / windowMs;
}

export class ConcurrencyCell implements Cell<ConcurrencyClaim> {
  #count = 0;

  refuses({ limit }: ConcurrencyClaim): number | undefined {
    return this.#count < limit ? undefined : Number.POSITIVE_INFINITY;
  }

  take(): void {
    this.#count += 1;
  }

  settle(): void {
    this.#count -= 1;
  }

  state({ limit }: ConcurrencyClaim): ClaimState {
    return { remaining: Math.max(0, limit - this.#count), resetMs: 0, used: 0, reserved: this.#count };
  }

  isIdle(): boolean {
    return this.#count === 0;
  }
}

export class BudgetCell implements Cell<BudgetClaim> {
  #used: number;
  #reserved = 0;
  readonly #endsAt: number | undefined;

  constructor(used: number, endsAt: number | undefined) {
    this.#used = used;
    this.#endsAt = endsAt;
  }

  refuses(claim: BudgetClaim): number | undefined {
    const room = this.room(claim);
    const fits = claim.hard ? (claim.least ?? claim.amount) <= room : room > 0;
    return fits ? undefined : Number.POSITIVE_INFINITY;
  }

  /** What nobody has used or reserved; below 0 where a soft budget was exceeded. */
  room({ limit }: BudgetClaim): number {
    return limit - this.#used - this.#reserved;
  }

  take(_claim: BudgetClaim, amount: number): void {
    this.#reserved += amount;
  }

  settle(_claim: BudgetClaim, taken: number, actual: number): void {
    this.#reserved -= taken;
    this.#used += actual;
  }

  /** Spent elsewhere, or in an earlier life. */
  add(used: number): void {
    this.#used += used;
  }

  state(claim: BudgetClaim): ClaimState {
    return { remaining: Math.max(0, this.room(claim)), resetMs: 0, used: this.#used, reserved: this.#reserved };
  }

  /** @param epochMs wall clock: a period is one of the calendar */
  isOver(epochMs: number): boolean {
    return this.#endsAt !== undefined && this.#reserved === 0 && this.#endsAt < epochMs;
  }

  /** Never: what was used has to be remembered. */
  isIdle(): boolean {
    return false;
  }
}
