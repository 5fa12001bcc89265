import { DAY_MS } from '../../core/units.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Database } from '../../storage/database/database.ts';
import type { UsageDimension, UsageGroup } from './usage-question.ts';
import { sumUsage } from './usage-store.ts';

/** Of more names than that those beyond are not looked at. */
const MOST_NAMES = 20_000;

export type BusyDimension = Exclude<UsageDimension, 'target' | 'status' | 'virtual_model'>;

/**
 * Who sent most requests in the last 24 hours, most first; a user is `project/user`. Undefined while the database does
 * not answer.
 */
export async function busiest(
  database: Pick<Database, 'orm'>,
  per: BusyDimension,
  { nowMs, limit }: { readonly nowMs: number; readonly limit: number },
): Promise<string[] | undefined> {
  const by: UsageGroup[] = per === 'user' ? ['project', 'user'] : [per];
  try {
    const rows = await sumUsage(database, by, { since: new Date(nowMs - DAY_MS) }, MOST_NAMES);
    return rows
      .flatMap(({ group, sums }) => {
        const names = group.filter((name) => name !== null);
        return names.length === by.length ? [{ name: names.join('/'), requests: sums.requests }] : [];
      })
      .toSorted((one, other) => other.requests - one.requests)
      .slice(0, limit)
      .map(({ name }) => name);
  } catch (thrown) {
    if (thrown instanceof GatewayError && thrown.code === 'storage_unavailable') return undefined;
    throw thrown;
  }
}
