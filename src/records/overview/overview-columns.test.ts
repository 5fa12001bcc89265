import assert from 'node:assert/strict';
import { test } from 'node:test';

import { VERDICT_COLUMNS } from '../verdicts/verdict-columns.ts';
import { verdictSlots } from '../verdicts/schema.ts';
import { OVERVIEW_COLUMNS } from './overview-columns.ts';
import { overviewMinutes, overviewSlots } from './schema.ts';

function columnsOf(table: typeof overviewMinutes | typeof overviewSlots | typeof verdictSlots) {
  return Object.entries(table).flatMap(([key, column]) => {
    // The builder adds a method to the columns.
    if (typeof column === 'function') return [];
    return [[key, { name: column.name, type: column.getSQLType(), notNull: column.notNull }]];
  });
}

test('the columns of sums that are written are those of the tables, in their order', () => {
  for (const table of [overviewMinutes, overviewSlots]) {
    assert.deepEqual(Object.entries(OVERVIEW_COLUMNS), columnsOf(table));
  }
  assert.deepEqual(Object.entries(VERDICT_COLUMNS), columnsOf(verdictSlots));
});
