import { asString } from '../core/json.ts';
import type { ListedPrice } from '../models/pricing/price-list.ts';
import type { ComparisonGroup } from '../pipeline/pricing/comparison.ts';
import { conflictText } from '../pipeline/pricing/questions.ts';
import { type RowChanges, rowKey } from '../pipeline/pricing/row-changes.ts';
import type { ComparisonView, MissingPriceView } from '../pipeline/pricing/views.ts';

/** Columns padded to their widest cell; all but the first `left` ones stand at the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[], left: number): string {
  const widths = head.map((cell, at) => Math.max(cell.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => (at < left ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd();
  return [head, ...rows].map(line).join('\n');
}

export function pricesText(prices: readonly ListedPrice[]): string {
  if (prices.length === 0) return 'There is no such price. Without --family and --model all are listed.';
  const head = ['family', 'model', 'from', 'origin', 'input', 'output', 'cache read', 'more', 'source'];
  const rows = prices.map((price) => [
    price.family,
    price.model,
    `${price.from ?? 'always'}${price.inForce ? '' : ' (not now)'}`,
    price.origin,
    String(price.input),
    String(price.output),
    price.cacheRead === undefined ? '-' : String(price.cacheRead),
    moreOf(price),
    price.source,
  ]);
  return `${table(head, rows, head.length)}\n\nDollars per million tokens; --json prints every number.`;
}

const PLAIN = new Set('family model from source checked origin version inForce input output cacheRead'.split(' '));

/** What else the row has, by name. */
function moreOf(price: ListedPrice): string {
  const names = Object.keys(price).filter((name) => !PLAIN.has(name));
  return names.length === 0 ? '-' : names.join(',');
}

export function missingText(missing: readonly MissingPriceView[]): string {
  if (missing.length === 0) return 'The cost of every call in this time is known.';
  const head = ['target', 'requests', 'input tokens', 'output tokens', 'last seen', 'now'];
  const rows = missing.map((target) => [
    target.target,
    String(target.requests),
    tokens(target.tokens.input),
    tokens(target.tokens.output),
    target.last_seen,
    hintOf(target),
  ]);
  return table(head, rows, 1);
}

function hintOf({ priced_today: isPriced, requests_with_price: withPrice, requests }: MissingPriceView): string {
  if (withPrice === requests) return 'has a price that does not tell';
  return isPriced ? 'has a price now' : 'no price';
}

function tokens(count: number | null): string {
  return count === null ? '-' : String(count);
}

export function comparisonText(by: readonly ComparisonGroup[], groups: readonly ComparisonView[]): string {
  if (groups.length === 0) return 'Nothing was recorded in this time.';
  const head = [...by, 'requests', 'booked $', 'repriced $', 'difference $', 'not repriced', 'of that booked $'];
  const rows = groups.map((group) => {
    const names = new Map<string, unknown>(Object.entries(group));
    return [
      ...by.map((name) => asString(names.get(name)) ?? '-'),
      String(group.requests),
      usd(group.booked_usd),
      usd(group.repriced_usd),
      usd(group.difference_usd),
      String(group.unpriced_attempts),
      usd(group.unpriced_booked_usd),
    ];
  });
  const newly = groups.reduce((sum, group) => sum + group.newly_priced_usd, 0);
  const unbooked = groups.reduce((sum, group) => sum + group.unbooked_attempts, 0);
  const note = `${unbooked} attempts had no known cost when they were made; of the repriced, $${usd(newly)} is theirs.`;
  const meaning = 'The difference is of attempts that have both. Nothing that is recorded was changed.';
  return `${table(head, rows, by.length)}\n\n${unbooked === 0 ? '' : `${note}\n`}${meaning}`;
}

function usd(dollars: number): string {
  return dollars.toFixed(6);
}

export function changesText({ added, unchanged, refused }: RowChanges, fromConfig: number, isDry: boolean): string {
  const lines = added.map((row) => `new        ${rowKey(row)}`);
  const will = isDry ? 'would be stored' : 'stored';
  const counts = `${added.length} new (${refused.length > 0 ? 'not stored' : will}), ${unchanged.length} unchanged`;
  return [
    ...lines,
    ...(refused.length > 0 ? [conflictText(refused)] : []),
    `${counts}, ${refused.length} refused.`,
    ...(fromConfig > 0 ? [`${fromConfig} are of causeway.yaml, belong there and were passed over.`] : []),
  ].join('\n');
}
