import { keepPreviousData } from '@tanstack/react-query';

import { api } from '../../api/client.ts';
import type { paths } from '../../api/schema.gen.ts';
import type { TimeRange } from '../../shell/time-range.ts';

export type OverviewAnswer = paths['/admin/v1/overview']['get']['responses']['200']['content']['application/json'];
export type OverviewSeries = OverviewAnswer['series'];

/** Figures that change by themselves are asked for again this often at least; live ticks do it sooner. */
const AGAIN_MS = 30_000;

export function useOverview({ since, until }: TimeRange, project: string | undefined) {
  const query = { since, ...(until !== undefined && { until }), ...(project !== undefined && { project }) };
  return api.useQuery(
    'get',
    '/admin/v1/overview',
    { params: { query } },
    { refetchInterval: AGAIN_MS, placeholderData: keepPreviousData },
  );
}
