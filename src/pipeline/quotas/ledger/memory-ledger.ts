import type { Clock } from '../../../core/clock.ts';
import { BudgetCell, type Cell, ConcurrencyCell, RateCell } from './cells.ts';
import { grantOf, portionOf } from './grant.ts';
import {
  KEPT_AFTER_MS,
  type Claim,
  type ClaimState,
  type Holding,
  type QuotaLedger,
  type RateClaim,
  type Verdict,
} from './ledger.ts';
import type { SpendRow } from './spend.ts';

/** Beyond so many, counters that are at rest are let go of, and at last those that were used longest ago. */
const MOST_CELLS = 200_000;

/** Counters in this process: exact for one process, and gone with it, but for what is restored. */
export class MemoryLedger implements QuotaLedger {
  readonly #clock: Clock;
  readonly #most: number;
  readonly #rates = new Map<string, RateCell>();
  readonly #concurrency = new Map<string, ConcurrencyCell>();
  readonly #budgets = new Map<string, BudgetCell>();
  #sweepAbove: number;

  constructor(clock: Clock, { most = MOST_CELLS }: { readonly most?: number } = {}) {
    this.#clock = clock;
    this.#most = most;
    this.#sweepAbove = most;
  }

  /** What was spent before this ledger was made. */
  restore(rows: readonly SpendRow[]): void {
    for (const { key, endsAt, used, reserved } of rows) {
      const cell = this.#budgets.get(key);
      if (cell) cell.add(used + reserved);
      else this.#budgets.set(key, new BudgetCell(used + reserved, endsAt));
    }
  }

  admit(claims: readonly Claim[]): Verdict {
    const now = this.#clock.monotonic();
    const cells: Cell<Claim>[] = [];
    let isDivisible = false;
    // Counted by hand: an iterator of entries costs as much as what it goes through.
    for (let at = 0; at < claims.length; at += 1) {
      const claim = claims[at] as Claim;
      const cell = this.#cellOf(claim);
      const waitMs = cell.refuses(claim, now);
      if (waitMs !== undefined) {
        const retryAfterMs = waitMs === Number.POSITIVE_INFINITY ? undefined : waitMs;
        return { admitted: false, at, retryAfterMs, states: this.#read(claims, now) };
      }
      if (claim.kind === 'budget' && claim.least !== undefined) isDivisible = true;
      cells.push(cell);
    }
    const portion = isDivisible ? portionOf(claims, (claim, at) => (cells[at] as BudgetCell).room(claim)) : 1;
    for (let at = 0; at < claims.length; at += 1) {
      const claim = claims[at] as Claim;
      (cells[at] as Cell<Claim>).take(claim, grantOf(claim, portion), now);
    }
    const states: ClaimState[] = [];
    for (let at = 0; at < claims.length; at += 1) {
      states.push((cells[at] as Cell<Claim>).state(claims[at] as Claim, now));
    }
    return { admitted: true, portion, states, holding: new MemoryHolding(claims, cells, portion, this.#clock) };
  }

  /** The same for one claim of which nothing is held, nor asked how it stands. False where there is no room. */
  takes(claim: RateClaim): boolean {
    const now = this.#clock.monotonic();
    const cell = this.#cellOf(claim);
    if (cell.refuses(claim, now) !== undefined) return false;
    cell.take(claim, claim.amount, now);
    return true;
  }

  read(claims: readonly Claim[]): ClaimState[] {
    return this.#read(claims, this.#clock.monotonic());
  }

  #read(claims: readonly Claim[], now: number): ClaimState[] {
    return claims.map((claim) => (this.#known(claim) ?? freshCell(claim)).state(claim, now));
  }

  /** Counters that are kept. */
  get size(): number {
    return this.#rates.size + this.#concurrency.size + this.#budgets.size;
  }

  #cellOf(claim: Claim): Cell<Claim> {
    const known = this.#known(claim);
    if (known) return known;
    if (this.size >= this.#sweepAbove) this.#sweep();
    const cell = freshCell(claim);
    this.#mapOf(claim).set(claim.key, cell);
    return cell;
  }

  #known(claim: Claim): Cell<Claim> | undefined {
    return this.#mapOf(claim).get(claim.key);
  }

  #mapOf(claim: Claim): Map<string, Cell<Claim>> {
    if (claim.kind === 'rate') return this.#rates;
    return claim.kind === 'budget' ? this.#budgets : this.#concurrency;
  }

  #sweep(): void {
    const now = this.#clock.monotonic();
    for (const cells of [this.#rates, this.#concurrency]) {
      for (const [key, cell] of cells) if (cell.isIdle(now)) cells.delete(key);
    }
    const before = this.#clock.now() - KEPT_AFTER_MS;
    for (const [key, cell] of this.#budgets) if (cell.isOver(before)) this.#budgets.delete(key);
    // What is left is in use. Rates may be forgotten, at the price of one burst; budgets and places may not.
    const excess = this.#rates.size - this.#most;
    for (const key of [...this.#rates.keys()].slice(0, Math.max(0, excess))) this.#rates.delete(key);
    // Not at each new one, where few are at rest.
    this.#sweepAbove = Math.max(this.#most, this.size + Math.ceil(this.#most / 10));
  }
}

function freshCell(claim: Claim): Cell<Claim> {
  if (claim.kind === 'rate') return new RateCell();
  return claim.kind === 'budget' ? new BudgetCell(0, claim.endsAt) : new ConcurrencyCell();
}

class MemoryHolding implements Holding {
  readonly #claims: readonly Claim[];
  readonly #cells: readonly Cell<Claim>[];
  readonly #portion: number;
  readonly #clock: Clock;
  #isSettled = false;

  constructor(claims: readonly Claim[], cells: readonly Cell<Claim>[], portion: number, clock: Clock) {
    this.#claims = claims;
    this.#cells = cells;
    this.#portion = portion;
    this.#clock = clock;
  }

  settle(actual: readonly number[]): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    const now = this.#clock.monotonic();
    for (let at = 0; at < this.#claims.length; at += 1) {
      const claim = this.#claims[at] as Claim;
      (this.#cells[at] as Cell<Claim>).settle(claim, grantOf(claim, this.#portion), actual[at] ?? 0, now);
    }
  }

  /** A process that dies takes its memory along. */
  waits(): void {}

  sends(): void {}
}
