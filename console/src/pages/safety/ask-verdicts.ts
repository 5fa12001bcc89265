import { keepPreviousData } from '@tanstack/react-query';

import { api } from '../../api/client.ts';
import { useSession } from '../../api/session.ts';
import { useSearchState } from '../../shell/search-state.ts';
import type { TimeRange } from '../../shell/time-range.ts';

/** Figures are asked for again this often at least; live ticks do it sooner. */
const AGAIN_MS = 30_000;

/** Whose figures are shown: who may see some projects only always sees one. */
export function useProject(): string | undefined {
  const [{ project }] = useSearchState();
  const { data: operator } = useSession();
  return project ?? operator?.projects?.[0];
}

export function useVerdicts(by: string, { since, until }: TimeRange) {
  const project = useProject();
  const query = { by, since, ...(until !== undefined && { until }), ...(project !== undefined && { project }) };
  return api.useQuery(
    'get',
    '/admin/v1/guards/verdicts',
    { params: { query } },
    { refetchInterval: AGAIN_MS, placeholderData: keepPreviousData },
  );
}
