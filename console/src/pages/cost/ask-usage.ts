import { useQuery } from '@tanstack/react-query';

import { client } from '../../api/client.ts';
import type { SavingsAnswer } from './savings-rows.ts';
import type { UsageQuery } from './usage-question.ts';
import type { UsageAnswer } from './usage-rows.ts';

interface Asking {
  readonly enabled?: boolean;
  readonly refetchInterval?: number;
}

/** These answer with JSON or CSV; without `format` it is JSON. */
export function useUsage(query: UsageQuery, asking: Asking = {}) {
  return useQuery<UsageAnswer>({
    queryKey: ['get', '/admin/v1/usage', query],
    queryFn: async () => (await client.GET('/admin/v1/usage', { params: { query } })).data as UsageAnswer,
    ...asking,
  });
}

export function useSavings(query: UsageQuery) {
  return useQuery<SavingsAnswer>({
    queryKey: ['get', '/admin/v1/savings', query],
    queryFn: async () => (await client.GET('/admin/v1/savings', { params: { query } })).data as SavingsAnswer,
  });
}
