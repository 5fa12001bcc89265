import { type SQL, sql } from '../../storage/drizzle/queries.ts';
import { list } from '../traces/statement-parts-store.ts';
import { COUNTED, type Level, OVERVIEW_COLUMNS } from './overview-columns.ts';
import type { OverviewPiece, OverviewWindow } from './overview-window.ts';
import { piecesOf } from './overview-window.ts';

/** Whose requests are asked about; everybody's where it says nothing. */
export interface OverviewFilter {
  readonly project?: string | undefined;
  readonly model?: string | undefined;
}

const COUNTS = COUNTED.map((key) => OVERVIEW_COLUMNS[key].name);

/** Those of failed requests that are the fault of whoever serves. */
const FAULTS = 'provider_errors + gateway_errors';

/** What is asked of the sums of one table. */
interface Reading {
  readonly columns: SQL;
  readonly levels: readonly Level[];
  readonly filter: OverviewFilter;
}

/**
 * What happened in each point of a window: `point`, the counts by the names of their columns, and the times as
 * `bin:count`. Numbers are added as floats, as those of usage are.
 * @param pointMs how long a point is
 */
export function pointsStatement(window: OverviewWindow, filter: OverviewFilter, pointMs = window.unitMs): SQL {
  const since = sql`extract(epoch from slot)::bigint - ${window.from / 1000}::bigint`;
  const point = sql`((${since}) / ${pointMs / 1000}::bigint)::int as point`;
  const columns = list([point, sql.raw([...COUNTS, 'latency', 'ttft'].join(', '))]);
  const counts = COUNTS.map((name) => sql.raw(`sum(${name}::float8) as ${name}`));
  return sql`with part as materialized (${parts(piecesOf(window), { columns, levels: [levelOf(filter)], filter })}),
    counted as (select point, ${list(counts)} from part group by point)
    select counted.*, latencies.bins as latency, ttfts.bins as ttft from counted
      left join (${binsOf('latency')}) as latencies using (point)
      left join (${binsOf('ttft')}) as ttfts using (point)`;
}

/** The counts of each bin, as one text a point. */
function binsOf(column: 'latency' | 'ttft'): SQL {
  return sql.raw(`select point, string_agg(bin || ':' || n, ' ') as bins from (
      select point, ${column}[1] + at - 1 as bin, sum(one) as n
      from part cross join lateral unnest(${column}[2:]) with ordinality as counts (one, at)
      where one > 0 group by 1, 2
    ) as summed group by point`);
}

export type Dimension = 'model' | 'project' | 'target' | 'error';

/** By what it can be told who did it, where so much is given. */
export function dimensionsOf({ project, model }: OverviewFilter): Partial<Record<Dimension, Level>> {
  if (project !== undefined && model !== undefined) return { error: 'project+model+error' };
  // A target is not a project's own: it is nobody else's business how much others ask of it.
  if (project !== undefined) return { model: 'project+model', error: 'project+error' };
  if (model !== undefined) return { project: 'project+model', target: 'model+target', error: 'model+error' };
  return { model: 'model', project: 'project', target: 'target', error: 'error' };
}

/** What each name had in a window and in the one before: `level`, `name`, `is_before` and three sums. */
export function namesStatement(window: OverviewWindow, before: OverviewWindow, filter: OverviewFilter): SQL {
  const dimensions = Object.entries(dimensionsOf(filter)) as [Dimension, Level][];
  const cases = dimensions.map(([dimension, level]) => sql`when ${level} then ${sql.raw(nameColumn(dimension))}`);
  const levels = dimensions.map(([, level]) => level);
  const of = (one: OverviewWindow, isBefore: boolean) => {
    const columns = sql`level, case level ${sql.join(cases, sql` `)} end as name, ${isBefore}::boolean as is_before,
      requests, ${sql.raw(FAULTS)} as errors, cost_nano_usd`;
    return parts(piecesOf(one), { columns, levels, filter });
  };
  return sql`select level, name, is_before, sum(requests::float8) as requests, sum(errors::float8) as errors,
      sum(cost_nano_usd::float8) as cost
    from (${of(window, false)} union all ${of(before, true)}) as part group by 1, 2, 3`;
}

function nameColumn(dimension: Dimension): string {
  return dimension === 'model' || dimension === 'project' ? dimension : 'subject';
}

function levelOf({ project, model }: OverviewFilter): Level {
  if (project !== undefined && model !== undefined) return 'project+model';
  if (project !== undefined) return 'project';
  return model === undefined ? 'all' : 'model';
}

function parts(pieces: readonly OverviewPiece[], { columns, levels, filter }: Reading): SQL {
  const conditions = [
    filter.project === undefined ? undefined : sql`project = ${filter.project}`,
    filter.model === undefined ? undefined : sql`model = ${filter.model}`,
  ].filter((one) => one !== undefined);
  const reads = pieces.map(({ table, from, until }) => {
    const within = sql`slot >= ${time(from)} and slot < ${time(until)}`;
    const where = sql.join([sql`level = any(${sql.param(levels)}::text[])`, within, ...conditions], sql` and `);
    return sql`select ${columns} from ${sql.raw(`overview_${table}`)} where ${where}`;
  });
  return sql.join(reads, sql` union all `);
}

function time(ms: number): SQL {
  return sql`${new Date(ms).toISOString()}::timestamptz`;
}
