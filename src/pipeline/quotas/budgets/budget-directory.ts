import { isDeepStrictEqual } from 'node:util';

import { RevisionWatch, type WatchLog } from '../../../storage/revisions/revision-watch.ts';
import type { Budget } from './budget.ts';
import type { BudgetStore } from './budget-store.ts';

/** All budgets in force, in memory: the request path asks it and never the database. */
export class BudgetDirectory {
  readonly #watch: RevisionWatch;
  #file: readonly Budget[];
  #stored: readonly Budget[] = [];
  #all: readonly Budget[];
  #version = 1;

  constructor(store: Pick<BudgetStore, 'list' | 'revision'>, file: readonly Budget[], log: WatchLog) {
    this.#file = file;
    this.#all = file;
    this.#watch = new RevisionWatch({
      subject: 'budgets',
      revision: () => store.revision(),
      refresh: async () => {
        this.#stored = await store.list();
        this.#join();
      },
      log,
    });
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

  #join(): void {
    const all = [...this.#file, ...this.#stored];
    // A file that was read again mostly says the same, and whoever follows the version need not build anew.
    if (isDeepStrictEqual(all, this.#all)) return;
    this.#all = all;
    this.#version += 1;
  }
}
