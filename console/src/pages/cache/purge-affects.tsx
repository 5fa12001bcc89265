import { useTranslation } from 'react-i18next';

import { useSince } from '../../shell/use-since.ts';
import { api } from '../../api/client.ts';
import { useSavings } from '../../api/usage.ts';
import { count, money } from '../../format/numbers.ts';
import { Note } from '../../ui/states.tsx';
import { PURGE_FIELDS, type PurgeBody, purgeScope } from './purge-filter.ts';

const GIVEN = new Set(['exact', 'coalesced', 'semantic']);

/** What is deleted, and how much was given from there of late: that will be asked of models again. */
export function PurgeAffects({ body }: { readonly body: PurgeBody }) {
  const { t } = useTranslation('cache');
  const since = useSince('24h');
  const state = api.useQuery('get', '/admin/v1/cache');
  const savings = useSavings({ by: 'mechanism', since, ...purgeScope(body) });
  const given = (savings.data?.data ?? []).filter((row) => GIVEN.has(String(row['mechanism'])));
  const requests = given.reduce((sum, row) => sum + row.requests, 0);
  const saved = given.reduce((sum, row) => sum + row.saved_usd, 0);
  const held = (state.data?.memory.entries ?? 0) + (state.data?.semantic.entries ?? 0);
  return (
    <div className="space-y-3">
      {'all' in body ? (
        <p>{t('affectsAll', { entries: count(held) })}</p>
      ) : (
        <>
          <p>{t('affectsNamed', { entries: count(held) })}</p>
          <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
            {PURGE_FIELDS.filter((field) => body[field] !== undefined).map((field) => (
              <div key={field} className="contents">
                <dt className="text-muted">{t(`purge_${field}`)}</dt>
                <dd className="min-w-0 font-medium break-words">{body[field]}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
      <Note tone={requests > 0 ? 'warn' : 'neutral'}>
        {t('affectsUse', { count: requests, requests: count(requests), saved: money(saved) })}
      </Note>
      <p className="text-xs text-muted">{t('affectsReplicas')}</p>
    </div>
  );
}
