import { isTimeZone } from '../../core/time-zone.ts';
import { type Query, invalid, readPeriod, readText, refuseUnknown } from '../listing/query.ts';
import { TIME_GROUPS } from './usage-periods.ts';
import { USAGE_DIMENSIONS, type UsageGroup, type UsageQuestion, isTimeGroup } from './usage-question.ts';

const GROUPS: readonly UsageGroup[] = [...USAGE_DIMENSIONS, ...TIME_GROUPS];
const FORMATS = ['json', 'csv'] as const;
const PARAMETERS = ['by', ...USAGE_DIMENSIONS, 'since', 'until', 'timeZone', 'format'];

export interface UsageRequest {
  readonly question: UsageQuestion;
  /** Undefined where the client's `Accept` decides. */
  readonly format: (typeof FORMATS)[number] | undefined;
}

/** @throws request_invalid with the parameter at fault and what would be right */
export function readUsageRequest(query: Query): UsageRequest {
  refuseUnknown(query, PARAMETERS);
  const timeZone = readTimeZone(query);
  const filter = Object.fromEntries(USAGE_DIMENSIONS.map((dimension) => [dimension, readText(query, dimension)]));
  return {
    question: { by: readGroups(query, GROUPS), filter, period: readPeriod(query, timeZone), timeZone },
    format: readFormat(query),
  };
}

/** What `by` names, each once and at most one part of time. @throws request_invalid */
export function readGroups<Group extends string>(query: Query, known: readonly Group[]): Group[] {
  const names = (readText(query, 'by') ?? '').split(',').filter((name) => name !== '');
  const by = [...new Set(names)].map((name) => {
    const group = known.find((one) => one === name);
    if (!group) throw invalid('by', `knows no "${name}". Group by any of ${known.join(', ')}, separated by commas`);
    return group;
  });
  if (by.filter(isTimeGroup).length > 1) throw invalid('by', `takes one of ${TIME_GROUPS.join(', ')} at most`);
  return by;
}

/** @throws request_invalid */
export function readTimeZone(query: Query): string {
  const name = readText(query, 'timeZone') ?? 'UTC';
  if (isTimeZone(name)) return name;
  throw invalid('timeZone', 'must be the IANA name of a time zone, e.g. Europe/Berlin');
}

/** @throws request_invalid */
export function readFormat(query: Query): UsageRequest['format'] {
  const value = readText(query, 'format');
  const format = FORMATS.find((known) => known === value);
  if (value !== undefined && !format) throw invalid('format', `must be ${FORMATS.join(' or ')}`);
  return format;
}
