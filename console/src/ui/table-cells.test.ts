import { expect, test } from 'vitest';

import { isAfterFigures, tracksOf } from './table-cells.ts';

test('a table is at least as wide as its columns need, with gaps and edges', () => {
  const { tracks, minWidth } = tracksOf([{ width: 'minmax(8rem, 2fr)' }, { width: '5rem' }, {}]);
  expect(tracks).toBe('minmax(8rem, 2fr) 5rem minmax(7rem, 1fr)');
  expect(minWidth).toBe('calc(8rem + 5rem + 7rem + 3.5rem)');
});

test('words after figures are set apart', () => {
  const columns = [{}, { align: 'right' as const }, { align: 'right' as const }, {}];
  expect(columns.map((_, place) => isAfterFigures(columns, place))).toEqual([false, false, false, true]);
});
