import { type PriceSettings, priceProblems } from '../models/pricing/settings.ts';
import { joinKey } from './problems.ts';
import { type Draft, type TreeReader, isWhole } from './read-tree.ts';
import type { FileSettings } from './schema.ts';

/** What no single field of a price can know. A price of which a field had a problem of its own is passed over. */
export function checkPrices({ prices }: Draft<FileSettings>, reader: TreeReader): void {
  for (const [target, price] of prices ?? []) {
    if (!price || !isWhole<PriceSettings>(price)) continue;
    const at = joinKey('prices', target);
    for (const { key, message } of priceProblems(price)) reader.report(`${at}.${key}`, message, at);
  }
}
