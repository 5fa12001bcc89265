import { existsSync, readFileSync } from 'node:fs';

import { LIST_PRICES } from '../src/models/pricing/list-prices.ts';
import { versionOf } from '../src/models/pricing/price-row.ts';

/** The names of all rows that were ever shipped, from the root. */
export const VERSIONS_FILE = 'src/models/pricing/list/versions.json';

/** What is shipped now, by version. */
export function shippedVersions(): string[] {
  return LIST_PRICES.map((row) => versionOf('list', row));
}

/** The versions that the file has and those that are new: a name that was shipped never leaves it. */
export function knownVersions(path: string): string[] {
  const before = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as string[]) : [];
  return [...new Set([...before, ...shippedVersions()])].toSorted();
}
