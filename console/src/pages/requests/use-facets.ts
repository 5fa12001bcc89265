import { useQuery } from '@tanstack/react-query';

import { fetchRaw } from '../../api/client.ts';
import { isRecord } from './trace-types.ts';

const PATH = '/admin/v1/facets';
const KEPT_MS = 60_000;
const NONE: readonly string[] = [];

/** What the gateway can tell the values of; other filters are typed. */
const TOLD = new Set([
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
]);

/** Values that occurred in the last days, for a filter to suggest: those of most requests first. */
export function useFacet(field: string): readonly string[] {
  const { data } = useQuery({
    queryKey: ['get', PATH, field],
    queryFn: () => askFacet(field),
    staleTime: KEPT_MS,
    retry: false,
    enabled: TOLD.has(field),
  });
  return data ?? NONE;
}

async function askFacet(field: string): Promise<readonly string[]> {
  const response = await fetchRaw(`${PATH}?fields=${encodeURIComponent(field)}`);
  return readFacet(await response.json(), field);
}

/** @param body `{data: [{field, values: [{value}]}]}` */
function readFacet(body: unknown, field: string): readonly string[] {
  const facets = isRecord(body) && Array.isArray(body['data']) ? body['data'].filter(isRecord) : [];
  const values = facets.find((facet) => facet['field'] === field)?.['values'];
  if (!Array.isArray(values)) return NONE;
  return values.filter(isRecord).flatMap(({ value }) => (typeof value === 'string' && value !== '' ? [value] : []));
}
