import { DAY_MS } from '../../core/units.ts';
import { asked } from '../../storage/database/asked.ts';
import type { Database } from '../../storage/database/database.ts';
import { type SQL, sql } from '../../storage/drizzle/queries.ts';
import { SLOT_MS } from '../traces/rollup-batch.ts';
import {
  FAILING,
  type FacetField,
  MOST_VALUES,
  RECENT,
  RECENT_FAILURES,
  RECENT_TRACES,
  SUMMED,
  isFailing,
  isRecent,
  isSummed,
} from './fields.ts';

export interface FacetQuestion {
  readonly fields: readonly FacetField[];
  readonly since: Date;
  /** Exclusive; now where absent. */
  readonly until?: Date | undefined;
  readonly project?: string | undefined;
}

export interface FacetValue {
  readonly value: string;
  readonly requests: number;
}

/** The values of each field, the most frequent first; one more than are shown where there are more. */
export type Facets = ReadonlyMap<FacetField, readonly FacetValue[]>;

type Queries = Pick<Database, 'orm'>;

interface Row extends Record<string, unknown> {
  readonly field: FacetField;
  readonly value: string;
  readonly requests: number;
}

/** Longer times are read of the sums of days: there are fewer, and that the first is counted whole does not matter. */
const LONGEST_OF_SLOTS_MS = DAY_MS / 2;

/** @throws storage_unavailable */
export async function readFacets({ orm }: Queries, question: FacetQuestion): Promise<Facets> {
  const facets = new Map<FacetField, FacetValue[]>(question.fields.map((field) => [field, []]));
  const statements = [
    summedStatement(question, question.fields.filter(isSummed)),
    recentStatement(question, question.fields.filter(isRecent)),
    failingStatement(question, question.fields.filter(isFailing)),
  ];
  for (const statement of statements) {
    if (!statement) continue;
    const { rows } = await asked(orm.execute<Row>(statement));
    for (const { field, value, requests } of rows) facets.get(field)?.push({ value, requests });
  }
  return facets;
}

/** Sums of whole slots or days: the first and the last are counted whole. */
function summedStatement({ since, until, project }: FacetQuestion, fields: readonly (keyof typeof SUMMED)[]) {
  if (fields.length === 0) return undefined;
  const end = until?.getTime() ?? Date.now();
  const isShort = end - since.getTime() <= LONGEST_OF_SLOTS_MS;
  const [table, unit] = isShort ? [sql`usage_slots`, SLOT_MS] : [sql`usage_days`, DAY_MS];
  const from = new Date(Math.floor(since.getTime() / unit) * unit).toISOString();
  const before = until ? sql` and slot < ${until.toISOString()}::timestamptz` : sql``;
  const ofProject = project === undefined ? sql`` : sql` and named.project = ${project}`;
  return sql`with summed as materialized (
      select series, sum(requests::float8) as requests from ${table}
      where slot >= ${from}::timestamptz${before} group by series
    ), found as materialized (
      select named.*, summed.requests from summed join usage_series as named on named.id = summed.series
      where named.scope <> 'attempt'${ofProject}
    ) ${countedIn(fields, SUMMED, sql`sum(requests)`)}`;
}

function recentStatement(question: FacetQuestion, fields: readonly (keyof typeof RECENT)[]): SQL | undefined {
  if (fields.length === 0) return undefined;
  return sql`with found as materialized (
      select ${columnsOf(fields, RECENT)} from traces where ${within(question)}
      order by started_at desc limit ${RECENT_TRACES}
    ) ${countedIn(fields, RECENT, sql`count(*)`)}`;
}

function failingStatement(question: FacetQuestion, fields: readonly (keyof typeof FAILING)[]): SQL | undefined {
  if (fields.length === 0) return undefined;
  const statuses = ['failed', 'aborted'].map(
    (status) => sql`(select ${columnsOf(fields, FAILING)} from traces
      where status <> 'completed' and status = ${sql.raw(`'${status}'`)} and ${within(question)}
      order by started_at desc limit ${RECENT_FAILURES})`,
  );
  return sql`with found as materialized (${sql.join(statuses, sql` union all `)})
    ${countedIn(fields, FAILING, sql`count(*)`)}`;
}

function within({ since, until, project }: FacetQuestion): SQL {
  return sql.join(
    [
      sql`started_at >= ${since.toISOString()}::timestamptz`,
      ...(until ? [sql`started_at < ${until.toISOString()}::timestamptz`] : []),
      ...(project === undefined ? [] : [sql`project = ${project}`]),
    ],
    sql` and `,
  );
}

function columnsOf<Field extends string>(fields: readonly Field[], columns: Readonly<Record<Field, string>>): SQL {
  return sql.raw(fields.map((field) => columns[field]).join(', '));
}

/** The values of each field in what was found, those of most requests first. */
function countedIn<Field extends string>(
  fields: readonly Field[],
  columns: Readonly<Record<Field, string>>,
  counted: SQL,
): SQL {
  const parts = fields.map((field) => {
    const column = sql.raw(columns[field]);
    return sql`(select ${sql.raw(`'${field}'`)} as field, ${column} as value, (${counted})::float8 as requests from found
      where ${column} is not null group by ${column} order by requests desc, value limit ${MOST_VALUES + 1})`;
  });
  return sql.join(parts, sql` union all `);
}
