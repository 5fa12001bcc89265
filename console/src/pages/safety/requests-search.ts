import type { SearchState } from '../../shell/search-state.ts';
import type { TimeRange } from '../../shell/time-range.ts';

interface Asked {
  readonly verdict?: string;
  readonly guard?: string;
  readonly project?: string | undefined;
  readonly range: TimeRange;
}

/** The address of the requests that a figure here stands for. */
export function requestsSearch({ verdict, guard, project, range }: Asked): SearchState {
  const time: SearchState =
    range.name === 'custom'
      ? { since: range.since, ...(range.until !== undefined && { until: range.until }) }
      : { range: range.name };
  return {
    ...time,
    ...(verdict !== undefined && { verdict }),
    ...(guard !== undefined && { guard }),
    ...(project !== undefined && { project }),
  };
}
