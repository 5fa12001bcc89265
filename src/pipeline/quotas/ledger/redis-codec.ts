import type { BudgetClaim, Claim, ClaimState, RateClaim } from './ledger.ts';

const NANOS_PER_MS = 1_000_000;
const MICROS_PER_MS = 1000;

/**
 * Claims as the scripts read them, one flat JSON list, each begun by its kind:
 * `0, key, µs for a unit, burst, amount`, `1, key, limit`, `2, key, limit, amount, least, hard, ends at (0: never)`.
 *
 * @param hasRates false: the rates were counted elsewhere, and stand there with no time for a unit
 */
export function encodeClaims(claims: readonly Claim[], hasRates = true): string {
  const flat: (string | number)[] = [];
  for (const claim of claims) {
    const key = encodable(claim.key);
    if (claim.kind === 'rate') {
      const perUnit = hasRates ? (claim.windowMs * MICROS_PER_MS) / claim.limit : 0;
      flat.push(0, key, perUnit, claim.burst, claim.amount);
    } else if (claim.kind === 'concurrency') flat.push(1, key, claim.limit);
    else {
      const { limit, amount, least = amount, hard, endsAt = 0 } = claim;
      flat.push(2, key, limit, amount, least, hard ? 1 : 0, endsAt);
    }
  }
  return JSON.stringify(flat);
}

/** Half a surrogate pair, which a client may send, is no text in JSON to those who read it strictly. */
export function encodable(key: string): string {
  return key.isWellFormed() ? key : key.toWellFormed();
}

/**
 * What a holding is in Redis: whether it waits, the portion where it is not all, the claims.
 */
export function encodeHolding(isWaiting: boolean, portion: number, claims: string): string {
  return `${isWaiting ? 'w' : 's'}${portion < 1 ? portion : ''}${claims}`;
}

/** One settlement; `actual` is read as far as there are claims, and 0 beyond its end. */
export function encodeSettlement(id: string, claims: readonly Claim[], actual: readonly number[]): string {
  let text = `["${id}"`;
  for (const [at, { kind }] of claims.entries()) {
    const amount = actual[at] ?? 0;
    // Budgets are counted in whole units, and a sum never falls.
    text += `,${kind === 'rate' ? amount : Math.max(0, Math.ceil(amount))}`;
  }
  return `${text}]`;
}

/** Reads how counters stand: one number for a rate (nanoseconds) and for concurrency, two for a budget. */
export function decodeStates(claims: readonly Claim[], told: readonly unknown[], from: number): ClaimState[] {
  let at = from;
  const next = (): number => told[at++] as number;
  return claims.map((claim) => {
    if (claim.kind === 'rate') return rateState(claim, next());
    if (claim.kind === 'budget') return budgetState(claim, next(), next());
    const reserved = next();
    return { remaining: Math.max(0, claim.limit - reserved), resetMs: 0, used: 0, reserved };
  });
}

/** @param debtNs time until it is at rest */
function rateState({ limit, windowMs, burst }: RateClaim, debtNs: number): ClaimState {
  const resetMs = debtNs / NANOS_PER_MS;
  // A millionth of a unit is what reading a clock costs.
  const units = burst - (resetMs * limit) / windowMs + 1e-6;
  return { remaining: Math.max(0, Math.floor(units)), resetMs, used: 0, reserved: 0 };
}

function budgetState({ limit }: BudgetClaim, used: number, reserved: number): ClaimState {
  return { remaining: Math.max(0, limit - used - reserved), resetMs: 0, used, reserved };
}

/** @param waitNs negative: nobody knows */
export function retryAfter(waitNs: number): number | undefined {
  return waitNs < 0 ? undefined : waitNs / NANOS_PER_MS;
}
