import type { Period } from '../listing/query.ts';
import { TIME_GROUPS, type TimeGroup } from './usage-periods.ts';

/** What usage can be grouped and filtered by. A target is that of each attempt, so a request may count at several. */
export const USAGE_DIMENSIONS = [
  'model',
  'user',
  'endpoint',
  'project',
  'key',
  'target',
  'status',
  'organisation',
  'virtual_model',
] as const;
export type UsageDimension = (typeof USAGE_DIMENSIONS)[number];
export type UsageGroup = UsageDimension | TimeGroup;

export type UsagePeriod = Period;

export interface UsageQuestion {
  /** At most one part of time among them. */
  readonly by: readonly UsageGroup[];
  readonly filter?: { readonly [Dimension in UsageDimension]?: string | undefined };
  readonly period?: UsagePeriod;
  /** IANA name; UTC where absent. */
  readonly timeZone?: string;
}

export function isTimeGroup(group: string): group is TimeGroup {
  return TIME_GROUPS.some((known) => known === group);
}
