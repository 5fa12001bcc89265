import { LIST_PRICES } from '../../models/pricing/list-prices.ts';
import { type PriceRow, digest, ratesOf } from '../../models/pricing/price-row.ts';

/** A row that was given, and the one that is there under the same family, model and day. */
export interface Conflict {
  readonly row: PriceRow;
  readonly there: PriceRow;
}

/** What storing a document would do. */
export interface RowChanges {
  readonly added: readonly PriceRow[];
  /** Stored with the same numbers already, or shipped with them. */
  readonly unchanged: readonly PriceRow[];
  /** Stored with other numbers, and rows never change. */
  readonly refused: readonly Conflict[];
}

/** What is unique among rows. */
export function rowKey({ family, model, from }: Pick<PriceRow, 'family' | 'model' | 'from'>): string {
  return `${family}/${model}@${from}`;
}

export function sameRates(a: PriceRow, b: PriceRow): boolean {
  return digest(ratesOf(a)) === digest(ratesOf(b));
}

/** Sorts given rows into those that are new, those that are there, and those that contradict what is stored. */
export function rowChanges(
  given: readonly PriceRow[],
  stored: readonly PriceRow[],
  listed: readonly PriceRow[] = LIST_PRICES,
): RowChanges {
  const storedRows = new Map(stored.map((row) => [rowKey(row), row]));
  const listedRows = new Map(listed.map((row) => [rowKey(row), row]));
  const changes: { [K in keyof RowChanges]: RowChanges[K][number][] } = { added: [], unchanged: [], refused: [] };
  for (const row of given) {
    const there = storedRows.get(rowKey(row));
    const shipped = listedRows.get(rowKey(row));
    if (there && !sameRates(there, row)) changes.refused.push({ row, there });
    // Where another row is stored it stands before a shipped one, so only then the shipped one counts.
    else if (there || (shipped && sameRates(shipped, row))) changes.unchanged.push(row);
    else changes.added.push(row);
  }
  return changes;
}

/** Names the numbers that differ, for people: `input 2 (stored: 3)`. */
export function differenceOf({ row, there }: Conflict): string {
  const given = new Map<string, unknown>(Object.entries(ratesOf(row)));
  const stored = new Map<string, unknown>(Object.entries(ratesOf(there)));
  return [...new Set([...given.keys(), ...stored.keys()])]
    .map((field) => [field, shown(given.get(field)), shown(stored.get(field))] as const)
    .filter(([, left, right]) => left !== right)
    .map(([field, left, right]) => `${field} ${left} (stored: ${right})`)
    .join(', ');
}

function shown(value: unknown): string {
  return value === undefined ? 'none' : JSON.stringify(value);
}
