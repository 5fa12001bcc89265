import { type SavingsAnswer, type SavingsRow, nameIn } from '../../api/usage.ts';
import { bucketStart } from './time-buckets.ts';
import type { Layer } from './usage-rows.ts';

export type SavingsTotals = SavingsAnswer['totals'];

export const MECHANISMS = ['exact', 'coalesced', 'semantic', 'prompt-cache'] as const;
export type Mechanism = (typeof MECHANISMS)[number];

export interface MechanismRow {
  readonly mechanism: Mechanism;
  /** Undefined where it saved nothing in this time. */
  readonly saved: SavingsRow | undefined;
}

/** All mechanisms, also those that are not turned on: they are what could be saved. */
export function mechanismRows(rows: readonly SavingsRow[]): MechanismRow[] {
  const known = new Map(rows.map((row) => [nameIn(row, 'mechanism'), row]));
  return MECHANISMS.map((mechanism) => ({ mechanism, saved: known.get(mechanism) })).toSorted(
    (a, b) => (b.saved?.saved_usd ?? 0) - (a.saved?.saved_usd ?? 0),
  );
}

/** Stacks cannot go below zero: what finding out cost more than it brought is in the table. */
export function savingsLayers(rows: readonly SavingsRow[], bucket: string): Layer[] {
  return rows.map((row) => ({
    name: nameIn(row, 'mechanism'),
    at: bucketStart(nameIn(row, bucket) ?? ''),
    value: Math.max(0, row.saved_usd),
  }));
}
