import { type SQL, getTableColumns, sql } from '../../storage/drizzle/queries.ts';
import { SAVED_COLUMNS } from '../traces/bookings.ts';
import { savingsSlots } from '../traces/schema.ts';
import { DIMENSION_COLUMNS, isAfter, list, periodOf, within } from '../traces/statement-parts-store.ts';
import type { UsagePiece } from '../traces/usage-pieces.ts';
import type { SavingsDimension, SavingsFilter, SavingsGroup } from './savings-question.ts';

/** What is summed, over which pieces of time. */
export interface SavingsCut {
  readonly by: readonly SavingsGroup[];
  readonly filter: SavingsFilter;
  readonly pieces: readonly UsagePiece[];
  /** Where the parts of time begin that are grouped by, epoch milliseconds; none where it is not grouped by time. */
  readonly starts: readonly number[];
}

const COLUMNS = getTableColumns(savingsSlots);
const SUMS = SAVED_COLUMNS.map((column) => ({ column, name: COLUMNS[column].name }));
const NAMES = SUMS.map(({ name }) => sql.raw(name));

/**
 * The statement that sums savings: `g0`, `g1`, … for what is grouped by (a part of time as its index), and the sums by
 * their names, as texts, since no number is too long for one.
 * @param after the groups of the last row of the page before
 */
export function savingsStatement(
  cut: SavingsCut,
  limit: number,
  after: readonly (string | number | null)[] | undefined,
): SQL {
  const sources = cut.pieces.map((piece) => (piece.source === 'traces' ? ofTraces(cut, piece) : ofSums(cut, piece)));
  const groups = cut.by.map((_, at) => sql.raw(`g${at}`));
  const sums = SUMS.map(({ column, name }) => sql.raw(`coalesce(sum(${name}), 0)::text as "${column}"`));
  return sql`select ${list([...groups, ...sums])} from (${sql.join(sources, sql` union all `)}) as part
    where ${after ? isAfter(after) : sql`true`}
    ${groups.length === 0 ? sql`` : sql`group by ${list(groups)} order by ${list(groups)}`} limit ${limit}`;
}

function ofSums(cut: SavingsCut, piece: UsagePiece): SQL {
  const table = sql.raw(piece.source === 'days' ? 'savings_days' : 'savings_slots');
  return sql`select ${list([...groupsOf(cut, 'named', 'slot'), ...NAMES])} from ${table} as saved
    join usage_series as named on named.id = saved.series
    where ${within('slot', piece)} and ${isMeant(cut, 'named')}`;
}

/** Traces of slots that the time cuts: of each what it added to the sums, as `sumsOfBooking` says. */
function ofTraces(cut: SavingsCut, piece: UsagePiece): SQL {
  return sql`select ${list(groupsOf(cut, 'trace', 'trace.started_at'))}${sql.raw(cut.by.length > 0 ? ',' : '')}
      case when "onlyCost" then 0 else 1 end as requests,
      "nanoUsd" as saved_nano_usd, "inputTokens" as input_tokens, "outputTokens" as output_tokens,
      "unknown"::int as unknown_requests
    from traces as trace cross join lateral json_to_recordset(trace.savings)
      as saved (mechanism text, "nanoUsd" bigint, "unknown" boolean, "inputTokens" bigint, "outputTokens" bigint,
        "onlyCost" boolean)
    where ${within('trace.started_at', piece)} and ${isMeant(cut, 'trace')}`;
}

function groupsOf({ by, starts }: SavingsCut, names: string, time: string): SQL[] {
  return by.map((group, at) => {
    const name = sql.raw(`g${at}`);
    return isDimension(group) ? sql`${columnOf(group, names)} as ${name}` : sql`${periodOf(time, starts)} as ${name}`;
  });
}

function isMeant({ filter }: SavingsCut, names: string): SQL {
  const conditions: SQL[] = [sql`true`];
  for (const [dimension, value] of Object.entries(filter)) {
    if (value !== undefined && isDimension(dimension)) conditions.push(sql`${columnOf(dimension, names)} = ${value}`);
  }
  return sql.join(conditions, sql` and `);
}

function columnOf(dimension: SavingsDimension, names: string): SQL {
  return sql.raw(dimension === 'mechanism' ? 'saved.mechanism' : `${names}.${DIMENSION_COLUMNS[dimension]}`);
}

function isDimension(group: string): group is SavingsDimension {
  return group === 'mechanism' || group in DIMENSION_COLUMNS;
}
