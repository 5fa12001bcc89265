import type { Clock } from '../../core/clock.ts';
import type { Price } from '../../models/pricing/price.ts';
import { type PriceRow, ratesOf } from '../../models/pricing/price-row.ts';
import { asked } from '../../storage/database/asked.ts';
import { type Orm, type Transaction, change, revisionOf } from '../../storage/revisions/revision-store.ts';
import { type Conflict, rowKey, sameRates } from './row-changes.ts';
import { priceRows } from './schema.ts';

/** Rows that are inserted with one statement, far below what PostgreSQL takes of parameters. */
const CHUNK_ROWS = 1000;

/** Rows that cannot be stored, since others of the same family, model and day are. */
export class PriceConflictError extends Error {
  override readonly name = 'PriceConflictError';
  readonly conflicts: readonly Conflict[];

  constructor(conflicts: readonly Conflict[]) {
    super('rows of the same family, model and day are stored with other numbers');
    this.conflicts = conflicts;
  }
}

/** Stored prices: rows are added and never changed. Every call throws storage_unavailable where the database does not answer. */
export class PriceRowStore {
  readonly #orm: Orm;
  readonly #clock: Clock;

  constructor(orm: Orm, clock: Clock) {
    this.#orm = orm;
    this.#clock = clock;
  }

  async list(): Promise<PriceRow[]> {
    return asked(listRows(this.#orm));
  }

  /**
   * Adds rows, all or none. One that is there already with the same numbers stays as it is.
   * @returns how many were added
   * @throws PriceConflictError where one is there with other numbers
   */
  async add(rows: readonly PriceRow[]): Promise<number> {
    if (rows.length === 0) return 0;
    return change(this.#orm, 'price_rows', async (transaction) => {
      const added = await this.#insert(transaction, rows);
      if (added === rows.length) return added;
      const stored = new Map((await listRows(transaction)).map((row) => [rowKey(row), row]));
      const conflicts = rows.flatMap((row) => {
        const there = stored.get(rowKey(row));
        return there && !sameRates(there, row) ? [{ row, there }] : [];
      });
      if (conflicts.length > 0) throw new PriceConflictError(conflicts);
      return added;
    });
  }

  revision(): Promise<number> {
    return revisionOf(this.#orm, 'price_rows');
  }

  async #insert(transaction: Transaction, rows: readonly PriceRow[]): Promise<number> {
    const addedAt = new Date(this.#clock.now());
    let added = 0;
    for (let at = 0; at < rows.length; at += CHUNK_ROWS) {
      const values = rows.slice(at, at + CHUNK_ROWS).map((row) => {
        const { family, model, from, source, checked } = row;
        return { family, model, fromDay: from, source, checked, rates: JSON.stringify(ratesOf(row)), addedAt };
      });
      const inserted = transaction.insert(priceRows).values(values).onConflictDoNothing();
      added += (await inserted.returning({ family: priceRows.family })).length;
    }
    return added;
  }
}

async function listRows(orm: Pick<Orm, 'select'>): Promise<PriceRow[]> {
  const rows = await orm.select().from(priceRows).orderBy(priceRows.family, priceRows.model, priceRows.fromDay);
  return rows.map(({ family, model, fromDay, source, checked, rates }) => {
    return { family, model, from: fromDay, source, checked, ...(rates as Omit<Price, 'version'>) };
  });
}
