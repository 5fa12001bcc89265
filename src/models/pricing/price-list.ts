import { LIST_PRICES } from './list-prices.ts';
import type { PriceOverrides } from './price-book.ts';
import type { Price } from './price.ts';
import { type PriceOrigin, type PriceRow, digest, ratesOf, versionOf } from './price-row.ts';

/** A price as it is listed: a row of a document, and beside it where it comes from. */
export interface ListedPrice extends Omit<Price, 'version'> {
  /** Of a price of causeway.yaml: the provider's name there. */
  readonly family: string;
  readonly model: string;
  /** Absent on prices of causeway.yaml, which hold always. */
  readonly from?: string;
  readonly source: string;
  readonly checked?: string;
  readonly origin: PriceOrigin;
  readonly version: string;
  /** Whether it holds at the time that was asked about. */
  readonly inForce: boolean;
}

export interface PriceFilter {
  readonly family?: string | undefined;
  readonly model?: string | undefined;
  /** Those of other times too. */
  readonly all?: boolean | undefined;
}

/** Every price that is known: by family and model, the latest first. @param at epoch milliseconds */
export function listPrices(
  overrides: PriceOverrides,
  stored: readonly PriceRow[],
  at: number,
  { family, model, all = false }: PriceFilter = {},
): ListedPrice[] {
  const rows = [
    ...Object.entries(overrides).map(([target, price]) => configured(target, price)),
    ...inTime([...labelled('stored', stored), ...labelled('list', LIST_PRICES)], at),
  ];
  return rows
    .filter((row) => (family === undefined || row.family === family) && (model === undefined || row.model === model))
    .filter(({ inForce }) => all || inForce)
    .toSorted(inOrder);
}

/** Where a price stands in a listing; unique. */
export function listPosition({ family, model, from = '', origin }: ListedPrice): string {
  return [family, model, from, origin].join('\n');
}

function configured(target: string, price: Omit<Price, 'version'>): ListedPrice {
  const slash = target.indexOf('/');
  const [family, model] = [target.slice(0, slash), target.slice(slash + 1)];
  const version = `config:${target}#${digest(price)}`;
  return { family, model, source: 'causeway.yaml', ...price, origin: 'config', version, inForce: true };
}

type Row = Omit<ListedPrice, 'inForce'> & { readonly from: string };

function labelled(origin: PriceOrigin, rows: readonly PriceRow[]): Row[] {
  return rows.map((row) => {
    const { family, model, from, source, checked } = row;
    return { family, model, from, source, checked, ...ratesOf(row), origin, version: versionOf(origin, row) };
  });
}

/** Stored rows come first, so of two that begin on one day the stored one holds. */
function inTime(rows: readonly Row[], at: number): ListedPrice[] {
  const holding = new Map<string, Row>();
  for (const row of rows) {
    const key = `${row.family}/${row.model}`;
    const known = holding.get(key);
    if (Date.parse(row.from) <= at && (!known || row.from > known.from)) holding.set(key, row);
  }
  return rows.map((row) => ({ ...row, inForce: holding.get(`${row.family}/${row.model}`) === row }));
}

function inOrder(a: ListedPrice, b: ListedPrice): number {
  return (
    compare(a.family, b.family) ||
    compare(a.model, b.model) ||
    compare(b.from ?? '9', a.from ?? '9') ||
    compare(b.origin, a.origin)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
