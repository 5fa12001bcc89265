import type { UseQueryResult } from '@tanstack/react-query';

import type { paths } from '../../api/schema.gen.ts';

/** The time that is looked at, as queries have it. */
export interface Window {
  readonly since: string;
  readonly until?: string;
}

export type OverviewAnswer = paths['/admin/v1/overview']['get']['responses']['200']['content']['application/json'];
export type OverviewQuery = UseQueryResult<OverviewAnswer, unknown>;
