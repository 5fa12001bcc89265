import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { duration } from '../../format/numbers.ts';
import { fullTime } from '../../format/times.ts';
import { Badge } from '../../ui/badge.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { PageSkeleton } from '../../ui/skeleton.tsx';
import { Note } from '../../ui/states.tsx';
import { useSettingsPages } from '../operators/settings-pages.ts';
import { type PartName, partsOf } from './health-parts.ts';
import { HealthPart } from './health-part.tsx';
import { ProviderTable } from './provider-table.tsx';
import type { Status } from './wire.ts';

const EVERY_MS = 5000;

/** How the replica that answers is, part by part. */
export function Page() {
  const { t } = useTranslation('settings');
  const status = api.useQuery('get', '/admin/v1/status', {}, { refetchInterval: EVERY_MS });
  return (
    <>
      <PageHeader title={t('title')} hint={t('healthHint')} pages={useSettingsPages()} />
      <div className="space-y-4">
        <QueryView query={status} skeleton={<PageSkeleton />}>
          {(found) => (
            <>
              {status.isError ? <Note tone="warn">{t('oldFigures')}</Note> : null}
              <Replica status={found} />
              <Parts status={found} />
            </>
          )}
        </QueryView>
        <ProviderTable />
      </div>
    </>
  );
}

function Replica({ status }: { readonly status: Status }) {
  const { t } = useTranslation('settings');
  const { ok, version, node, host, pid, uptime_seconds: uptime, started_at: started } = status;
  const facts: readonly (readonly [string, string, string?])[] = [
    [t('version'), version],
    ['Node.js', node],
    [t('host'), `${host} · ${pid}`],
    [t('uptime'), duration(Math.round(uptime) * 1000), fullTime(started)],
  ];
  return (
    <section
      aria-label={t('replica')}
      className="flex flex-wrap items-center gap-x-8 gap-y-2 rounded-lg border border-line bg-panel px-4 py-3"
    >
      <Badge tone={ok ? 'good' : 'bad'} className="px-2 py-1 text-[13px]">
        {ok ? t('allWell') : t('notWell')}
      </Badge>
      <dl className="flex flex-wrap gap-x-8 gap-y-2 text-[13px]">
        {facts.map(([name, value, title]) => (
          <div key={name}>
            <dt className="text-xs text-muted">{name}</dt>
            <dd className="font-medium tabular-nums" title={title}>
              {value}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Parts({ status }: { readonly status: Status }) {
  const { t } = useTranslation('settings');
  const parts = partsOf(status, t);
  // What is not well stands first, the rest where one looked for it the last time.
  const names = (Object.keys(parts) as PartName[]).toSorted((a, b) => Number(status[a].ok) - Number(status[b].ok));
  return (
    <div className="columns-1 gap-4 md:columns-2 xl:columns-3">
      {names.map((name) => (
        <HealthPart
          key={name}
          title={t(`part_${name}`)}
          hint={t(`partHint_${name}`)}
          part={status[name]}
          facts={parts[name]}
        />
      ))}
    </div>
  );
}
