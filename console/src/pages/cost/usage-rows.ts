import { type UsageRow, nameIn } from '../../api/usage.ts';
import type { ChartSeries } from '../../charts/chart-options.ts';
import { bucketStart } from './time-buckets.ts';

export const GROUPS = ['model', 'project', 'user', 'endpoint', 'target', 'key', 'organisation'] as const;
export type Group = (typeof GROUPS)[number];

export const MEASURES = ['cost', 'tokens', 'requests'] as const;
export type Measure = (typeof MEASURES)[number];

/** As many as can be told apart; the others are one. */
const MOST_SERIES = 7;

/** Input and output together; null where nobody reported any. */
export function tokensOf({ tokens: { input, output } }: Pick<UsageRow, 'tokens'>): number | null {
  return input === null && output === null ? null : (input ?? 0) + (output ?? 0);
}

export function measured(row: UsageRow, measure: Measure): number {
  if (measure === 'requests') return row.requests;
  return measure === 'cost' ? row.cost_usd : (tokensOf(row) ?? 0);
}

export interface Layer {
  readonly name: string | null;
  readonly at: number;
  readonly value: number;
}

interface SeriesWords {
  /** For what has no name. */
  readonly nobody: string;
  readonly others: string;
}

/** One series for each of the largest names, and one for the rest, on the same times. */
export function toSeries(layers: readonly Layer[], times: readonly number[], words: SeriesWords): ChartSeries[] {
  const sums = new Map<string | null, number>();
  for (const { name, value } of layers) sums.set(name, (sums.get(name) ?? 0) + value);
  const largest = [...sums].toSorted((a, b) => b[1] - a[1]).map(([name]) => name);
  const shown = new Set(largest.length > MOST_SERIES + 1 ? largest.slice(0, MOST_SERIES) : largest);
  const places = new Map(times.map((at, place) => [at, place]));
  const values = new Map<string, number[]>();
  const labelOf = (name: string | null): string => (shown.has(name) ? (name ?? words.nobody) : words.others);
  for (const name of shown)
    values.set(
      labelOf(name),
      times.map(() => 0),
    );
  for (const { name, at, value } of layers) {
    const label = labelOf(name);
    const own = values.get(label) ?? times.map(() => 0);
    values.set(label, own);
    const place = places.get(at);
    if (place !== undefined) own[place] = (own[place] ?? 0) + value;
  }
  return [...values].map(([name, ofName]) => ({ name, values: ofName }));
}

export function usageLayers(rows: readonly UsageRow[], group: Group, bucket: string, measure: Measure): Layer[] {
  return rows.map((row) => ({
    name: nameIn(row, group),
    at: bucketStart(nameIn(row, bucket) ?? ''),
    value: measured(row, measure),
  }));
}

export interface CostRow {
  readonly name: string | null;
  readonly now: UsageRow;
  /** Undefined where it had none in the period before. */
  readonly before: UsageRow | undefined;
  /** Of what all rows together have. */
  readonly share: number | null;
}

/** What each has used, beside the same in the period before; dearest first. */
export function costRows(
  now: readonly UsageRow[],
  before: readonly UsageRow[],
  group: Group,
  measure: Measure,
): CostRow[] {
  const earlier = new Map(before.map((row) => [nameIn(row, group), row]));
  const total = now.reduce((sum, row) => sum + measured(row, measure), 0);
  return now
    .map((row) => {
      const name = nameIn(row, group);
      return { name, now: row, before: earlier.get(name), share: total > 0 ? measured(row, measure) / total : null };
    })
    .toSorted((a, b) => measured(b.now, measure) - measured(a.now, measure));
}
