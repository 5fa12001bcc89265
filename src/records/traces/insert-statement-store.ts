import { type JournalMove, moveParameters, moveStatement } from '../journal/position-store.ts';
import type { ModelNames } from '../overview/model-names.ts';
import { overviewOfBatch } from '../overview/overview-batch.ts';
import { OVERVIEW_MINUTES, OVERVIEW_SLOTS, overviewParameters } from '../overview/overview-sums-store.ts';
import { verdictsOfBatch } from '../verdicts/verdict-batch.ts';
import { VERDICT_SLOTS, verdictParameters } from '../verdicts/verdict-sums-store.ts';
import { type Series, usageOfBatch } from './rollup-batch.ts';
import {
  SAVINGS_DAYS,
  SAVINGS_SLOTS,
  type SumTable,
  USAGE_DAYS,
  USAGE_SLOTS,
  addSums,
  savingParameters,
  sumParameters,
} from './rollup-store.ts';
import type { StoredTrace } from './schema.ts';
import type { TraceRow } from './trace-row.ts';
import { TRACE_COLUMNS } from './written-columns.ts';

const COLUMN_KEYS = Object.keys(TRACE_COLUMNS) as (keyof StoredTrace)[];
const COLUMNS = COLUMN_KEYS.map((key) => TRACE_COLUMNS[key]);
const COLUMN_NAMES = COLUMNS.map(({ name }) => name).join(', ');
/** A list of lists would be one list in the end, so each of them comes as text. */
const GIVEN_TYPES = COLUMNS.map(({ type }) => (type.endsWith('[]') ? 'text' : type));
const GIVEN_VALUES = COLUMNS.map(({ name, type }) => `${name}::${type}`).join(', ');
const ROWS = COLUMN_KEYS.length + 1;

/** What is added to one table of sums: one array a column. */
interface Addition {
  readonly to: SumTable;
  readonly parameters: readonly unknown[][];
}

/** What a batch of traces adds to all sums. */
export interface BatchSums {
  readonly series: readonly Series[];
  /** The first is refused where a trace is there already. */
  readonly additions: readonly [Addition, ...Addition[]];
}

/** Tables to which nothing is to be added are left out, but for those to which every request adds. */
export function sumsOfBatch(rows: readonly TraceRow[], names: ModelNames): BatchSums {
  const { series, slots, days, savings } = usageOfBatch(rows);
  const overview = overviewOfBatch(rows, names);
  const verdicts = verdictsOfBatch(rows);
  const others: Addition[] = [{ to: USAGE_DAYS, parameters: sumParameters(days) }];
  if (savings.slots.length > 0) {
    others.push(
      { to: SAVINGS_SLOTS, parameters: savingParameters(savings.slots) },
      { to: SAVINGS_DAYS, parameters: savingParameters(savings.days) },
    );
  }
  others.push(
    { to: OVERVIEW_MINUTES, parameters: overviewParameters(overview.minutes) },
    { to: OVERVIEW_SLOTS, parameters: overviewParameters(overview.slots) },
  );
  if (verdicts.length > 0) others.push({ to: VERDICT_SLOTS, parameters: verdictParameters(verdicts) });
  return { series, additions: [{ to: USAGE_SLOTS, parameters: sumParameters(slots) }, ...others] };
}

/** The statements that there are, by what they add to: a few. */
const STATEMENTS = new Map<string, string>();

/**
 * Traces, and what they add to all sums, in one statement, so that all is written or nothing. One array a column: the
 * statement stays the same for any number of rows, and costs less than a place for each value.
 *
 * The sums are those of all rows, so all must be new: else there is no slot to add to, and the statement is refused.
 * With the journal's position, what is written and how far it was read never differ. Tables come in one order in all
 * of them, so that two replicas never wait for each other crosswise.
 */
export function insertStatement(
  rows: readonly TraceRow[],
  { additions }: BatchSums,
  move: JournalMove | undefined,
): { readonly text: string; readonly parameters: unknown[] } {
  const key = [...additions.map(({ to }) => to.table), move ? 'move' : ''].join(' ');
  let text = STATEMENTS.get(key);
  if (text === undefined) STATEMENTS.set(key, (text = statementText(additions, move !== undefined)));
  const columns = COLUMN_KEYS.map((column) => rows.map((row) => row[column]));
  const added = additions.flatMap(({ parameters }) => parameters);
  return { text, parameters: [...columns, rows.length, ...added, ...(move ? moveParameters(move) : [])] };
}

function statementText([checked, ...others]: BatchSums['additions'], moves: boolean): string {
  const slot = `case when (select count(*) from added) = $${ROWS} then slot end`;
  const whole = addSums(checked.to, ROWS + 1, slot);
  let first = ROWS + 1 + checked.parameters.length;
  const parts = [
    `added as (
      insert into traces (${COLUMN_NAMES})
      select ${GIVEN_VALUES} from unnest(${GIVEN_TYPES.map((type, at) => `$${at + 1}::${type}[]`).join(', ')}) as given (${COLUMN_NAMES})
      on conflict (started_at, trace_id, retention_class) do nothing returning 1
    )`,
  ];
  for (const { to, parameters } of others) {
    parts.push(`${to.table}_added as (${addSums(to, first)})`);
    first += parameters.length;
  }
  if (moves) parts.push(`moved as (${moveStatement(first)})`);
  return `with ${parts.join(', ')} ${whole}`;
}
