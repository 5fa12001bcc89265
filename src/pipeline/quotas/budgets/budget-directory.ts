import { isDeepStrictEqual } from 'node:util';

import type { FollowedState } from '../../../storage/revisions/revision-follower.ts';
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
  /** For whoever follows the revisions of the database. */
  readonly state: FollowedState;
  #file: readonly Budget[];
  #stored: readonly Budget[] = [];
  #all: readonly Budget[];
  #version = 1;

  constructor(store: Pick<BudgetStore, 'list'>, file: readonly Budget[]) {
    this.#file = file;
    this.#all = file;
    this.state = {
      subject: 'budgets',
      refresh: async () => this.#setStored(await store.list()),
      kept: {
        save: () => this.#stored.map((budget) => ({ id: budget.id, definition: settingsOf(budget) })),
        load: (kept) => {
          const budgets = kept as unknown as readonly KeptBudget[];
          this.#setStored(budgets.map(({ id, definition }) => budgetOf(definition, { id, origin: 'admin' })));
        },
      },
    };
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
