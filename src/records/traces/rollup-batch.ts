import { createHash } from 'node:crypto';

import { type Share, type Sums, plus } from './rollup-shares.ts';
import type { TraceRow } from './trace-row.ts';

export const SLOT_MS = 15 * 60_000;
export const DAY_MS = 86_400_000;

/** What no column of the database could hold stays at the most that it holds; there it is added to with care as well. */
const MOST = 9e18;

/** What a series is made of, in the order of its columns; the id comes before them. */
export const SERIES_COLUMNS = [
  'scope',
  'organisation',
  'project',
  'keyId',
  'userId',
  'endpoint',
  'model',
  'virtualModel',
  'target',
  'status',
] as const;

export interface Series {
  /** 32 hex digits. */
  readonly id: string;
  /** One for each of {@link SERIES_COLUMNS}. */
  readonly parts: readonly (string | null)[];
}

/** Sums of a batch for one series and one stretch of time. */
export interface SeriesSums {
  /** RFC 3339. */
  readonly slot: string;
  readonly series: string;
  readonly sums: Sums;
}

/** What a batch of traces adds to the sums of usage. */
export interface BatchUsage {
  readonly series: readonly Series[];
  readonly slots: readonly SeriesSums[];
  readonly days: readonly SeriesSums[];
}

export function usageOfBatch(rows: readonly TraceRow[]): BatchUsage {
  const series = new Map<string, Series>();
  const slots = new Map<string, SeriesSums>();
  const days = new Map<string, SeriesSums>();
  for (const row of rows) {
    const startedAt = Date.parse(row.startedAt);
    for (const share of row.shares) {
      const { id } = seriesOf(row, share, series);
      add(slots, startedAt - (startedAt % SLOT_MS), id, share.sums);
      add(days, startedAt - (startedAt % DAY_MS), id, share.sums);
    }
  }
  return { series: [...series.values()], slots: inOrder(slots), days: inOrder(days) };
}

function seriesOf(row: TraceRow, { scope, target }: Share, known: Map<string, Series>): Series {
  const parts = SERIES_COLUMNS.map((column) => {
    if (column === 'scope') return scope;
    return column === 'target' ? target : row[column];
  });
  const key = parts.map((part) => (part === null ? '-' : `${Buffer.byteLength(part)}:${part}`)).join('');
  const before = known.get(key);
  if (before) return before;
  const series = { id: createHash('sha256').update(key).digest('hex').slice(0, 32), parts };
  known.set(key, series);
  return series;
}

function add(into: Map<string, SeriesSums>, slotMs: number, series: string, sums: Sums): void {
  const key = `${slotMs} ${series}`;
  const before = into.get(key);
  if (before) into.set(key, { ...before, sums: before.sums.map((value, at) => plus(value, sums[at] ?? null)) });
  else into.set(key, { slot: new Date(slotMs).toISOString(), series, sums });
}

/** The same order everywhere, so that two replicas never wait for each other crosswise. */
function inOrder(sums: ReadonlyMap<string, SeriesSums>): SeriesSums[] {
  const order = ({ slot, series }: SeriesSums): string => slot + series;
  return [...sums.values()]
    .map((one) => ({ ...one, sums: one.sums.map((value) => (value === null ? null : Math.min(value, MOST))) }))
    .toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
}
