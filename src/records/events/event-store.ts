import { asked } from '../../storage/database/asked.ts';
import { type ListPosition, comesAfter } from '../../storage/database/list-position.ts';
import type { Database } from '../../storage/database/database.ts';
import { type SQL, and, desc, eq, gte, inArray, isNull, lt } from '../../storage/drizzle/queries.ts';
import type { StoredEvent } from './event.ts';
import { events } from './schema.ts';

export interface EventFilter {
  readonly kind?: string | undefined;
  readonly severity?: string | undefined;
  readonly subject?: string | undefined;
  /** Inclusive. */
  readonly since?: Date | undefined;
  /** Exclusive. */
  readonly until?: Date | undefined;
}

/** An event with its evidence as JSON text, as it goes to the database. */
export interface EventRow extends Omit<StoredEvent, 'evidence' | 'resolvedAt'> {
  readonly evidence: string;
}

/** Which events there were. Every call throws storage_unavailable where the database does not answer. */
export class EventStore {
  readonly #orm: Database['orm'];

  constructor({ orm }: Pick<Database, 'orm'>) {
    this.#orm = orm;
  }

  /** False where one with its dedupe key is there and not over. */
  async add(row: EventRow): Promise<boolean> {
    const query = this.#orm.insert(events).values(row).onConflictDoNothing();
    return (await asked(query.returning({ id: events.id }))).length > 0;
  }

  /** False where nothing under this key is unresolved. */
  async resolve(dedupe: string, at: Date): Promise<boolean> {
    const open = and(eq(events.dedupe, dedupe), isNull(events.resolvedAt));
    const query = this.#orm.update(events).set({ resolvedAt: at }).where(open);
    return (await asked(query.returning({ id: events.id }))).length > 0;
  }

  /** The newest first, at most `limit`, from the position on. */
  list(filter: EventFilter, limit: number, after?: ListPosition): Promise<StoredEvent[]> {
    const query = this.#orm
      .select()
      .from(events)
      .where(and(...conditionsOf(filter), after && comesAfter(events.at, events.id, after)))
      .orderBy(desc(events.at), desc(events.id))
      .limit(limit);
    return asked(query);
  }

  /** Those of a kind that nobody has said are over, the newest first, at most `limit`. */
  open(kind: string, limit: number): Promise<StoredEvent[]> {
    const unresolved = and(eq(events.kind, kind), isNull(events.resolvedAt));
    return asked(this.#orm.select().from(events).where(unresolved).orderBy(desc(events.at)).limit(limit));
  }

  /** Deletes the oldest of a kind from before a time, at most `limit`. @returns how many */
  async expire(kind: string, before: Date, limit: number): Promise<number> {
    const old = this.#orm
      .select({ id: events.id })
      .from(events)
      .where(and(lt(events.at, before), eq(events.kind, kind)))
      .orderBy(events.at)
      .limit(limit);
    const query = this.#orm.delete(events).where(inArray(events.id, old));
    return (await asked(query.returning({ id: events.id }))).length;
  }
}

function conditionsOf({ kind, severity, subject, since, until }: EventFilter): (SQL | undefined)[] {
  return [
    kind === undefined ? undefined : eq(events.kind, kind),
    severity === undefined ? undefined : eq(events.severity, severity),
    subject === undefined ? undefined : eq(events.subject, subject),
    since && gte(events.at, since),
    until && lt(events.at, until),
  ];
}
