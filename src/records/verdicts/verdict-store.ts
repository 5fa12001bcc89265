import { asked } from '../../storage/database/asked.ts';
import type { Database } from '../../storage/database/database.ts';
import { type SQL, lt, sql } from '../../storage/drizzle/queries.ts';
import { list } from '../traces/statement-parts-store.ts';
import { verdictSlots } from './schema.ts';
import { VERDICT_GROUPS, type VerdictGroup, type VerdictQuestion } from './verdict-question.ts';

/** How often each point had what one group is of. */
export interface VerdictSeries {
  /** The values that were grouped by, in the order asked for; empty where nobody is named. */
  readonly group: readonly string[];
  readonly total: number;
  /** By the index of the point; those without are not there. */
  readonly points: ReadonlyMap<number, number>;
}

export class VerdictStore {
  readonly #orm: Database['orm'];

  constructor({ orm }: Pick<Database, 'orm'>) {
    this.#orm = orm;
  }

  /** At most so many groups, those with the most verdicts first. @throws storage_unavailable */
  async series(question: VerdictQuestion, limit: number): Promise<VerdictSeries[]> {
    const { by } = question;
    const { rows } = await asked(this.#orm.execute(statementOf(question, limit)));
    return rows.map((row) => ({
      group: by.map((_, at) => String(row[`g${at}`])),
      total: Number(row['total']),
      points: pointsOf(String(row['points'])),
    }));
  }

  /** Deletes sums of slots that began before, at most so many. @returns how many. @throws storage_unavailable */
  async expire(before: Date, limit: number): Promise<number> {
    const old = this.#orm
      .select({ row: sql`ctid` })
      .from(verdictSlots)
      .where(lt(verdictSlots.slot, before))
      .limit(limit);
    const { rowCount } = await asked(
      this.#orm.execute(sql`delete from ${verdictSlots} where ctid = any(array(${old}))`),
    );
    return rowCount ?? 0;
  }
}

const COLUMNS: Readonly<Record<VerdictGroup, string>> = {
  guard: 'guard',
  verdict: 'outcome',
  policy: 'policy',
  place: 'place',
  project: 'project',
};

/** `g0`, `g1`, … for what is grouped by, `total`, and `points` as `index:count`, separated by spaces. */
function statementOf({ by, filter, from, until, unitMs }: VerdictQuestion, limit: number): SQL {
  const groups = by.map((group, at) => sql.raw(`${COLUMNS[group]} as g${at}`));
  const names = by.map((_, at) => sql.raw(`g${at}`));
  const since = sql`extract(epoch from slot)::bigint - ${from / 1000}::bigint`;
  const point = sql`((${since}) / ${unitMs / 1000}::bigint)::int as point`;
  const conditions = VERDICT_GROUPS.flatMap((group) => {
    const value = filter[group];
    return value === undefined ? [] : [sql`${sql.raw(COLUMNS[group])} = ${value}`];
  });
  const where = sql.join([sql`slot >= ${time(from)}`, sql`slot < ${time(until)}`, ...conditions], sql` and `);
  const ofPoints = sql`select ${list([...groups, point, sql`sum(verdicts) as n`])} from verdict_slots where ${where}
    group by ${list([...by.map((group) => sql.raw(COLUMNS[group])), sql.raw('point')])}`;
  return sql`select ${list([...names, sql`sum(n) as total`, sql`string_agg(point || ':' || n, ' ') as points`])}
    from (${ofPoints}) as counted group by ${list(names)} order by ${list([sql`total desc`, ...names])} limit ${limit}`;
}

function pointsOf(text: string): Map<number, number> {
  return new Map(
    text.split(' ').map((one): [number, number] => {
      const colon = one.indexOf(':');
      return [Number(one.slice(0, colon)), Number(one.slice(colon + 1))];
    }),
  );
}

function time(ms: number): SQL {
  return sql`${new Date(ms).toISOString()}::timestamptz`;
}
