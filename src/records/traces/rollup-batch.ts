import { DAY_MS } from '../../core/units.ts';
import { hash } from 'node:crypto';

import { type SavedSums, sumsOfBooking } from './bookings.ts';
import { type Share, type Sums, plus } from './rollup-shares.ts';
import type { TraceRow } from './trace-row.ts';

export const SLOT_MS = 15 * 60_000;

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
  /** Epoch milliseconds. */
  readonly slot: number;
  readonly series: string;
  readonly sums: Sums;
}

/** What one mechanism saved, for one series and one stretch of time. */
export interface SavingSums {
  readonly slot: number;
  /** That of the request as a whole. */
  readonly series: string;
  readonly mechanism: string;
  readonly sums: SavedSums;
}

interface Spans<Summed> {
  readonly slots: readonly Summed[];
  readonly days: readonly Summed[];
}

/** What a batch of traces adds to the sums of usage and of savings; sums in the order of {@link inOrder}. */
export interface BatchUsage extends Spans<SeriesSums> {
  readonly series: readonly Series[];
  readonly savings: Spans<SavingSums>;
}

export function usageOfBatch(rows: readonly TraceRow[]): BatchUsage {
  const series = new Map<string, Series>();
  const slots = new Map<string, GrowingSums>();
  for (const row of rows) {
    const slot = slotOf(row);
    for (const { scope, target, sums } of row.shares) add(slots, slot, seriesOf(row, scope, target, series).id, sums);
  }
  const days = new Map<string, GrowingSums>();
  for (const one of slots.values()) add(days, dayOf(one), one.series, one.sums);
  const savings = savingsOfBatch(rows, series);
  return { series: [...series.values()], slots: inOrder(slots.values()), days: inOrder(days.values()), savings };
}

function savingsOfBatch(rows: readonly TraceRow[], series: Map<string, Series>): Spans<SavingSums> {
  const slots = new Map<string, SavingSums>();
  for (const row of rows) {
    const [whole] = row.bookings.length > 0 ? row.shares : [];
    if (!whole) continue;
    const { id } = seriesOf(row, whole.scope, whole.target, series);
    const slot = slotOf(row);
    for (const booking of row.bookings) {
      const { mechanism } = booking;
      addSaved(slots, { slot, series: id, mechanism, sums: sumsOfBooking(booking) });
    }
  }
  const days = new Map<string, SavingSums>();
  for (const one of slots.values()) addSaved(days, { ...one, slot: dayOf(one) });
  return { slots: inOrder(slots.values()), days: inOrder(days.values()) };
}

function slotOf({ startedAt }: TraceRow): number {
  const at = Date.parse(startedAt);
  return at - (at % SLOT_MS);
}

function dayOf({ slot }: { readonly slot: number }): number {
  return slot - (slot % DAY_MS);
}

function seriesOf(row: TraceRow, scope: Share['scope'], target: string | null, known: Map<string, Series>): Series {
  const { organisation, project, keyId, userId, endpoint, model, virtualModel, status } = row;
  const parts = [scope, organisation, project, keyId, userId, endpoint, model, virtualModel, target, status];
  let key = '';
  // Each with its length, so that no two combinations read the same.
  for (const part of parts) key += part === null ? '-' : `${part.length}:${part}`;
  const before = known.get(key);
  if (before) return before;
  const series = { id: idOf(parts), parts };
  known.set(key, series);
  return series;
}

/** Functions of the database make the same. */
function idOf(parts: readonly (string | null)[]): string {
  const text = parts.map((part) => (part === null ? '-' : `${Buffer.byteLength(part)}:${part}`)).join('');
  return hash('sha256', text).slice(0, 32);
}

interface GrowingSums extends SeriesSums {
  readonly sums: (number | null)[];
}

function add(into: Map<string, GrowingSums>, slot: number, series: string, sums: Sums): void {
  const key = `${slot} ${series}`;
  const before = into.get(key);
  if (before)
    for (let at = 0; at < sums.length; at += 1) before.sums[at] = sum(before.sums[at] ?? null, sums[at] ?? null);
  else into.set(key, { slot, series, sums: [...sums] });
}

function addSaved(into: Map<string, SavingSums>, one: SavingSums): void {
  const key = `${one.slot} ${one.series} ${one.mechanism}`;
  const before = into.get(key);
  const plusOne = (value: number, at: number) => Math.max(-MOST, Math.min(value + (one.sums[at] ?? 0), MOST));
  into.set(key, before ? { ...one, sums: before.sums.map(plusOne) } : one);
}

function sum(a: number | null, b: number | null): number | null {
  const both = plus(a, b);
  return both === null ? null : Math.min(both, MOST);
}

/** The same order everywhere, so that two replicas never wait for each other crosswise. */
function inOrder<Summed extends { readonly slot: number; readonly series: string; readonly mechanism?: string }>(
  sums: Iterable<Summed>,
): Summed[] {
  return [...sums].toSorted((a, b) => {
    if (a.slot !== b.slot) return a.slot - b.slot;
    if (a.series !== b.series) return a.series < b.series ? -1 : 1;
    return (a.mechanism ?? '') < (b.mechanism ?? '') ? -1 : 1;
  });
}
