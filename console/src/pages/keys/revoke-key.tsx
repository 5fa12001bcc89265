import { useTranslation } from 'react-i18next';

import { useSince } from '../../shell/use-since.ts';
import { api, client } from '../../api/client.ts';
import { askAgain } from '../../api/query-client.ts';
import { useUsage } from '../../api/usage.ts';
import { count, money } from '../../format/numbers.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Ago } from '../../ui/figures.tsx';
import { Note } from '../../ui/states.tsx';
import type { ApiKey } from './key-list.tsx';

/** Says who still calls with the key before it stops working. */
export function RevokeKey({ apiKey, onClose }: { readonly apiKey: ApiKey; readonly onClose: () => void }) {
  const { t } = useTranslation('keys');
  const { id, hint, project } = apiKey;
  const revoke = async (): Promise<void> => {
    await client.DELETE('/admin/v1/keys/{id}', { params: { path: { id } } });
    await askAgain('/admin/v1/keys');
  };
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t('revokeTitle', { hint, project })}
      affects={
        <div className="space-y-2">
          <p>{t('revokeAffects')}</p>
          <LastUse id={id} />
        </div>
      }
      verb={t('revoke')}
      run={revoke}
      done={t('revoked', { hint })}
    />
  );
}

function LastUse({ id }: { readonly id: string }) {
  const { t } = useTranslation('keys');
  const since = useSince('24h');
  const usage = useUsage({ key: id, since });
  const last = api.useQuery('get', '/admin/v1/traces', { params: { query: { key: id, limit: '1' } } });
  const row = usage.data?.data[0];
  const lastAt = last.data?.data[0]?.started_at;
  if (last.data && lastAt === undefined) return <Note>{t('neverUsed')}</Note>;
  return (
    <Note tone={row !== undefined && row.requests > 0 ? 'warn' : 'neutral'}>
      {t('lastUsed')} <Ago at={lastAt} />
      {'. '}
      {t('usedInDay', {
        count: row?.requests ?? 0,
        requests: count(row?.requests ?? 0),
        cost: money(row?.cost_usd ?? 0),
      })}
    </Note>
  );
}
