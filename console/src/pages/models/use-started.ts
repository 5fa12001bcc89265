import { api } from '../../api/client.ts';
import { clockTime } from '../../format/times.ts';

/** When this process began to look at targets; undefined until it is known. */
export function useStarted(): string | undefined {
  const { data } = api.useQuery('get', '/admin/v1/status', {}, { staleTime: 60_000 });
  return data === undefined ? undefined : clockTime(data.started_at);
}
