import type { Clock } from '../../core/clock.ts';
import type { Json } from '../../core/json.ts';
import { asked } from '../../storage/database/asked.ts';
import { storableJson, storableText } from '../../storage/database/storable.ts';
import { type SQL, and, asc, eq, sql } from '../../storage/drizzle/queries.ts';
import { type Orm, change } from '../../storage/revisions/revision-store.ts';
import type { RolloutKind } from './definition.ts';
import { rolloutTallies, rollouts } from './schema.ts';

/** A definition of the admin API, or the state of one of the file. */
export interface RolloutRow {
  readonly kind: RolloutKind;
  readonly id: string;
  /** As it was sent; null where it stands in the file. */
  readonly definition: Json | null;
  readonly state: Json | null;
  readonly stateVersion: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What is tried, and how it stands. Every call throws storage_unavailable where the database does not answer. */
export interface RolloutStore {
  /** All, by kind and id. */
  list(): Promise<RolloutRow[]>;
  /** Makes it, or replaces its definition; its state stays. */
  put(kind: RolloutKind, id: string, definition: Json): Promise<void>;
  /** With all that was counted of it. False where there is none. */
  delete(kind: RolloutKind, id: string): Promise<boolean>;
  /**
   * Replaces the state, where it still is the one that was read.
   * @param version of the state that the new one was made of; 0 where there was none
   * @returns false where somebody else was first
   */
  setState(kind: RolloutKind, id: string, version: number, state: Json): Promise<boolean>;
}

export class PostgresRolloutStore implements RolloutStore {
  readonly #orm: Orm;
  readonly #clock: Clock;

  constructor(orm: Orm, clock: Clock) {
    this.#orm = orm;
    this.#clock = clock;
  }

  async list(): Promise<RolloutRow[]> {
    const rows = await asked(this.#orm.select().from(rollouts).orderBy(asc(rollouts.kind), asc(rollouts.id)));
    return rows.map((row) => ({ ...row, definition: asWritten(row.definition), state: row.state as Json | null }));
  }

  async put(kind: RolloutKind, id: string, definition: Json): Promise<void> {
    const written = json(storableJson(definition));
    const now = this.#now();
    await change(this.#orm, 'rollouts', (transaction) =>
      transaction
        .insert(rollouts)
        .values({ kind, id, definition: written, createdAt: now, updatedAt: now })
        .onConflictDoUpdate({ target: [rollouts.kind, rollouts.id], set: { definition: written, updatedAt: now } }),
    );
  }

  async delete(kind: RolloutKind, id: string): Promise<boolean> {
    const name = storableText(id);
    const gone = await change(this.#orm, 'rollouts', async (transaction) => {
      await transaction.delete(rolloutTallies).where(and(eq(rolloutTallies.kind, kind), eq(rolloutTallies.id, name)));
      const own = and(eq(rollouts.kind, kind), eq(rollouts.id, name));
      return transaction.delete(rollouts).where(own).returning({ id: rollouts.id });
    });
    return gone.length > 0;
  }

  async setState(kind: RolloutKind, id: string, version: number, state: Json): Promise<boolean> {
    const written = json(state);
    const now = this.#now();
    const next = { state: written, stateVersion: sql`${rollouts.stateVersion} + 1`, updatedAt: now };
    const isAsRead = eq(rollouts.stateVersion, version);
    const done = await change(this.#orm, 'rollouts', async (transaction) => {
      if (version > 0) {
        const own = and(eq(rollouts.kind, kind), eq(rollouts.id, id), isAsRead);
        return transaction.update(rollouts).set(next).where(own).returning({ id: rollouts.id });
      }
      return transaction
        .insert(rollouts)
        .values({ kind, id, definition: null, state: written, stateVersion: 1, createdAt: now, updatedAt: now })
        .onConflictDoUpdate({ target: [rollouts.kind, rollouts.id], set: next, setWhere: isAsRead })
        .returning({ id: rollouts.id });
    });
    return done.length > 0;
  }

  #now(): Date {
    return new Date(this.#clock.now());
  }
}

/** A definition is kept as text: the order of arms, of which the first is the control, is lost otherwise. */
function asWritten(stored: unknown): Json | null {
  return typeof stored === 'string' ? (JSON.parse(stored) as Json) : (stored as Json | null);
}

/** The column would write it as JSON once more. */
function json(value: Json): SQL {
  return sql`${storableJson(value)}::jsonb`;
}
