import type { Clock } from '../../../core/clock.ts';
import { asked } from '../../../storage/database/asked.ts';
import { storableJson, storableText } from '../../../storage/database/storable.ts';
import { asc, eq } from '../../../storage/drizzle/queries.ts';
import { type Orm, change, revisionOf } from '../../../storage/revisions/revision-store.ts';
import { budgets } from '../schema.ts';
import type { Budget } from './budget.ts';
import { budgetOf, settingsOf } from './from-settings.ts';

/** Budgets that were made through the admin API. Every call throws storage_unavailable where the database does not answer. */
export interface BudgetStore {
  /** By their ids. */
  list(): Promise<Budget[]>;
  get(id: string): Promise<Budget | undefined>;
  /** Makes it, or replaces the one that has its id. */
  put(budget: Budget): Promise<void>;
  /** False where there is none. */
  delete(id: string): Promise<boolean>;
  /** Rises with every change. */
  revision(): Promise<number>;
}

export class PostgresBudgetStore implements BudgetStore {
  readonly #orm: Orm;
  readonly #clock: Clock;

  constructor(orm: Orm, clock: Clock) {
    this.#orm = orm;
    this.#clock = clock;
  }

  async list(): Promise<Budget[]> {
    const rows = await asked(this.#orm.select().from(budgets).orderBy(asc(budgets.id)));
    return rows.map(budgetOfRow);
  }

  async get(id: string): Promise<Budget | undefined> {
    const rows = await asked(
      this.#orm
        .select()
        .from(budgets)
        .where(eq(budgets.id, storableText(id))),
    );
    return rows.map(budgetOfRow)[0];
  }

  async put(budget: Budget): Promise<void> {
    const definition = storableJson(settingsOf(budget));
    const now = new Date(this.#clock.now());
    await change(this.#orm, 'budgets', (transaction) =>
      transaction
        .insert(budgets)
        .values({ id: budget.id, definition, createdAt: now, updatedAt: now })
        .onConflictDoUpdate({ target: budgets.id, set: { definition, updatedAt: now } }),
    );
  }

  async delete(id: string): Promise<boolean> {
    const gone = await change(this.#orm, 'budgets', (transaction) =>
      transaction
        .delete(budgets)
        .where(eq(budgets.id, storableText(id)))
        .returning({ id: budgets.id }),
    );
    return gone.length > 0;
  }

  revision(): Promise<number> {
    return revisionOf(this.#orm, 'budgets');
  }
}

function budgetOfRow({ id, definition }: typeof budgets.$inferSelect): Budget {
  return budgetOf(definition as Parameters<typeof budgetOf>[0], { id, origin: 'admin' });
}
