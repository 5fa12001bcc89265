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
  const at = (name: string, text: string): string => {
    const back = parseDuration(text);
    if (back !== undefined) return String(Math.max(0, now - back));
    if (isTime(text)) return text;
    throw new UsageError(
      `${name} "${text}" is no time: write 2026-11-01, 2026-11-01T08:00:00Z, or how long back, as 1h or 7d`,
    );
  };
  const [from, to] = [at('--since', since), until === undefined ? String(now) : at('--until', until)];
  try {
    const read = readPeriod({ since: from, until: to });
    return { since: read.since ?? new Date(0), until: read.until ?? new Date(now) };
  } catch (thrown) {
    if (!(thrown instanceof GatewayError)) throw thrown;
    throw new UsageError(`--since ${since} is not before ${until === undefined ? 'now' : `--until ${until}`}`);
  }
}

function isTime(text: string): boolean {
  try {
    readPeriod({ since: text });
    return true;
  } catch (thrown) {
    if (thrown instanceof GatewayError) return false;
    throw thrown;
  }
}
