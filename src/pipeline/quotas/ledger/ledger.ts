import { DAY_MS } from '../../../core/units.ts';

/**
 * The counters behind limits and budgets. A call states all that it will use as claims; they are admitted together or
 * not at all, in one step that nobody can come between, and settled to what was really used when the call is over.
 *
 * Two ledgers keep the same laws (`contract.ts` holds both to them): one in the memory of this process, one in Redis.
 */
export interface QuotaLedger {
  /** Takes all claims, or none of them. It never rejects for a limit; where the counters cannot be reached it throws. */
  admit(claims: readonly Claim[]): Verdict | Promise<Verdict>;
  /** How counters stand, one for each claim; nothing is taken. */
  read(claims: readonly Claim[]): readonly ClaimState[] | Promise<readonly ClaimState[]>;
}

/** So many in a time, by the generic cell rate algorithm: never more than `limit` × time / window + `burst`. */
export interface RateClaim {
  readonly kind: 'rate';
  /** Which counter: the same for all calls, and all replicas, that share the limit. */
  readonly key: string;
  /** Units in a window. */
  readonly limit: number;
  readonly windowMs: number;
  /** Units that may be used at once after a pause; at least 1. */
  readonly burst: number;
  /** Units that the call uses, as far as is known. More than `burst` waits for a full pause, and then goes. */
  readonly amount: number;
}

/** So many at a time. */
export interface ConcurrencyClaim {
  readonly kind: 'concurrency';
  readonly key: string;
  readonly limit: number;
}

/** A sum that may be spent once in a period. */
export interface BudgetClaim {
  readonly kind: 'budget';
  /** Names the budget, whose it is, its unit and its period, so that a new period is another counter. */
  readonly key: string;
  /** Tokens or nano-dollars. */
  readonly limit: number;
  /** Reserved until it is settled. */
  readonly amount: number;
  /** The call could do with this much, too; `amount` where absent. A smaller share is granted to all budgets alike. */
  readonly least?: number;
  /**
   * Hard: admitted where used + reserved + amount ≤ limit. Soft: admitted where used + reserved < limit, so that the
   * last ones in may go beyond it.
   */
  readonly hard: boolean;
  /** Epoch milliseconds at which the period is over; undefined = never. Counters are kept for a day longer. */
  readonly endsAt: number | undefined;
}

/** How long a budget's counter outlives its period, for calls that end late; in milliseconds. */
export const KEPT_AFTER_MS = DAY_MS;

export type Claim = RateClaim | ConcurrencyClaim | BudgetClaim;

export type Verdict = Admitted | Refused;

export interface Admitted {
  readonly admitted: true;
  /**
   * What share of the way from `least` to `amount` was granted, 0 to 1; 1 unless a budget had not enough for all. A
   * budget's grant is least + floor((amount − least) × portion).
   */
  readonly portion: number;
  /** After this call, one for each claim. */
  readonly states: readonly ClaimState[];
  readonly holding: Holding;
}

export interface Refused {
  readonly admitted: false;
  /** Index of the first claim that there was no room for. */
  readonly at: number;
  /** Until there would be room, exact for rates; undefined where nobody knows (concurrency, budgets). */
  readonly retryAfterMs: number | undefined;
  /** One for each claim, as they stand without this call. */
  readonly states: readonly ClaimState[];
}

/** How a counter stands; numbers only, so that it can be sent. */
export interface ClaimState {
  /** Of a rate: units that may be used now. Of concurrency: places left. Of a budget: limit − used − reserved. Not negative. */
  readonly remaining: number;
  /** Of a rate: milliseconds until all of `burst` may be used. Else 0. */
  readonly resetMs: number;
  /** Of a budget: settled so far in the period; else 0. */
  readonly used: number;
  /** Of a budget: reserved by calls under way; of concurrency: calls under way; else 0. */
  readonly reserved: number;
}

/** What one call holds. */
export interface Holding {
  /**
   * Gives back what was held, and counts what was used. Aligned with the claims: of a rate the units used in place of
   * those claimed, of a budget what was spent; of concurrency it means nothing. The first call counts.
   */
  settle(actual: readonly number[]): void;
  /** Nothing was sent yet, and it may take a while: if this process dies, the budgets get it back. */
  waits(): void;
  /** The opposite, before something is sent; it is so from the beginning. */
  sends(): void;
}
