import { useMemo } from 'react';

import { useSince } from '../shell/use-since.ts';
import { api } from './client.ts';
import { useSeesAll, useSession } from './session.ts';

/** What the gateway can tell the values of, as the filters of requests name it. */
const FACETS = [
  'model',
  'virtual_model',
  'target',
  'project',
  'organisation',
  'key',
  'user',
  'endpoint',
  'response_model',
  'prompt_version',
  'arm',
  'operation',
  'finish_reason',
  'error_code',
] as const;

const KEPT_MS = 60_000;
const NONE: readonly string[] = [];

/** Values that occurred in the last 30 days, those of most requests first; none of what the gateway cannot tell. */
export function useFacet(name: string): readonly string[] {
  const since = useSince('30d');
  const { data } = api.useQuery(
    'get',
    '/admin/v1/facets',
    { params: { query: { fields: name, since } } },
    // What is only suggested is not worth asking twice.
    { staleTime: KEPT_MS, retry: false, enabled: FACETS.some((known) => known === name) },
  );
  const values = data?.data[0]?.values;
  return useMemo(() => values?.map(({ value }) => value).filter((value) => value !== '') ?? NONE, [values]);
}

/** Projects with requests or in an organisation; of those who see some alone, these. */
export function useKnownProjects(): readonly string[] {
  const used = useFacet('project');
  const { data: operator } = useSession();
  const seen = operator?.projects ?? NONE;
  const seesAll = useSeesAll();
  const { data } = api.useQuery('get', '/admin/v1/organisations', {}, { enabled: seesAll });
  return useMemo(
    () => [...new Set([...used, ...seen, ...(data?.data ?? []).flatMap(({ projects }) => projects)])],
    [used, seen, data],
  );
}

/** Names that clients may ask for by which the operator means a model. */
export function useVirtualModels(): readonly string[] {
  const { data } = api.useQuery('get', '/admin/v1/models');
  return useMemo(() => data?.data.map(({ name }) => name) ?? NONE, [data]);
}
