import type { Scheduler } from '../../../core/scheduler.ts';
import { grantOf } from './grant.ts';
import {
  type BudgetClaim,
  type Claim,
  type ClaimState,
  type Holding,
  KEPT_AFTER_MS,
  type QuotaLedger,
  type Verdict,
} from './ledger.ts';
import type { SpendRow, SpendStore } from './spend.ts';

/** How soon what was spent is written down. */
const SAVE_AFTER_MS = 250;
const MOST_ROWS_AT_ONCE = 5000;

interface Tally {
  readonly endsAt: number | undefined;
  used: number;
  reserved: number;
}

export interface TallyOptions {
  readonly ledger: QuotaLedger;
  /** This process, for as long as it lives. */
  readonly replica: string;
  readonly store: Pick<SpendStore, 'save'>;
  readonly scheduler: Scheduler;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Told once when what was spent cannot be written down, and once when it can be again. */
  readonly onStore: (answers: boolean, cause?: unknown) => void;
}

/**
 * A ledger that remembers what this process has spent of each budget, and writes that down beside the request path. So
 * counters that were in memory, or in a Redis that lost them, can be made again.
 */
export class TalliedLedger implements QuotaLedger {
  readonly #options: TallyOptions;
  readonly #tallies = new Map<string, Tally>();
  readonly #unsaved = new Set<string>();
  #stopTimer: (() => void) | undefined;
  #saving: Promise<void> = Promise.resolve();
  #storeAnswers = true;
  #outstanding = 0;

  constructor(options: TallyOptions) {
    this.#options = options;
  }

  admit(claims: readonly Claim[]): Verdict | Promise<Verdict> {
    const verdict = this.#options.ledger.admit(claims);
    return verdict instanceof Promise
      ? verdict.then((told) => this.#tallied(claims, told))
      : this.#tallied(claims, verdict);
  }

  read(claims: readonly Claim[]): readonly ClaimState[] | Promise<readonly ClaimState[]> {
    return this.#options.ledger.read(claims);
  }

  /** What this process has spent and holds, of all periods that are not long over. */
  rows(): SpendRow[] {
    return [...this.#tallies].map(([key, tally]) => ({ key, ...tally }));
  }

  /** Calls under way that hold something of a budget. */
  get outstanding(): number {
    return this.#outstanding;
  }

  /** Writes all of it down again: a replica that was taken for dead has been written about by others. */
  saveAgain(): void {
    for (const key of this.#tallies.keys()) this.#unsaved.add(key);
    if (this.#unsaved.size > 0) this.#saveLater(SAVE_AFTER_MS);
  }

  /** Writes down what is not written yet, and stops. */
  async close(): Promise<void> {
    this.#stopTimer?.();
    await this.#saving;
    await this.#save();
  }

  #tallied(claims: readonly Claim[], verdict: Verdict): Verdict {
    if (!verdict.admitted || !claims.some(({ kind }) => kind === 'budget')) return verdict;
    const { portion, holding } = verdict;
    this.#outstanding += 1;
    const granted = claims.map((claim) => (claim.kind === 'budget' ? grantOf(claim, portion) : 0));
    for (let at = 0; at < claims.length; at += 1) {
      const claim = claims[at];
      if (claim?.kind === 'budget') this.#note(claim, granted[at] ?? 0, 0);
    }
    return { ...verdict, holding: new TalliedHolding(holding, (actual) => this.#settled(claims, granted, actual)) };
  }

  #settled(claims: readonly Claim[], granted: readonly number[], actual: readonly number[]): void {
    this.#outstanding -= 1;
    for (let at = 0; at < claims.length; at += 1) {
      const claim = claims[at];
      if (claim?.kind === 'budget') this.#note(claim, -(granted[at] ?? 0), actual[at] ?? 0);
    }
  }

  #note({ key, endsAt }: BudgetClaim, reserved: number, used: number): void {
    let tally = this.#tallies.get(key);
    if (!tally) {
      tally = { endsAt, used: 0, reserved: 0 };
      this.#tallies.set(key, tally);
    }
    tally.reserved += reserved;
    tally.used += used;
    this.#unsaved.add(key);
    this.#saveLater(SAVE_AFTER_MS);
  }

  #saveLater(ms: number): void {
    this.#stopTimer ??= this.#options.scheduler.after(ms, () => {
      this.#stopTimer = undefined;
      this.#saving = this.#saving.then(() => this.#save());
    });
  }

  async #save(): Promise<void> {
    const { store, replica, onStore } = this.#options;
    try {
      while (this.#unsaved.size > 0) {
        const keys = [...this.#unsaved].slice(0, MOST_ROWS_AT_ONCE);
        for (const key of keys) this.#unsaved.delete(key);
        const rows = keys.flatMap((key) => this.#rowOf(key));
        try {
          await store.save(replica, rows);
        } catch (thrown) {
          for (const key of keys) this.#unsaved.add(key);
          throw thrown;
        }
      }
      if (!this.#storeAnswers) onStore(true);
      this.#storeAnswers = true;
      this.#forget();
    } catch (thrown) {
      if (this.#storeAnswers) onStore(false, thrown);
      this.#storeAnswers = false;
      this.#saveLater(4 * SAVE_AFTER_MS);
    }
  }

  #rowOf(key: string): SpendRow[] {
    const tally = this.#tallies.get(key);
    return tally ? [{ key, ...tally }] : [];
  }

  /** Periods that are long over. */
  #forget(): void {
    const before = this.#options.now() - KEPT_AFTER_MS;
    for (const [key, { endsAt, reserved }] of this.#tallies) {
      if (endsAt !== undefined && endsAt < before && reserved === 0) this.#tallies.delete(key);
    }
  }
}

class TalliedHolding implements Holding {
  readonly #holding: Holding;
  readonly #onSettle: (actual: readonly number[]) => void;
  #isSettled = false;

  constructor(holding: Holding, onSettle: (actual: readonly number[]) => void) {
    this.#holding = holding;
    this.#onSettle = onSettle;
  }

  settle(actual: readonly number[]): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#onSettle(actual);
    this.#holding.settle(actual);
  }

  waits(): void {
    this.#holding.waits();
  }

  sends(): void {
    this.#holding.sends();
  }
}
