import { useMemo } from 'react';

import { api } from '../../api/client.ts';
import { nameIn, useUsage } from '../../api/usage.ts';
import { useBeat } from '../../shell/beat.ts';
import { readRange } from '../../shell/time-range.ts';

type Dimension = 'project' | 'model' | 'virtual_model' | 'user';

/** The beginning of the last so and so long; it moves by steps, so that answers can be used again. */
export function useSince(range: '24h' | '30d'): string {
  const now = useBeat();
  return useMemo(() => readRange({ range }, range, now).since, [range, now]);
}

/** Names that were seen lately, those with most requests first. */
export function useKnownNames(by: Dimension): readonly string[] {
  const since = useSince('30d');
  const { data } = useUsage({ by, since });
  return useMemo(
    () =>
      (data?.data ?? [])
        .toSorted((one, other) => other.requests - one.requests)
        .flatMap((row) => nameIn(row, by) ?? []),
    [data, by],
  );
}

/** Projects with requests or in an organisation. */
export function useKnownProjects(): readonly string[] {
  const used = useKnownNames('project');
  const { data } = api.useQuery('get', '/admin/v1/organisations');
  return useMemo(
    () => [...new Set([...used, ...(data?.data ?? []).flatMap(({ projects }) => projects)])],
    [used, data],
  );
}
