import { type SQL, getTableColumns, sql } from '../../storage/drizzle/queries.ts';
import { SUM_COLUMNS } from './rollup-shares.ts';
import { usageSlots } from './schema.ts';
import { DIMENSION_COLUMNS, isAfter, isDimension, list, periodOf, within } from './statement-parts-store.ts';
import type { UsagePiece } from './usage-pieces.ts';
import type { UsageDimension, UsageGroup } from './usage-question.ts';

/** What is summed, over which pieces of time. */
export interface UsageCut {
  readonly by: readonly UsageGroup[];
  readonly filter: { readonly [Dimension in UsageDimension]?: string | undefined };
  readonly pieces: readonly UsagePiece[];
  /** Where the parts of time begin that are grouped by, epoch milliseconds; none where it is not grouped by time. */
  readonly starts: readonly number[];
}

const SLOT_COLUMNS = getTableColumns(usageSlots);
const SUMS = SUM_COLUMNS.map((column) => ({ column, name: SLOT_COLUMNS[column].name }));
/** Those that are 0, not null, where there is nothing. */
const NEVER_NULL = new Set<string>(['requests', 'costNanoUsd', 'costAssumedNanoUsd', 'costUnknownRequests']);

/**
 * The statement that sums usage. Numbers are added as floats: below 2^53 these are exact, beyond nobody gets an answer,
 * and they cost half of what whole numbers do.
 *
 * It gives `g0`, `g1`, … for what is grouped by (a part of time as its index), and the sums by their names.
 * @param after the groups of the last row of the page before
 */
export function usageStatement(
  cut: UsageCut,
  limit: number,
  after: readonly (string | number | null)[] | undefined,
): SQL {
  const sources = [...sumsSource(cut), ...tracesSources(cut)];
  const groups = cut.by.map((_, at) => sql.raw(`g${at}`));
  const sums = SUMS.map(({ column, name }) => {
    return sql.raw(`${NEVER_NULL.has(column) ? `coalesce(sum(${name}), 0)` : `sum(${name})`} as "${column}"`);
  });
  return sql`select ${list([...groups, ...sums])} from (${sql.join(sources, sql` union all `)}) as part
    where ${after ? isAfter(after) : sql`true`}
    ${groups.length === 0 ? sql`` : sql`group by ${list(groups)} order by ${list(groups)}`} limit ${limit}`;
}

/** What is read of the sums: few rows for each series, which then get their names. */
function sumsSource(cut: UsageCut): SQL[] {
  const pieces = cut.pieces.filter(({ source }) => source !== 'traces').map((piece) => sumsPiece(cut, piece));
  if (pieces.length === 0) return [];
  const groups = cut.by.map((group, at) =>
    isDimension(group) ? sql.raw(`named.${DIMENSION_COLUMNS[group]} as g${at}`) : sql.raw(`period as g${at}`),
  );
  const sums = SUMS.map(({ name }) => sql.raw(name));
  return [
    sql`select ${list([...groups, ...sums])} from (${sql.join(pieces, sql` union all `)}) as piece
      join usage_series as named on named.id = piece.series where ${isMeant(cut, 'named', 'named')}`,
  ];
}

function sumsPiece(cut: UsageCut, piece: UsagePiece): SQL {
  const table = sql.raw(piece.source === 'days' ? 'usage_days' : 'usage_slots');
  const isFiltered = Object.values(cut.filter).some((value) => value !== undefined);
  const where = isFiltered
    ? sql`${within('slot', piece)} and series in (select id from usage_series as one where ${isMeant(cut, 'one', 'one')})`
    : within('slot', piece);
  if (cut.starts.length > 0) {
    const sums = SUMS.map(({ name }) => sql.raw(`${name}::float8 as ${name}`));
    return sql`select series, ${periodOf('slot', cut.starts)} as period, ${list(sums)} from ${table} where ${where}`;
  }
  const sums = SUMS.map(({ name }) => sql.raw(`sum(${name}::float8) as ${name}`));
  return sql`select series, ${list(sums)} from ${table} where ${where} group by series`;
}

/** Traces of slots that the time cuts, each as what it adds to the sums. */
function tracesSources(cut: UsageCut): SQL[] {
  const groups = cut.by.map((group, at) => {
    if (!isDimension(group)) return sql`${periodOf('trace.started_at', cut.starts)} as ${sql.raw(`g${at}`)}`;
    return sql.raw(`${group === 'target' ? 'share' : 'trace'}.${DIMENSION_COLUMNS[group]} as g${at}`);
  });
  const sums = SUMS.map(({ name }, at) => sql.raw(`share.sums[${at + 1}]::float8 as ${name}`));
  return cut.pieces
    .filter(({ source }) => source === 'traces')
    .map(
      (piece) => sql`select ${list([...groups, ...sums])} from traces as trace
        cross join lateral usage_shares(trace.attempts, trace.target, trace.cost_known, array[1, trace.input_tokens,
          trace.output_tokens, trace.cache_read_input_tokens, trace.cache_creation_input_tokens,
          trace.reasoning_output_tokens, trace.cost_nano_usd, trace.cost_assumed_nano_usd,
          (not trace.cost_known)::int]) as share
        where ${within('trace.started_at', piece)} and ${isMeant(cut, 'trace', 'share')}`,
    );
}

/** Sums of attempts where targets are asked for, else those of whole requests; and what the filters say. */
function isMeant({ by, filter }: UsageCut, names: string, shares: string): SQL {
  const ofAttempts = by.includes('target') || filter.target !== undefined;
  const conditions = [sql`${sql.raw(`${shares}.scope`)} <> ${ofAttempts ? 'request' : 'attempt'}`];
  for (const [dimension, value] of Object.entries(filter) as [UsageDimension, string | undefined][]) {
    if (value === undefined) continue;
    const column = `${dimension === 'target' ? shares : names}.${DIMENSION_COLUMNS[dimension]}`;
    conditions.push(sql`${sql.raw(column)} = ${value}`);
  }
  return sql.join(conditions, sql` and `);
}
