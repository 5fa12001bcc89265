import { asked } from '../../storage/database/asked.ts';
import { desc, inArray, lt } from '../../storage/drizzle/queries.ts';
import { type Orm, change } from '../../storage/revisions/revision-store.ts';
import type { PurgeStore } from './purges.ts';
import { cachePurges } from './schema.ts';
import type { Purge } from './store/purge-log.ts';

/** Purges in the database, where all replicas see them. */
export class PostgresPurgeStore implements PurgeStore {
  readonly #orm: Orm;

  constructor(orm: Orm) {
    this.#orm = orm;
  }

  add({ id, filter, at }: Purge): Promise<void> {
    return change(this.#orm, 'cache_purges', async (transaction) => {
      // One that was stored, and nobody heard that it was, comes again.
      await transaction
        .insert(cachePurges)
        .values({ id, filter, at: new Date(at) })
        .onConflictDoNothing();
    });
  }

  async newest(limit: number): Promise<Purge[]> {
    const query = this.#orm.select().from(cachePurges).orderBy(desc(cachePurges.at), desc(cachePurges.id));
    const rows = await asked(query.limit(limit));
    return rows.map(({ id, filter, at }) => ({ id, filter, at: at.getTime() }));
  }

  async deleteBefore(at: number, limit: number): Promise<number> {
    const old = this.#orm
      .select({ id: cachePurges.id })
      .from(cachePurges)
      .where(lt(cachePurges.at, new Date(at)))
      .limit(limit);
    const gone = this.#orm.delete(cachePurges).where(inArray(cachePurges.id, old));
    return (await asked(gone.returning({ id: cachePurges.id }))).length;
  }
}
