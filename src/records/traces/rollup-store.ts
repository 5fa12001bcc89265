import type { Client } from 'pg';

import { SAVED_COLUMNS } from './bookings.ts';
import { SERIES_COLUMNS, type SavingSums, type Series, type SeriesSums } from './rollup-batch.ts';
import { SUM_COLUMNS } from './rollup-shares.ts';
import { SAVING_COLUMNS, SERIES_TABLE_COLUMNS, SLOT_COLUMNS, type WrittenColumn } from './written-columns.ts';

/** A sum that no bigint could hold stays at this. */
const MOST = '9000000000000000000';

/** The same of a count of a bin. */
const MOST_OF_BIN = 2_000_000_000;

/** More than are in use at a time; 36 bytes each and some overhead. */
const MAX_KNOWN = 50_000;

/** The columns of a table of sums: what a row is of, the time first, and what is summed. */
export interface SumTable {
  readonly table: string;
  readonly keys: readonly WrittenColumn[];
  readonly sums: readonly WrittenColumn[];
}

const USAGE = {
  keys: [SLOT_COLUMNS.slot, SLOT_COLUMNS.series],
  sums: SUM_COLUMNS.map((key) => SLOT_COLUMNS[key]),
};
const SAVINGS = {
  keys: [SAVING_COLUMNS.slot, SAVING_COLUMNS.series, SAVING_COLUMNS.mechanism],
  sums: SAVED_COLUMNS.map((key) => SAVING_COLUMNS[key]),
};
export const USAGE_SLOTS: SumTable = { table: 'usage_slots', ...USAGE };
export const USAGE_DAYS: SumTable = { table: 'usage_days', ...USAGE };
export const SAVINGS_SLOTS: SumTable = { table: 'savings_slots', ...SAVINGS };
export const SAVINGS_DAYS: SumTable = { table: 'savings_days', ...SAVINGS };
const SERIES_NAMES = ['id', ...SERIES_COLUMNS.map((key) => SERIES_TABLE_COLUMNS[key].name)];

const INSERT_SERIES = `insert into usage_series (${SERIES_NAMES.join(', ')})
  select * from unnest(${SERIES_NAMES.map((name, at) => `$${at + 1}::${name === 'id' ? 'uuid' : 'text'}[]`).join(', ')})
  on conflict (id) do nothing`;

/**
 * The series that a connection has stored. Nothing ever removes one, so what was stored once need not be sent again;
 * one without sums does no harm.
 */
export class KnownSeries {
  readonly #ids = new Set<string>();

  /** Stores those that are not known to be there. */
  async store(client: Pick<Client, 'query'>, series: readonly Series[]): Promise<void> {
    const fresh = series.filter(({ id }) => !this.#ids.has(id)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
    if (fresh.length === 0) return;
    const columns = SERIES_COLUMNS.map((_, at) => fresh.map(({ parts }) => parts[at] ?? null));
    await client.query(INSERT_SERIES, [fresh.map(({ id }) => id), ...columns]);
    if (this.#ids.size + fresh.length > MAX_KNOWN) this.#ids.clear();
    for (const { id } of fresh) this.#ids.add(id);
  }
}

/** Parameters of a statement that writes sums of usage: one array a column. */
export function sumParameters(sums: readonly SeriesSums[]): unknown[][] {
  return [
    timesOf(sums),
    sums.map(({ series }) => series),
    ...SUM_COLUMNS.map((_, column) => sums.map((one) => one.sums[column] ?? null)),
  ];
}

/** The same of savings. */
export function savingParameters(sums: readonly SavingSums[]): unknown[][] {
  return [
    timesOf(sums),
    sums.map(({ series }) => series),
    sums.map(({ mechanism }) => mechanism),
    ...SAVED_COLUMNS.map((_, column) => sums.map((one) => one.sums[column] ?? 0)),
  ];
}

/** Their times, as the database takes them. */
export function timesOf(sums: readonly { readonly slot: number }[]): (string | undefined)[] {
  // A batch is of few slots.
  const times = new Map(sums.map(({ slot }) => [slot, '']));
  for (const slot of times.keys()) times.set(slot, new Date(slot).toISOString());
  return sums.map(({ slot }) => times.get(slot));
}

/**
 * The part of a statement that adds sums to a table.
 * @param first number of its first parameter
 * @param slot the time of a row `given`; where it is null the statement is refused as a whole
 */
export function addSums({ table, keys, sums }: SumTable, first: number, slot = 'slot'): string {
  const columns = [...keys, ...sums];
  const names = columns.map((column) => column.name);
  // A list of lists would be one list in the end, so each of them comes as text.
  const given = columns.map((column, at) => `$${first + at}::${isList(column) ? 'text' : column.type}[]`);
  const values = columns.slice(1).map((column) => (isList(column) ? `${column.name}::${column.type}` : column.name));
  const added = sums.map((column) => `${column.name} = ${sumOf(column)}`);
  return `insert into ${table} as there (${names.join(', ')})
    select ${slot}, ${values.join(', ')} from unnest(${given.join(', ')}) as given (${names.join(', ')})
    on conflict (${keys.map((key) => key.name).join(', ')}) do update set ${added.join(', ')}`;
}

/** What the function usage_sum of the database does, which costs more: a statement is planned each time. */
function sumOf(column: WrittenColumn): string {
  const { name, notNull } = column;
  if (name === SAVING_COLUMNS.savedNanoUsd.name) return signedSumOf(name);
  if (isList(column)) return binsOf(name);
  const sum = `least(there.${name}, ${MOST} - excluded.${name}) + excluded.${name}`;
  if (notNull) return sum;
  return `case when there.${name} is null then excluded.${name} when excluded.${name} is null then there.${name} else ${sum} end`;
}

/** Of what may be below 0. */
function signedSumOf(name: string): string {
  return `least(greatest(there.${name}::numeric + excluded.${name}, -${MOST}), ${MOST})::bigint`;
}

function isList({ type }: WrittenColumn): boolean {
  return type.endsWith('[]');
}

/** Of counts by bin, of which the first number says with which bin they begin. */
function binsOf(name: string): string {
  const at = (row: string) =>
    `coalesce(case when bin >= ${row}.${name}[1] then ${row}.${name}[bin - ${row}.${name}[1] + 2] end, 0)`;
  const both = `(select array_prepend(first_bin, array(
      select least(${at('there')}::bigint + ${at('excluded')}, ${MOST_OF_BIN})::int
      from generate_series(first_bin, last_bin) as bin
    )) from (select least(there.${name}[1], excluded.${name}[1]) as first_bin,
      greatest(there.${name}[1] + cardinality(there.${name}), excluded.${name}[1] + cardinality(excluded.${name})) - 2
        as last_bin) as span)`;
  return `case when there.${name} is null then excluded.${name} when excluded.${name} is null then there.${name} else ${both} end`;
}
