import { type SavingsRow, nameIn } from '../../api/usage.ts';
import { bucketStart } from './time-buckets.ts';
import type { Layer } from './usage-rows.ts';

const MECHANISMS = ['exact', 'coalesced', 'semantic', 'prompt-cache', 'routing'] as const;
export type Mechanism = (typeof MECHANISMS)[number];

/** Undefined for one that this console has no words for: it stands by its own name. */
export function knownMechanism(name: string): Mechanism | undefined {
  return MECHANISMS.find((one) => one === name);
}

export interface MechanismRow {
  readonly mechanism: string;
  /** Undefined where it saved nothing in this time. */
  readonly saved: SavingsRow | undefined;
}

/** All mechanisms, also those that are not turned on: they are what could be saved. Their dollars add up to the total. */
export function mechanismRows(rows: readonly SavingsRow[]): MechanismRow[] {
  const found = new Map(rows.map((row) => [nameIn(row, 'mechanism') ?? '', row]));
  return [...new Set([...MECHANISMS, ...found.keys()])]
    .map((mechanism) => ({ mechanism, saved: found.get(mechanism) }))
    .toSorted((a, b) => (b.saved?.saved_usd ?? 0) - (a.saved?.saved_usd ?? 0));
}

/** What routing sent to another target was sent all the same: its tokens cost less, and are not saved. */
export function savesTokens(mechanism: string): boolean {
  return mechanism !== 'routing';
}

export function savedTokens(rows: readonly SavingsRow[]): SavingsRow['tokens'] {
  const counted = rows.filter((row) => savesTokens(nameIn(row, 'mechanism') ?? ''));
  return {
    input: counted.reduce((sum, { tokens }) => sum + tokens.input, 0),
    output: counted.reduce((sum, { tokens }) => sum + tokens.output, 0),
  };
}

/** Stacks cannot go below zero: what finding out cost more than it brought is in the table. */
export function savingsLayers(rows: readonly SavingsRow[], bucket: string): Layer[] {
  return rows.map((row) => ({
    name: nameIn(row, 'mechanism'),
    at: bucketStart(nameIn(row, bucket) ?? ''),
    value: Math.max(0, row.saved_usd),
  }));
}
