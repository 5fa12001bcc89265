import type { SearchState } from '../../shell/search-state.ts';
import type { TimeRange } from '../../shell/time-range.ts';
import { type Bucket, readerZone, usualBucket } from './time-buckets.ts';
import { GROUPS, type Group, MEASURES, type Measure } from './usage-rows.ts';

/** What the address asks for. */
export interface UsageQuestion {
  readonly by: Group;
  readonly measure: Measure;
  readonly bucket: Bucket;
  readonly filters: Readonly<Partial<Record<Group, string>>>;
  readonly since: string;
  readonly until: string | undefined;
  readonly lengthMs: number;
}

/** Hours of a longer time would be too many bars to tell apart. */
const LONGEST_BY_HOUR_MS = 31 * 86_400_000;

export function readUsageQuestion(search: SearchState, range: TimeRange): UsageQuestion {
  const filters = Object.fromEntries(
    GROUPS.flatMap((name) => (search[name] === undefined ? [] : [[name, search[name]]])),
  );
  const { since, until, lengthMs } = range;
  const wished = (['hour', 'day'] as const).find((name) => name === search['bucket']);
  const bucket = lengthMs > LONGEST_BY_HOUR_MS ? 'day' : (wished ?? usualBucket(lengthMs));
  return {
    by: GROUPS.find((name) => name === search['by']) ?? 'model',
    measure: MEASURES.find((name) => name === search['measure']) ?? 'cost',
    bucket,
    filters,
    since,
    until,
    lengthMs,
  };
}

export type UsageQuery = Readonly<Record<string, string>>;

export function usageQuery({ filters, since, until }: UsageQuestion, by: readonly string[]): UsageQuery {
  return {
    ...filters,
    since,
    ...(until !== undefined && { until }),
    ...(by.length > 0 && { by: by.join(',') }),
    timeZone: readerZone(),
  };
}

/** As long as the time asked for, and right before it. */
export function queryBefore(question: UsageQuestion, by: readonly string[]): UsageQuery {
  const since = new Date(Date.parse(question.since) - question.lengthMs).toISOString();
  return usageQuery({ ...question, since, until: question.since }, by);
}

/** What to look at next once a filter holds: never the thing that is one already. */
export function nextGroup(filters: UsageQuestion['filters'], chosen: Group): Group {
  return GROUPS.find((name) => name !== chosen && filters[name] === undefined) ?? chosen;
}

export function csvAddress(path: '/admin/v1/usage' | '/admin/v1/savings', query: UsageQuery): string {
  return `${path}?${new URLSearchParams({ ...query, format: 'csv' }).toString()}`;
}
