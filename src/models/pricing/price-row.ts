import { createHash } from 'node:crypto';

import type { Price } from './price.ts';

/** What a model costs from one day on, and who says so. A row never changes: a new price is a row with a later start. */
export interface PriceRow extends Omit<Price, 'version'> {
  /** A preset or provider type: `openai`, `deepseek`. */
  readonly family: string;
  readonly model: string;
  /** The day of UTC from which it holds, `2026-03-31`. */
  readonly from: string;
  /** The page that says so. */
  readonly source: string;
  /** The day on which that page was read. */
  readonly checked: string;
}

/** Where a price comes from: shipped with this version, stored by `causeway prices update`, or of causeway.yaml. */
export type PriceOrigin = 'list' | 'stored' | 'config';

/** The numbers of a row without who says so, in one order, so that equal prices look equal. */
export function ratesOf(row: PriceRow): Omit<Price, 'version'> {
  const { family: _family, model: _model, from: _from, source: _source, checked: _checked, ...rates } = row;
  return rates;
}

/** Names a row on every attempt that it settled, with a digest of its numbers: other numbers are another version. */
export function versionOf(origin: PriceOrigin, row: PriceRow): string {
  return `${origin}:${row.family}/${row.model}@${row.from}#${digest(ratesOf(row))}`;
}

/** Of a value, whatever the order of its keys. */
export function digest(value: object): string {
  return createHash('sha256').update(canonical(value)).digest('hex').slice(0, 12);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`)
    .join(',')}}`;
}
