import { type SQL, and, eq, lt, notExists, or, sql } from 'drizzle-orm';

import type { Clock } from '../../../core/clock.ts';
import type { Json } from '../../../core/json.ts';
import { asked } from '../../../storage/database/asked.ts';
import { storableJson } from '../../../storage/database/storable.ts';
import type { Orm } from '../../../storage/revisions/revision-store.ts';
import type { RolloutKind } from '../definition.ts';
import { rolloutTallies, rollouts } from '../schema.ts';

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

/** Sums of all replicas, in the database. Every call throws storage_unavailable where it does not answer. */
export interface TallyStore {
  /** Writes this replica's sums, whole, in place of those that it wrote before. Each arm and step once. */
  save(replica: string, rows: readonly TallyRow[]): Promise<void>;
  /** Of these runs, of all replicas. */
  of(runs: readonly RunName[]): Promise<(TallyRow & { readonly replica: string })[]>;
  /** Deletes what was last written before a time, or of what there is no more, but not of these runs. @returns how many, at most `limit` */
  deleteOld(beforeMs: number, but: readonly RunName[], limit: number): Promise<number>;
}

const COLUMNS = ['kind', 'id', 'run', 'arm', 'step', 'replica'] as const;

export class PostgresTallyStore implements TallyStore {
  readonly #orm: Orm;
  readonly #clock: Clock;

  constructor(orm: Orm, clock: Clock) {
    this.#orm = orm;
    this.#clock = clock;
  }

  async save(replica: string, rows: readonly TallyRow[]): Promise<void> {
    if (rows.length === 0) return;
    const list = (of: (row: TallyRow) => string | number): SQL => sql`${sql.param(rows.map(of))}`;
    const now = new Date(this.#clock.now()).toISOString();
    await asked(
      this.#orm.execute(sql`
        insert into ${rolloutTallies} (kind, id, run, arm, step, replica, sums, updated_at)
        select kind, id, run, arm, step, ${replica}::text, sums, ${now}::timestamptz
        from unnest(
          ${list(({ kind }) => kind)}::text[], ${list(({ id }) => id)}::text[], ${list(({ run }) => run)}::text[],
          ${list(({ arm }) => arm)}::text[], ${list(({ step }) => step)}::bigint[],
          ${list(({ sums }) => storableJson(sums))}::jsonb[]
        ) as rows (kind, id, run, arm, step, sums)
        on conflict (kind, id, run, arm, step, replica)
          do update set sums = excluded.sums, updated_at = excluded.updated_at`),
    );
  }

  async of(runs: readonly RunName[]): Promise<(TallyRow & { readonly replica: string })[]> {
    if (runs.length === 0) return [];
    const rows = await asked(this.#orm.select().from(rolloutTallies).where(anyOf(runs)));
    return rows.map(({ kind, id, run, arm, step, replica, sums }) => {
      return { kind, id, run, arm, step, replica, sums: sums as Json };
    });
  }

  async deleteOld(beforeMs: number, but: readonly RunName[], limit: number): Promise<number> {
    // A replica that has not heard yet of a deletion may write after it.
    const named = and(eq(rollouts.kind, rolloutTallies.kind), eq(rollouts.id, rolloutTallies.id));
    const isDeleted = notExists(this.#orm.select({ id: rollouts.id }).from(rollouts).where(named));
    const isOld = or(lt(rolloutTallies.updatedAt, new Date(beforeMs)), isDeleted);
    const kept = anyOf(but);
    const old = this.#orm
      .select(Object.fromEntries(COLUMNS.map((name) => [name, rolloutTallies[name]])))
      .from(rolloutTallies)
      .where(and(isOld, kept && sql`not (${kept})`))
      .limit(limit);
    const key = sql.join(
      COLUMNS.map((name) => rolloutTallies[name]),
      sql`, `,
    );
    const gone = await asked(this.#orm.delete(rolloutTallies).where(sql`(${key}) in ${old}`));
    return gone.rowCount ?? 0;
  }
}

function anyOf(runs: readonly RunName[]): SQL | undefined {
  const { kind, id, run } = rolloutTallies;
  return or(...runs.map((one) => and(eq(kind, one.kind), eq(id, one.id), eq(run, one.run))));
}
