import { isDeepStrictEqual } from 'node:util';

import type { FollowedState } from '../../../storage/revisions/revision-follower.ts';
import { RevisionWatch, type WatchLog } from '../../../storage/revisions/revision-watch.ts';
import type { BudgetSettings } from '../settings.ts';
import type { Budget } from './budget.ts';
import type { BudgetStore } from './budget-store.ts';
import { budgetOf, settingsOf } from './from-settings.ts';

/** A budget of the database as it is kept for a start without one. */
interface KeptBudget {
  readonly id: string;
  readonly definition: BudgetSettings;
}

/** All budgets in force, in memory: the request path asks it and never the database. */
export class BudgetDirectory {
  /** For whoever follows all revisions together; then `start` is not called. */
  readonly state: FollowedState;
  readonly #watch: RevisionWatch;
  #file: readonly Budget[];
  #stored: readonly Budget[] = [];
  #all: readonly Budget[];
  #version = 1;

  constructor(store: Pick<BudgetStore, 'list' | 'revision'>, file: readonly Budget[], log: WatchLog) {
    this.#file = file;
    this.#all = file;
    const refresh = async (): Promise<void> => this.#setStored(await store.list());
    this.#watch = new RevisionWatch({ subject: 'budgets', revision: () => store.revision(), refresh, log });
    this.state = {
      subject: 'budgets',
      refresh,
      kept: {
        save: () => this.#stored.map((budget) => ({ id: budget.id, definition: settingsOf(budget) })),
        load: (kept) => {
          const budgets = kept as unknown as readonly KeptBudget[];
          this.#setStored(budgets.map(({ id, definition }) => budgetOf(definition, { id, origin: 'admin' })));
        },
      },
    };
  }

  /** Loads those of the database, then follows their changes. Rejects where the first load fails. */
  start(): Promise<void> {
    return this.#watch.start();
  }

  /** Sees a change at once, after one was made in this process. */
  refresh(): Promise<void> {
    return this.#watch.check();
  }

  /** The configuration was read again. */
  setFile(budgets: readonly Budget[]): void {
    this.#file = budgets;
    this.#join();
  }

  /** Those of the file in its order, then those of the database. The same list until the version rises. */
  current(): readonly Budget[] {
    return this.#all;
  }

  find(id: string): Budget | undefined {
    return this.#all.find((budget) => budget.id === id);
  }

  /** Rises with each change of what is in force. */
  get version(): number {
    return this.#version;
  }

  close(): void {
    this.#watch.close();
  }

  #setStored(budgets: readonly Budget[]): void {
    this.#stored = budgets;
    this.#join();
  }

  #join(): void {
    const all = [...this.#file, ...this.#stored];
    // A file that was read again mostly says the same, and whoever follows the version need not build anew.
    if (isDeepStrictEqual(all, this.#all)) return;
    this.#all = all;
    this.#version += 1;
  }
}
