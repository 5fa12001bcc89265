import assert from 'node:assert/strict';
import { test } from 'node:test';

import { savingsDays, savingsSlots, traces, usageDays, usageSeries, usageSlots } from './schema.ts';
import { SAVING_COLUMNS, SERIES_TABLE_COLUMNS, SLOT_COLUMNS, TRACE_COLUMNS } from './written-columns.ts';

type Table =
  | typeof traces
  | typeof usageSeries
  | typeof usageSlots
  | typeof usageDays
  | typeof savingsSlots
  | typeof savingsDays;

function columnsOf(table: Table) {
  return Object.entries(table).flatMap(([key, column]) => {
    // The builder adds a method to the columns.
    if (typeof column === 'function') return [];
    return [[key, { name: column.name, type: column.getSQLType(), notNull: column.notNull }]];
  });
}

test('the columns that are written are those of the tables, in their order', () => {
  assert.deepEqual(Object.entries(TRACE_COLUMNS), columnsOf(traces));
  assert.deepEqual(Object.entries(SERIES_TABLE_COLUMNS), columnsOf(usageSeries));
  for (const table of [usageSlots, usageDays]) assert.deepEqual(Object.entries(SLOT_COLUMNS), columnsOf(table));
  for (const table of [savingsSlots, savingsDays]) assert.deepEqual(Object.entries(SAVING_COLUMNS), columnsOf(table));
});
