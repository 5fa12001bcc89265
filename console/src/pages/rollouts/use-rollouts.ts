import { useMemo } from 'react';

import { api } from '../../api/client.ts';
import { useUsage } from '../../api/usage.ts';
import { useBeat } from '../../shell/beat.ts';
import { readRange } from '../../shell/time-range.ts';
import { type RolloutRow, canaryRow, experimentRow, flagRow, shadowRow } from './rollout-rows.ts';

/** Replicas look as often themselves. */
export const LOOK_EVERY_MS = 5000;
const ALL = { params: { query: { limit: '500' } } };
const LIVE = { refetchInterval: LOOK_EVERY_MS };

/** All that is tried, and the questions that it was asked with. */
export function useRollouts() {
  const canaries = api.useQuery('get', '/admin/v1/canaries', ALL, LIVE);
  const experiments = api.useQuery('get', '/admin/v1/experiments', ALL, LIVE);
  const shadows = api.useQuery('get', '/admin/v1/shadows', ALL, LIVE);
  const flags = api.useQuery('get', '/admin/v1/flags', ALL, LIVE);
  const rows = useMemo<readonly RolloutRow[] | undefined>(() => {
    if (!canaries.data || !experiments.data || !shadows.data || !flags.data) return undefined;
    return [
      ...canaries.data.data.map(canaryRow),
      ...experiments.data.data.map(experimentRow),
      ...shadows.data.data.map(shadowRow),
      ...flags.data.data.map(flagRow),
    ];
  }, [canaries.data, experiments.data, shadows.data, flags.data]);
  return { rows, queries: [canaries, experiments, shadows, flags] };
}

/** Of a model, in the last hour: what a change of it affects. */
export function useRequestsOfHour(model: string | null): number | undefined {
  const now = useBeat();
  const { since } = useMemo(() => readRange({ range: '1h' }, '1h', now), [now]);
  const { data } = useUsage({ virtual_model: model ?? '', since }, { enabled: model !== null });
  return data === undefined ? undefined : (data.data[0]?.requests ?? 0);
}
