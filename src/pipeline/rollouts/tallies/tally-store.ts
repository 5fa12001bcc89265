import type { Clock } from '../../../core/clock.ts';
import type { Json } from '../../../core/json.ts';
import { asked } from '../../../storage/database/asked.ts';
import { storableJson } from '../../../storage/database/storable.ts';
import { type SQL, and, eq, lt, ne, notExists, or, sql } from '../../../storage/drizzle/queries.ts';
import type { Orm } from '../../../storage/revisions/revision-store.ts';
import type { RolloutKind } from '../definition.ts';
import { rolloutTallies, rollouts } from '../schema.ts';
import { FOLDED, foldedRows } from './fold-rows.ts';
import type { ReplicaRow } from './run-sums.ts';

/** One run of something that is tried. */
export interface RunName {
  readonly kind: RolloutKind;
  readonly id: string;
  readonly run: string;
}

/** What one replica saw of an arm in a part of a run, in which shares did not change. */
export interface TallyRow extends RunName {
  readonly arm: string;
  readonly step: number;
  readonly sums: Json;
}

/** What a replica writes. */
export interface SavedRow extends TallyRow {
  /** This replica wrote it before. */
  readonly isStored?: boolean;
}

/** Names a row of a replica. */
export type TallyName = Omit<TallyRow, 'sums'>;

/** Sums of all replicas, in the database. Every call throws storage_unavailable where it does not answer. */
export interface TallyStore {
  /**
   * Writes this replica's sums, whole, in place of those that it wrote before. Each arm and step once.
   * @returns those that it wrote before and that are no longer there: nothing is written in their place
   */
  save(replica: string, rows: readonly SavedRow[]): Promise<TallyName[]>;
  /** Adds up what was last written before a time, and so by nobody who is still there. @returns how many rows, at most `limit` */
  fold(beforeMs: number, limit: number): Promise<number>;
  /** Of these runs, of all replicas. */
  of(runs: readonly RunName[]): Promise<(TallyRow & { readonly replica: string })[]>;
  /** Deletes what was last written before a time, or of what there is no more, but not of these runs. @returns how many, at most `limit` */
  deleteOld(beforeMs: number, but: readonly RunName[], limit: number): Promise<number>;
}

const COLUMNS = ['kind', 'id', 'run', 'arm', 'step', 'replica'] as const;
const KEY = Object.fromEntries(COLUMNS.map((name) => [name, rolloutTallies[name]]));
const KEY_COLUMNS = COLUMNS.map((name) => rolloutTallies[name]);
const KEY_LIST = sql.join(KEY_COLUMNS, sql`, `);

export class PostgresTallyStore implements TallyStore {
  readonly #orm: Orm;
  readonly #clock: Clock;

  constructor(orm: Orm, clock: Clock) {
    this.#orm = orm;
    this.#clock = clock;
  }

