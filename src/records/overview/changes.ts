import type { NamedChange, NamedSums } from './overview-store.ts';

/** What can have changed. */
const MEASURES = ['errors', 'requests', 'costNanoUsd'] as const;
export type Measure = (typeof MEASURES)[number];

export interface RankedChange extends NamedChange {
  /** What changed most. */
  readonly most: Measure;
}

/** Of counts that come by themselves nearly none differ by so many times the root of their sum. */
const NOTEWORTHY = 3;

/**
 * Those that changed by more than chance does, the most surprising first. A difference counts by the root of what there
 * was, so that ten errors in place of none stand before a hundred requests in place of ninety thousand. Dollars count as
 * the requests that they pay on the average.
 */
export function ranked(changes: readonly NamedChange[], most: number): RankedChange[] {
  const cost = totalOf(changes, 'costNanoUsd');
  const perDollar = cost > 0 ? totalOf(changes, 'requests') / cost : 0;
  const scale = { requests: 1, errors: 1, costNanoUsd: perDollar } as const;
  return changes
    .map((change) => ({ ...surprise(change, scale), change }))
    .filter(({ score }) => score >= NOTEWORTHY)
    .toSorted((a, b) => b.score - a.score || (a.change.name < b.change.name ? -1 : 1))
    .slice(0, most)
    .map(({ change, measure }) => ({ ...change, most: measure }));
}

/** The greatest of what the `measure` says, the first by name where some are alike. */
export function greatest(changes: readonly NamedChange[], measure: Measure, most: number): NamedChange[] {
  return changes
    .filter(({ now }) => now[measure] > 0)
    .toSorted((a, b) => b.now[measure] - a.now[measure] || (a.name < b.name ? -1 : 1))
    .slice(0, most);
}

function totalOf(changes: readonly NamedChange[], measure: keyof NamedSums): number {
  return changes.reduce((sum, { now, before }) => sum + now[measure] + before[measure], 0);
}

function surprise(
  { now, before }: NamedChange,
  scale: Readonly<Record<Measure, number>>,
): { readonly score: number; readonly measure: Measure } {
  let best: { score: number; measure: Measure } = { score: 0, measure: 'errors' };
  for (const measure of MEASURES) {
    const [a, b] = [now[measure] * scale[measure], before[measure] * scale[measure]];
    const score = a + b > 0 ? Math.abs(a - b) / Math.sqrt(a + b) : 0;
    if (score > best.score) best = { score, measure };
  }
  return best;
}
