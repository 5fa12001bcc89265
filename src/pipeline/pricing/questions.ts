import { GatewayError } from '../../core/errors.ts';
import { PriceDocumentError, type PriceDocument, readPriceDocument } from '../../models/pricing/price-document.ts';
import { type Query, readPeriod } from '../../records/listing/query.ts';
import type { UsagePeriod } from '../../records/traces/usage-store.ts';
import { COMPARISON_GROUPS, type ComparisonGroup } from './comparison.ts';
import type { Conflict } from './row-changes.ts';
import { differenceOf, rowKey } from './row-changes.ts';

/** How far back questions about past usage reach where nobody says. */
const DEFAULT_PERIOD_MS = 30 * 86_400_000;
const MAX_CONFLICTS = 20;

/** @throws request_invalid */
export function readRecentPeriod(query: Query, now: number): UsagePeriod {
  const { since, until } = readPeriod(query);
  return { since: since ?? new Date((until?.getTime() ?? now) - DEFAULT_PERIOD_MS), until };
}

/** `target,day` or a list of such names; by target where nothing is said. @throws request_invalid */
export function readComparisonGroups(names: readonly string[]): ComparisonGroup[] {
  const asked = names.filter((name) => name !== '');
  const groups = [...new Set(asked)].map((name) => {
    const group = COMPARISON_GROUPS.find((known) => known === name);
    if (group) return group;
    const message = `\`by\` knows no "${name}". Group by any of ${COMPARISON_GROUPS.join(', ')}.`;
    throw new GatewayError('request_invalid', { message, param: 'by' });
  });
  return groups.length === 0 ? ['target'] : groups;
}

/** @throws request_invalid that names the first row and field at fault */
export function readSentPrices(document: unknown, now: number): PriceDocument {
  try {
    return readPriceDocument(document, new Date(now).toISOString().slice(0, 10));
  } catch (thrown) {
    if (!(thrown instanceof PriceDocumentError)) throw thrown;
    const [first] = thrown.faults;
    throw new GatewayError('request_invalid', { message: thrown.message, param: first?.key || 'prices' });
  }
}

/** Why nothing was stored. */
export function conflictText(conflicts: readonly Conflict[]): string {
  const lines = conflicts
    .slice(0, MAX_CONFLICTS)
    .map((conflict) => `${rowKey(conflict.row)} is stored with other numbers: ${differenceOf(conflict)}.`);
  const more = conflicts.length > MAX_CONFLICTS ? [`… and ${conflicts.length - MAX_CONFLICTS} more.`] : [];
  return [...lines, ...more, 'A row never changes: give the new price a later `from`. Nothing was stored.'].join('\n');
}