  async save(replica: string, rows: readonly SavedRow[]): Promise<TallyName[]> {
    return rows.length === 0 ? [] : asked(this.#save(this.#orm, replica, rows));
  }

  async fold(beforeMs: number, limit: number): Promise<number> {
    const { kind, replica, updatedAt } = rolloutTallies;
    // The sums of shadows are of another form, and written only where they have changed.
    const isSilent = and(ne(kind, 'shadow'), ne(replica, FOLDED), lt(updatedAt, new Date(beforeMs)));
    return asked(
      this.#orm.transaction(async (transaction) => {
        // Two that fold at once would both add to what was there before.
        await transaction.execute(sql`lock table ${rolloutTallies} in share row exclusive mode`);
        const silent = transaction
          .select(KEY)
          .from(rolloutTallies)
          .where(isSilent)
          .orderBy(...KEY_COLUMNS)
          .limit(limit);
        // Once more: its replica may have come back since.
        const isStillSilent = and(isSilent, sql`(${KEY_LIST}) in ${silent}`);
        const gone = await transaction.delete(rolloutTallies).where(isStillSilent).returning();
        if (gone.length === 0) return 0;
        const runs = [
          ...new Map(
            gone.map((row) => [`${row.kind} ${row.id} ${row.run}`, { kind: row.kind, id: row.id, run: row.run }]),
          ).values(),
        ];
        const before = await transaction
          .select()
          .from(rolloutTallies)
          .where(and(eq(replica, FOLDED), anyOf(runs)));
        await this.#save(transaction, FOLDED, foldedRows([...before, ...gone].map(rowOf)));
        return gone.length;
      }),
    );
  }

  async #save(orm: Pick<Orm, 'execute'>, replica: string, rows: readonly SavedRow[]): Promise<TallyName[]> {
    const list = (of: (row: SavedRow) => string | number | boolean): SQL => sql`${sql.param(rows.map(of))}`;
    const now = new Date(this.#clock.now()).toISOString();
    const done = await orm.execute<{ at: string }>(sql`
      with rows as (
        select * from unnest(
          ${list(({ kind }) => kind)}::text[], ${list(({ id }) => id)}::text[], ${list(({ run }) => run)}::text[],
          ${list(({ arm }) => arm)}::text[], ${list(({ step }) => step)}::bigint[],
          ${list(({ sums }) => storableJson(sums))}::jsonb[], ${list(({ isStored = false }) => isStored)}::boolean[]
        ) with ordinality as rows (kind, id, run, arm, step, sums, is_stored, at)
      ), renewed as (
        update ${rolloutTallies} as stored set sums = rows.sums, updated_at = ${now}::timestamptz
        from rows
        where rows.is_stored and stored.replica = ${replica}::text and (stored.kind, stored.id, stored.run, stored.arm,
          stored.step) = (rows.kind, rows.id, rows.run, rows.arm, rows.step)
        returning rows.at
      ), made as (
        insert into ${rolloutTallies} (kind, id, run, arm, step, replica, sums, updated_at)
        select kind, id, run, arm, step, ${replica}::text, sums, ${now}::timestamptz from rows where not is_stored
        on conflict (kind, id, run, arm, step, replica)
          do update set sums = excluded.sums, updated_at = excluded.updated_at
      )
      select at from rows where is_stored and at not in (select at from renewed)`);
    return done.rows.flatMap(({ at }) => rows[Number(at) - 1] ?? []);
  }

  async of(runs: readonly RunName[]): Promise<(TallyRow & { readonly replica: string })[]> {
    if (runs.length === 0) return [];
    const rows = await asked(
      this.#orm
        .select()
        .from(rolloutTallies)
        .where(anyOf(runs))
        .orderBy(...KEY_COLUMNS),
    );
    return rows.map(rowOf);
  }

  async deleteOld(beforeMs: number, but: readonly RunName[], limit: number): Promise<number> {
    // A replica that has not heard yet of a deletion may write after it.
    const named = and(eq(rollouts.kind, rolloutTallies.kind), eq(rollouts.id, rolloutTallies.id));
    const isDeleted = notExists(this.#orm.select({ id: rollouts.id }).from(rollouts).where(named));
    const isOld = or(lt(rolloutTallies.updatedAt, new Date(beforeMs)), isDeleted);
    const kept = anyOf(but);
    const old = this.#orm
      .select(KEY)
      .from(rolloutTallies)
      .where(and(isOld, kept && sql`not (${kept})`))
      .limit(limit);
    const gone = await asked(this.#orm.delete(rolloutTallies).where(sql`(${KEY_LIST}) in ${old}`));
    return gone.rowCount ?? 0;
  }
}

function anyOf(runs: readonly RunName[]): SQL | undefined {
  const { kind, id, run } = rolloutTallies;
  return or(...runs.map((one) => and(eq(kind, one.kind), eq(id, one.id), eq(run, one.run))));
}

function rowOf({ kind, id, run, arm, step, replica, sums }: typeof rolloutTallies.$inferSelect): ReplicaRow {
  return { kind, id, run, arm, step, replica, sums: sums as Json };
}
