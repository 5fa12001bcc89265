import type { VerdictRow } from './wire.ts';

/** What is more than a pass, the gravest first. */
export const FINDS = ['blocked', 'review', 'failed', 'redacted', 'repaired', 'flagged'] as const;
export type Find = (typeof FINDS)[number];

/** A guard that was not asked did not look. */
const NOT_LOOKED: ReadonlySet<unknown> = new Set(['exempt', 'skipped']);

/** How often, in all and by point of time. */
interface Sum {
  readonly total: number;
  readonly counts: readonly number[];
}

/** The sum of those of one name; of all that are not shown by themselves where it is undefined. */
export interface NamedSum extends Sum {
  readonly name: string | null | undefined;
}

export interface VerdictTotals {
  readonly looks: Sum;
  readonly notLooked: number;
  readonly guards: number;
  readonly finds: Readonly<Record<Find, Sum>>;
}

export function isFind(verdict: unknown): verdict is Find {
  return FINDS.some((find) => find === verdict);
}

function sumOf(rows: readonly VerdictRow[]): Sum {
  const length = Math.max(0, ...rows.map(({ counts }) => counts.length));
  const counts = Array.from({ length }, (_, at) => rows.reduce((sum, row) => sum + (row.counts[at] ?? 0), 0));
  return { total: rows.reduce((sum, { total }) => sum + total, 0), counts };
}

/** @param rows by guard and verdict */
export function totalsOf(rows: readonly VerdictRow[]): VerdictTotals {
  const looked = rows.filter((row) => !NOT_LOOKED.has(row['verdict']));
  const finds = FINDS.map((find) => [find, sumOf(rows.filter((row) => row['verdict'] === find))] as const);
  return {
    looks: sumOf(looked),
    notLooked: sumOf(rows.filter((row) => NOT_LOOKED.has(row['verdict']))).total,
    guards: new Set(looked.map((row) => row['guard'])).size,
    finds: Object.fromEntries(finds) as Record<Find, Sum>,
  };
}

/** What was found, by a name that rows have; those of most finds first, and beyond `most` all in one. */
export function findsBy(rows: readonly VerdictRow[], group: string, most: number): NamedSum[] {
  const byName = new Map<string | null, VerdictRow[]>();
  for (const row of rows.filter(({ verdict }) => isFind(verdict))) {
    const name = typeof row[group] === 'string' ? row[group] : null;
    byName.set(name, [...(byName.get(name) ?? []), row]);
  }
  const sums = [...byName].map(([name, own]): NamedSum => ({ name, ...sumOf(own) }));
  const sorted = sums.filter(({ total }) => total > 0).toSorted((one, other) => other.total - one.total);
  if (sorted.length <= most) return sorted;
  return [...sorted.slice(0, most - 1), { name: undefined, ...addedUp(sorted.slice(most - 1)) }];
}

function addedUp(sums: readonly Sum[]): Sum {
  return sumOf(sums.map(({ total, counts }) => ({ total, counts: [...counts] })));
}
