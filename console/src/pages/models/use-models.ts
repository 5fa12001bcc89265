import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';

import { api, client } from '../../api/client.ts';
import { nameIn, useUsage } from '../../api/usage.ts';
import { useBeat } from '../../shell/beat.ts';
import { readRange } from '../../shell/time-range.ts';
import { type Health, healthByTarget } from './health.ts';
import type { Overview } from './wire.ts';

/** Breakers and queues change by the second; nobody tells of it. */
const LOOK_EVERY_MS = 5000;
/** Of so many models, those with most requests, the figures are asked for: one question each. */
const MOST_ASKED = 30;
const FRESH_MS = 30_000;

export function useModels() {
  return api.useQuery('get', '/admin/v1/models');
}

export function useTargets() {
  return api.useQuery('get', '/admin/v1/targets', {}, { refetchInterval: LOOK_EVERY_MS });
}

const NOBODY: ReadonlyMap<string, Health> = new Map();

export function useHealth(): ReadonlyMap<string, Health> {
  const { data } = useTargets();
  return useMemo(() => (data === undefined ? NOBODY : healthByTarget(data.data)), [data]);
}

function useLastHour(): string {
  const now = useBeat();
  return useMemo(() => readRange({ range: '1h' }, '1h', now).since, [now]);
}

/** What a model did in the last hour. */
export interface ModelFigures {
  readonly requests: number;
  readonly costUsd: number;
  readonly totals: Overview['totals'] | undefined;
}

/** By name; undefined until it is known. A model without requests is not in it. */
export function useFigures(): ReadonlyMap<string, ModelFigures> | undefined {
  const since = useLastHour();
  const { data } = useUsage({ by: 'virtual_model', since });
  const used = useMemo(
    () =>
      (data?.data ?? []).flatMap((row) => {
        const name = nameIn(row, 'virtual_model');
        return name === null ? [] : [{ name, requests: row.requests, costUsd: row.cost_usd }];
      }),
    [data],
  );
  const asked = useMemo(() => used.toSorted((a, b) => b.requests - a.requests).slice(0, MOST_ASKED), [used]);
  const totals = useQueries({
    queries: asked.map(({ name }) => ({
      queryKey: ['model-figures', name, since],
      staleTime: FRESH_MS,
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        const query = { virtual_model: name, since };
        return (await client.GET('/admin/v1/overview', { params: { query }, signal })).data?.totals;
      },
    })),
    combine: (answers) => answers.map(({ data: one }) => one),
  });
  return useMemo(() => {
    if (data === undefined) return undefined;
    const byName = new Map(asked.map(({ name }, at) => [name, totals[at]]));
    return new Map(used.map(({ name, requests, costUsd }) => [name, { requests, costUsd, totals: byName.get(name) }]));
  }, [data, used, asked, totals]);
}
