import { GatewayError } from '../core/errors.ts';
import { parseDuration } from '../core/units.ts';
import { readPeriod } from '../records/listing/query.ts';
import { UsageError } from './command.ts';

/**
 * A time such as 2026-11-01 or 2026-11-01T08:00:00Z, or so long back, as 7d.
 * @param until now where absent
 * @throws UsageError
 */
export function recentPeriod(
  { since, until }: { readonly since: string; readonly until?: string | undefined },
  now: number,
): { readonly since: Date; readonly until: Date } {
  const at = (text: string): string => {
    const back = parseDuration(text);
    return back ? String(Math.max(0, now - back)) : text;
  };
  try {
    const read = readPeriod({ since: at(since), until: until === undefined ? String(now) : at(until) });
    return { since: read.since ?? new Date(0), until: read.until ?? new Date(now) };
  } catch (thrown) {
    throw thrown instanceof GatewayError ? new UsageError(thrown.message.replace(' (query)', '')) : thrown;
  }
}
