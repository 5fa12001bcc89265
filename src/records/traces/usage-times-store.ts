import { GatewayError } from '../../core/errors.ts';
import { asked } from '../../storage/database/asked.ts';
import type { Database } from '../../storage/database/database.ts';
import { type SQL, sql } from '../../storage/drizzle/queries.ts';
import type { Period } from '../listing/query.ts';
import { SLOT_MS } from './rollup-batch.ts';
import { type TimeGroup, type UsageBucket, bucketsBetween } from './usage-periods.ts';
import { type UsagePiece, piecesOf } from './usage-pieces.ts';
import { isTimeGroup } from './usage-question.ts';

/** More parts of time than anybody reads. */
const MAX_BUCKETS = 5000;

/** How a question's time is read. */
export interface TimePlan {
  /** None where there is nothing to read. */
  readonly pieces: readonly UsagePiece[];
  /** The parts of time that are grouped by; none where it is not grouped by time. */
  readonly buckets: readonly UsageBucket[];
}

interface TimedQuestion {
  readonly by: readonly string[];
  readonly period?: Period;
  readonly timeZone?: string;
}

/**
 * Of usage and of savings, which have the same slots and days.
 * @throws request_invalid where there would be too many parts of time; storage_unavailable
 */
export async function planTimes(
  database: Pick<Database, 'orm'>,
  { by, period = {}, timeZone = 'UTC' }: TimedQuestion,
): Promise<TimePlan> {
  const from = period.since?.getTime() ?? -Infinity;
  const until = period.until?.getTime() ?? Infinity;
  const group = by.find(isTimeGroup);
  if (!group) return { pieces: piecesOf(from, until, []), buckets: [] };
  // Only the time of which there is usage is cut, since one without bounds has no end of parts.
  const within = await extent(database, from, until);
  if (!within) return { pieces: [], buckets: [] };
  const buckets = bucketsBetween(group, timeZone, within, MAX_BUCKETS);
  if (buckets.length > MAX_BUCKETS) throw tooManyBuckets(group);
  const starts = buckets.map(({ startsAt }) => startsAt);
  return { pieces: piecesOf(within.from, within.until, starts), buckets };
}

/** The part of a time of which there are sums. */
async function extent(
  { orm }: Pick<Database, 'orm'>,
  from: number,
  until: number,
): Promise<{ from: number; until: number } | undefined> {
  const query: SQL = sql`select extract(epoch from min(slot))::float8 * 1000 as first,
    extract(epoch from max(slot))::float8 * 1000 as last from usage_slots`;
  const { rows } = await asked(orm.execute<{ first: number | null; last: number | null }>(query));
  const { first = null, last = null } = rows[0] ?? {};
  if (first === null || last === null) return undefined;
  const within = { from: Math.max(from, first), until: Math.min(until, last + SLOT_MS) };
  return within.from < within.until ? within : undefined;
}

function tooManyBuckets(group: TimeGroup): GatewayError {
  return new GatewayError('request_invalid', {
    message: `There are over ${MAX_BUCKETS} times of one ${group} between the first usage and the last. Narrow the time with \`since\` and \`until\`.`,
    param: 'by',
  });
}
