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

/** How soon what was spent is written down; what comes while it is written waits for the next time. */
const SAVE_AFTER_MS = 250;
const MOST_ROWS_AT_ONCE = 5000;
/** How often it is looked which periods are over. */
const FORGET_EVERY_MS = 60_000;

/** What this process has spent of one counter. */
interface Tally {
  readonly key: string;
  readonly endsAt: number | undefined;
  used: number;
  reserved: number;
  /** Under way. */
  calls: number;
  isUnsaved: boolean;
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
  #unsaved: Tally[] = [];
  #forgetAt = 0;
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
    return Array.from(this.#tallies.values(), rowOf);
  }

  /** Calls under way that hold something of a budget. */
  get outstanding(): number {
    return this.#outstanding;
  }

  /** Writes all of it down again: a replica that was taken for dead has been written about by others. */
  saveAgain(): void {
    for (const tally of this.#tallies.values()) this.#changed(tally);
  }

  /** Writes down what is not written yet, and stops. */
  async close(): Promise<void> {
    this.#stopTimer?.();
    await this.#saving;
    do await this.#save();
    while (this.#unsaved.length > 0 && this.#storeAnswers);
    this.#stopTimer?.();
  }

  #tallied(claims: readonly Claim[], verdict: Verdict): Verdict {
    if (!verdict.admitted) return verdict;
    const { portion, states, holding } = verdict;
    let tallies: Tally[] | undefined;
    for (let at = 0; at < claims.length; at += 1) {
      const claim = claims[at] as Claim;
      if (claim.kind !== 'budget') continue;
      const tally = this.#tallyOf(claim);
      tally.calls += 1;
      tally.reserved += grantOf(claim, portion);
      this.#changed(tally);
      (tallies ??= []).push(tally);
    }
    if (!tallies) return verdict;
    this.#outstanding += 1;
    const told = new TalliedHolding(holding, { claims, portion, tallies, settled: this.#settled });
    return { admitted: true, portion, states, holding: told };
  }

  readonly #settled = ({ claims, portion, tallies }: Noted, actual: readonly number[]): void => {
    this.#outstanding -= 1;
    let next = 0;
    for (let at = 0; at < claims.length; at += 1) {
      const claim = claims[at] as Claim;
      if (claim.kind !== 'budget') continue;
      const tally = tallies[next] as Tally;
      next += 1;
      tally.calls -= 1;
      tally.reserved -= grantOf(claim, portion);
      tally.used += actual[at] ?? 0;
      this.#changed(tally);
    }
  };

  #tallyOf({ key, endsAt }: BudgetClaim): Tally {
    let tally = this.#tallies.get(key);
    if (!tally) {
      tally = { key, endsAt, used: 0, reserved: 0, calls: 0, isUnsaved: false };
      this.#tallies.set(key, tally);
    }
    return tally;
  }

  #changed(tally: Tally): void {
    if (tally.isUnsaved) return;
    tally.isUnsaved = true;
    this.#unsaved.push(tally);
    this.#saveLater(SAVE_AFTER_MS);
  }

  #saveLater(ms: number): void {
    this.#stopTimer ??= this.#options.scheduler.after(ms, () => {
      this.#stopTimer = undefined;
      this.#saving = this.#saving.then(() => this.#save());
    });
  }

  /** What has changed by now: under load something always changes while it is written. */
  async #save(): Promise<void> {
    const { store, replica, onStore } = this.#options;
    const changed = this.#unsaved;
    this.#unsaved = [];
    let from = 0;
    try {
      for (; from < changed.length; from += MOST_ROWS_AT_ONCE) {
        const tallies = changed.slice(from, from + MOST_ROWS_AT_ONCE);
        for (const tally of tallies) tally.isUnsaved = false;
        await store.save(replica, tallies.map(rowOf));
      }
      if (!this.#storeAnswers) onStore(true);
      this.#storeAnswers = true;
      this.#forget();
    } catch (thrown) {
      this.#notSaved(changed, from);
      if (this.#storeAnswers) onStore(false, thrown);
      this.#storeAnswers = false;
      this.#saveLater(4 * SAVE_AFTER_MS);
    }
  }

  /** Puts those from there on back; of those that were being written some have changed again. */
  #notSaved(changed: readonly Tally[], from: number): void {
    for (let at = from; at < changed.length; at += 1) {
      const tally = changed[at] as Tally;
      const isBack = at < from + MOST_ROWS_AT_ONCE && tally.isUnsaved;
      tally.isUnsaved = true;
      if (!isBack) this.#unsaved.push(tally);
    }
  }

  /** Periods that are long over. */
  #forget(): void {
    const now = this.#options.now();
    if (now < this.#forgetAt) return;
    this.#forgetAt = now + FORGET_EVERY_MS;
    const before = now - KEPT_AFTER_MS;
    for (const [key, { endsAt, calls }] of this.#tallies) {
      if (endsAt !== undefined && endsAt < before && calls === 0) this.#tallies.delete(key);
    }
  }
}

function rowOf({ key, endsAt, used, reserved }: Tally): SpendRow {
  return { key, endsAt, used, reserved };
}

/** What one call was noted with. */
interface Noted {
  readonly claims: readonly Claim[];
  readonly portion: number;
  /** One for each claim of a budget, in their order. */
  readonly tallies: readonly Tally[];
  readonly settled: (noted: Noted, actual: readonly number[]) => void;
}

class TalliedHolding implements Holding {
  readonly #holding: Holding;
  readonly #noted: Noted;
  #isSettled = false;

  constructor(holding: Holding, noted: Noted) {
    this.#holding = holding;
    this.#noted = noted;
  }

  settle(actual: readonly number[]): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#noted.settled(this.#noted, actual);
    this.#holding.settle(actual);
  }

  waits(): void {
    this.#holding.waits();
  }

  sends(): void {
    this.#holding.sends();
  }
}
