import { useQuery } from '@tanstack/react-query';

import { client } from './client.ts';
import type { paths } from './schema.gen.ts';

type Get<Path extends '/admin/v1/usage' | '/admin/v1/savings'> = paths[Path]['get'];
type UsageQuery = NonNullable<Get<'/admin/v1/usage'>['parameters']['query']>;
type SavingsQuery = NonNullable<Get<'/admin/v1/savings'>['parameters']['query']>;

export type UsageAnswer = Get<'/admin/v1/usage'>['responses']['200']['content']['application/json'];
export type SavingsAnswer = Get<'/admin/v1/savings'>['responses']['200']['content']['application/json'];
export type UsageRow = UsageAnswer['data'][number];
export type SavingsRow = SavingsAnswer['data'][number];

interface Asking {
  readonly enabled?: boolean;
  readonly refetchInterval?: number;
}

/** Usage as JSON; the same route gives CSV to whoever asks for that. */
export function useUsage(query: UsageQuery, asking: Asking = {}) {
  return useQuery({
    queryKey: ['get', '/admin/v1/usage', query],
    queryFn: async ({ signal }) =>
      (await client.GET('/admin/v1/usage', { params: { query }, signal })).data as UsageAnswer,
    ...asking,
  });
}

export function useSavings(query: SavingsQuery) {
  return useQuery({
    queryKey: ['get', '/admin/v1/savings', query],
    queryFn: async ({ signal }) =>
      (await client.GET('/admin/v1/savings', { params: { query }, signal })).data as SavingsAnswer,
  });
}

/** What a row is about; null stands for requests that name none. */
export function nameIn(row: Readonly<Record<string, unknown>>, group: string): string | null {
  const name = row[group];
  return typeof name === 'string' && name !== '' ? name : null;
}
