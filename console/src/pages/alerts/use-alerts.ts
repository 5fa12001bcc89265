import { api } from '../../api/client.ts';

/** The gateway judges its rules that often. */
const JUDGED_EVERY_MS = 10_000;

/** Rules with what they see, and channels. */
export function useAlerts() {
  return api.useQuery('get', '/admin/v1/alerts', {}, { refetchInterval: JUDGED_EVERY_MS });
}
