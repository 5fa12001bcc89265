import type { paths } from '../../api/schema.gen.ts';

export type PriceRow =
  paths['/admin/v1/prices']['get']['responses']['200']['content']['application/json']['data'][number];
export type MissingPrice =
  paths['/admin/v1/prices/missing']['get']['responses']['200']['content']['application/json']['data'][number];
export type ComparedRow =
  paths['/admin/v1/prices/compare']['post']['responses']['200']['content']['application/json']['data'][number];

export const RATES = ['input', 'output', 'cacheRead', 'cacheWrite'] as const;

/** Dollars per million tokens; null where another rate stands in for it. */
export function rateOf(row: PriceRow, rate: string): number | null {
  const value = row[rate];
  return typeof value === 'number' ? value : null;
}

export function variantsOf(row: PriceRow): number {
  return Array.isArray(row['variants']) ? row['variants'].length : 0;
}

/** Every word has to occur somewhere in who it is. */
export function findPrices(rows: readonly PriceRow[], text: string, family: string, origin: string): PriceRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    if (family !== '' && row.family !== family) return false;
    if (origin !== '' && row.origin !== origin) return false;
    const name = `${row.family}/${row.model}`.toLowerCase();
    return words.every((word) => name.includes(word));
  });
}

export function familiesOf(rows: readonly PriceRow[]): string[] {
  return [...new Set(rows.map(({ family }) => family))].toSorted();
}

/** An address that may be a link: what operators write is a text before it is one. */
export function webAddress(source: string): string | undefined {
  try {
    const { protocol, href } = new URL(source);
    return protocol === 'https:' || protocol === 'http:' ? href : undefined;
  } catch {
    return undefined;
  }
}

export type MissingCause = 'none' | 'since' | 'partly';

/** Why a target was called at an unknown cost. */
export function causeOf({
  requests,
  requests_with_price: withPrice,
  priced_today: pricedToday,
}: MissingPrice): MissingCause {
  if (withPrice >= requests) return 'partly';
  return pricedToday ? 'since' : 'none';
}

export function comparedTotals(rows: readonly ComparedRow[]) {
  const sum = (
    field: 'booked_usd' | 'repriced_usd' | 'difference_usd' | 'newly_priced_usd' | 'unpriced_attempts',
  ): number => rows.reduce((total, row) => total + row[field], 0);
  return {
    booked: sum('booked_usd'),
    repriced: sum('repriced_usd'),
    difference: sum('difference_usd'),
    newlyPriced: sum('newly_priced_usd'),
    unpricedAttempts: sum('unpriced_attempts'),
  };
}
