import { DAY_MS } from '../../../core/units.ts';
import { asked } from '../../../storage/database/asked.ts';
import type { Database } from '../../../storage/database/database.ts';
import { LATEST_MS } from '../../../storage/database/storable.ts';
import { sql } from '../../../storage/drizzle/queries.ts';
import type { PartitionDay } from '../stretches.ts';

/** One day of the traces of one retention class. */
export interface Partition {
  /** Of its table. */
  readonly name: string;
  readonly retentionClass: string;
  /** When its day begins, epoch milliseconds. */
  readonly day: number;
  /** With its indexes and long texts. */
  readonly bytes: number;
}

/** How the names end that `traces_partition` of the database gives. */
const DAY = /(\d{4})(\d\d)(\d\d)$/;

/** The days are in the names of the tables, so none of these is opened. */
const LEAVES = sql`from pg_inherits as upper join pg_class as family on family.oid = upper.inhrelid
  join pg_inherits as lower on lower.inhparent = family.oid join pg_class as leaf on leaf.oid = lower.inhrelid
  where upper.inhparent = 'traces'::regclass`;

interface PartitionRow extends Record<string, unknown> {
  readonly name: string;
  readonly class: string | null;
  readonly bytes: string | number;
}

/** The oldest first. @throws storage_unavailable */
export async function partitionsOf({ orm }: Pick<Database, 'orm'>): Promise<Partition[]> {
  const { rows } = await asked(
    orm.execute<PartitionRow>(sql`
      select leaf.relname as name, obj_description(family.oid, 'pg_class') as class,
        pg_total_relation_size(leaf.oid) as bytes ${LEAVES} order by right(leaf.relname, 8), leaf.relname`),
  );
  return rows.flatMap((row) => {
    const day = dayOfName(row.name);
    const bytes = Number(row.bytes ?? 0);
    return day === undefined ? [] : [{ name: row.name, retentionClass: row.class ?? '', day, bytes }];
  });
}

/** The days of which there are partitions, the oldest first. @throws storage_unavailable */
export async function daysOf(orm: Pick<Database['orm'], 'execute'>): Promise<PartitionDay[]> {
  const { rows } = await asked(
    orm.execute<{ day: string; partitions: number }>(sql`
      select right(leaf.relname, 8) as day, count(*)::int as partitions ${LEAVES} group by 1 order by 1`),
  );
  return rows.flatMap((row) => {
    const from = dayOfName(row.day);
    if (from === undefined) return [];
    return [{ from, until: Math.min(from + DAY_MS, LATEST_MS + 1), partitions: row.partitions }];
  });
}

function dayOfName(name: string): number | undefined {
  const [, year, month, day] = DAY.exec(name) ?? [];
  return day === undefined ? undefined : Date.parse(`${year}-${month}-${day}T00:00:00Z`);
}
