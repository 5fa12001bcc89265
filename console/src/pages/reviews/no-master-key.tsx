import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { useSeesAll } from '../../api/session.ts';
import { Code } from '../../ui/code.tsx';
import { Note } from '../../ui/states.tsx';
import type { Policy } from '../safety/wire.ts';

const START = `export CAUSEWAY_MASTER_KEY="$(openssl rand -base64 32)"
causeway start`;

/** Policies in force; undefined while nothing is known, or for those who may not see them. */
export function usePolicies(): readonly Policy[] | undefined {
  const { data } = api.useQuery('get', '/admin/v1/guards', {}, { enabled: useSeesAll() });
  return data?.data;
}

/** Whether any of them would have something wait. */
export function asksForReview(policies: readonly Policy[]): boolean {
  return policies.some(({ guards }) => guards.some(({ actions }) => Object.values(actions).includes('review')));
}

/** Said where policies want reviews, and nothing can be sealed. */
export function NoMasterKey() {
  const { t } = useTranslation('reviews');
  const names = (usePolicies() ?? []).filter(({ unsealed }) => unsealed).map(({ name }) => name);
  if (names.length === 0) return null;
  return (
    <Note tone="warn" className="mb-4 space-y-2">
      <p>{t('masterKey', { policies: names.join(', ') })}</p>
      <Code text={START} />
    </Note>
  );
}
