import { type JournalMove, moveParameters, moveStatement } from '../journal/position-store.ts';
import type { ModelNames } from '../overview/model-names.ts';
import { overviewOfBatch } from '../overview/overview-batch.ts';
import { OVERVIEW_MINUTES, OVERVIEW_SLOTS, overviewParameters } from '../overview/overview-sums-store.ts';
import { verdictsOfBatch } from '../verdicts/verdict-batch.ts';
import { VERDICT_SLOTS, verdictParameters } from '../verdicts/verdict-sums-store.ts';
import { BinaryColumns, type ElementType, isElementType } from './binary-columns.ts';
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
import type { TraceRow } from './trace-row.ts';
import { TRACE_COLUMNS } from './written-columns.ts';

/** The only list in a row. A list of lists would be one list in the end, so all grams come as one, and where each row's are. */
const { searchGrams: GRAMS, ...OTHERS } = TRACE_COLUMNS;
type Single = keyof typeof OTHERS;
const COLUMNS = (Object.keys(OTHERS) as Single[]).map((key) => ({ key, ...OTHERS[key], type: elementType(key) }));
const NAMES = COLUMNS.map(({ name }) => name);
const GRAMS_FROM = 'grams_from';
const GRAMS_TO = 'grams_to';
const GIVEN = [...COLUMNS, { name: GRAMS_FROM, type: 'integer' }, { name: GRAMS_TO, type: 'integer' }];
const GIVEN_NAMES = GIVEN.map(({ name }) => name).join(', ');
const GIVEN_ARRAYS = GIVEN.map(({ type }, at) => `$${at + 1}::${type}[]`).join(', ');
const ALL_GRAMS = GIVEN.length + 1;
const ROWS = ALL_GRAMS + 1;

function elementType(key: Single): ElementType {
  const { type } = OTHERS[key];
  if (!isElementType(type)) throw new TypeError(`${key} is of a type that has no binary form here`);
  return type;
}

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
  const added = additions.flatMap(({ parameters }) => parameters);
  return { text, parameters: [...columnsOf(rows), rows.length, ...added, ...(move ? moveParameters(move) : [])] };
}

/** Bytes of the statement before, which is about as large. */
let usualBytes: number | undefined;

/** @throws UnwritableError */
function columnsOf(rows: readonly TraceRow[]): Buffer[] {
  const columns = new BinaryColumns(usualBytes);
  for (const { key, type } of COLUMNS) columns.add(type, rows, (row) => row[key]);
  // Elements are numbered from 1.
  let end = 0;
  const grams = rows.map(({ searchGrams }) => searchGrams);
  const spans = grams.map((some) => (some === null ? undefined : { from: end + 1, to: (end += some.length) }));
  columns.add('integer', spans, (span) => span?.from);
  columns.add('integer', spans, (span) => span?.to);
  columns.addFlat(grams);
  usualBytes = columns.size;
  return columns.take();
}

function statementText([checked, ...others]: BatchSums['additions'], moves: boolean): string {
  const slot = `case when (select count(*) from added) = $${ROWS} then slot end`;
  const whole = addSums(checked.to, ROWS + 1, slot);
  let first = ROWS + 1 + checked.parameters.length;
  const parts = [
    `added as (
      insert into traces (${NAMES.join(', ')}, ${GRAMS.name})
      select ${NAMES.join(', ')}, ($${ALL_GRAMS}::${GRAMS.type})[${GRAMS_FROM}:${GRAMS_TO}]
      from unnest(${GIVEN_ARRAYS}) as given (${GIVEN_NAMES})
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
