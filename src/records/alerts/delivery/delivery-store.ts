import { asked } from '../../../storage/database/asked.ts';
import type { Database } from '../../../storage/database/database.ts';
import { type ListPosition, comesAfter } from '../../../storage/database/list-position.ts';
import { and, desc, eq, inArray, lt } from '../../../storage/drizzle/queries.ts';
import { alertDeliveries } from '../schema.ts';

/** What was sent to whom, and what became of it. */
export type DeliveryRow = typeof alertDeliveries.$inferSelect;

export interface DeliveryFilter {
  readonly channel?: string | undefined;
  readonly alert?: string | undefined;
  readonly outcome?: string | undefined;
}

/** What was sent. Every call throws storage_unavailable where the database does not answer. */
export class DeliveryStore {
  readonly #orm: Database['orm'];

  constructor({ orm }: Pick<Database, 'orm'>) {
    this.#orm = orm;
  }

  async add(row: DeliveryRow): Promise<void> {
    await asked(this.#orm.insert(alertDeliveries).values(row).onConflictDoNothing());
  }

  /** The newest first, at most `limit`, from the position on. */
  list({ channel, alert, outcome }: DeliveryFilter, limit: number, after?: ListPosition): Promise<DeliveryRow[]> {
    const { at, id } = alertDeliveries;
    const wanted = and(
      channel === undefined ? undefined : eq(alertDeliveries.channel, channel),
      alert === undefined ? undefined : eq(alertDeliveries.alert, alert),
      outcome === undefined ? undefined : eq(alertDeliveries.outcome, outcome),
      after && comesAfter(at, id, after),
    );
    return asked(this.#orm.select().from(alertDeliveries).where(wanted).orderBy(desc(at), desc(id)).limit(limit));
  }

  /** Deletes the oldest from before a time, at most `limit`. @returns how many */
  async expire(before: Date, limit: number): Promise<number> {
    const { at, id } = alertDeliveries;
    const old = this.#orm.select({ id }).from(alertDeliveries).where(lt(at, before)).orderBy(at).limit(limit);
    return (await asked(this.#orm.delete(alertDeliveries).where(inArray(id, old)).returning({ id }))).length;
  }
}
