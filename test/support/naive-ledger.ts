import type {
  BudgetClaim,
  Claim,
  ClaimState,
  QuotaLedger,
  RateClaim,
  Verdict,
} from '../../src/pipeline/quotas/ledger/ledger.ts';

interface Taken {
  readonly claim: Claim;
  amount: number;
  at: number;
}

/**
 * A ledger that keeps everything and works everything out anew: what others are held to in tests.
 * A rate is a bucket that is filled and emptied along its history.
 */
export class NaiveLedger implements QuotaLedger {
  #now = 0;
  readonly #buckets = new Map<string, { units: number; at: number }>();
  #running: Taken[] = [];
  readonly #used = new Map<string, number>();

  advance(ms: number): void {
    this.#now += ms;
  }

  admit(claims: readonly Claim[]): Verdict {
    const at = claims.findIndex((claim) => !this.#fits(claim));
    const refused = claims[at];
    if (refused) {
      return { admitted: false, at, retryAfterMs: this.#waitFor(refused), states: this.read(claims) };
    }
    const portion = Math.min(1, ...claims.map((claim) => this.#portion(claim)));
    const taken = claims.map((claim): Taken => ({ claim, amount: amountOf(claim, portion), at: this.#now }));
    for (const one of taken) if (one.claim.kind === 'rate') this.#pour(one.claim, -one.amount);
    this.#running.push(...taken);
    let isSettled = false;
    const settle = (actual: readonly number[]): void => {
      if (isSettled) return;
      isSettled = true;
      this.#running = this.#running.filter((one) => !taken.includes(one));
      for (const [index, { claim, amount }] of taken.entries()) {
        const spent = actual[index] ?? 0;
        if (claim.kind === 'rate') this.#pour(claim, amount - spent);
        if (claim.kind === 'budget') this.#used.set(claim.key, (this.#used.get(claim.key) ?? 0) + spent);
      }
    };
    const holding = { settle, waits: () => {}, sends: () => {} };
    return { admitted: true, portion, states: this.read(claims), holding };
  }

  read(claims: readonly Claim[]): ClaimState[] {
    return claims.map((claim) => {
      if (claim.kind === 'rate') {
        const units = this.#units(claim);
        const resetMs = ((claim.burst - units) * claim.windowMs) / claim.limit;
        return { remaining: Math.max(0, Math.floor(units + 1e-6)), resetMs, used: 0, reserved: 0 };
      }
      const reserved = this.#reserved(claim.key);
      const used = this.#used.get(claim.key) ?? 0;
      return { remaining: Math.max(0, claim.limit - used - reserved), resetMs: 0, used, reserved };
    });
  }

  #fits(claim: Claim): boolean {
    if (claim.kind === 'rate') return Math.min(claim.amount, claim.burst) <= this.#units(claim) + 1e-6;
    const reserved = this.#reserved(claim.key);
    if (claim.kind === 'concurrency') return reserved < claim.limit;
    const room = claim.limit - reserved - (this.#used.get(claim.key) ?? 0);
    return claim.hard ? (claim.least ?? claim.amount) <= room : room > 0;
  }

  #waitFor(claim: Claim): number | undefined {
    if (claim.kind !== 'rate') return undefined;
    return ((Math.min(claim.amount, claim.burst) - this.#units(claim)) * claim.windowMs) / claim.limit;
  }

  #portion(claim: Claim): number {
    if (claim.kind !== 'budget' || !claim.hard || claim.least === undefined) return 1;
    const room = this.#room(claim);
    return claim.amount <= room ? 1 : (room - claim.least) / (claim.amount - claim.least);
  }

  #room({ key, limit }: BudgetClaim): number {
    return limit - this.#reserved(key) - (this.#used.get(key) ?? 0);
  }

  #reserved(key: string): number {
    return this.#running.filter(({ claim }) => claim.key === key).reduce((sum, { amount }) => sum + amount, 0);
  }

  /** A full bucket holds `burst`; it may owe. */
  #units({ key, limit, windowMs, burst }: RateClaim): number {
    const { units, at } = this.#buckets.get(key) ?? { units: burst, at: this.#now };
    return Math.min(burst, units + ((this.#now - at) * limit) / windowMs);
  }

  #pour(claim: RateClaim, amount: number): void {
    this.#buckets.set(claim.key, { units: this.#units(claim) + amount, at: this.#now });
  }
}

function amountOf(claim: Claim, portion: number): number {
  if (claim.kind === 'concurrency') return 1;
  if (claim.kind === 'rate' || claim.least === undefined || portion >= 1) return claim.amount;
  return claim.least + Math.floor((claim.amount - claim.least) * portion);
}
