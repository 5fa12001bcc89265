import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { useSince } from '../../shell/use-since.ts';
import { api } from '../../api/client.ts';
import { useUsage } from '../../api/usage.ts';
import { compact, count, share } from '../../format/numbers.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Cost } from '../../ui/figures.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { type ProjectRow, projectRows } from './project-rows.ts';

const TO_KEYS = '500';

function ProjectLinks({ name }: { readonly name: string }) {
  const { t } = useTranslation(['keys', 'common']);
  const look = 'text-accent hover:underline';
  return (
    <span className="flex justify-end gap-3">
      <Link to="/keys" search={{ project: name }} className={look} aria-label={`${t('itsKeys')}: ${name}`}>
        {t('itsKeys')}
      </Link>
      <Link to="/requests" search={{ project: name }} className={look} aria-label={`${t('itsRequests')}: ${name}`}>
        {t('itsRequests')}
      </Link>
      <Link
        to="/cost"
        search={{ project: name, range: '30d' }}
        className={look}
        aria-label={`${t('itsCost')}: ${name}`}
      >
        {t('itsCost')}
      </Link>
    </span>
  );
}

function useColumns(): readonly Column<ProjectRow>[] {
  const { t } = useTranslation(['keys', 'common']);
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('common:project'),
        cell: ({ name }) => (
          <span className="font-medium" title={name}>
            {name}
          </span>
        ),
        sortBy: ({ name }) => name,
        width: 'minmax(10rem, 1.6fr)',
      },
      {
        id: 'organisation',
        header: t('organisation'),
        cell: ({ organisation }) => organisation ?? <span className="text-muted">–</span>,
        sortBy: ({ organisation }) => organisation,
      },
      {
        id: 'requests',
        header: t('requests30d'),
        cell: ({ requests }) => count(requests),
        sortBy: ({ requests }) => requests,
        align: 'right',
      },
      {
        id: 'tokens',
        header: t('tokens30d'),
        cell: ({ tokens }) => compact(tokens),
        sortBy: ({ tokens }) => tokens,
        align: 'right',
      },
      {
        id: 'cost',
        header: t('cost30d'),
        cell: ({ costUsd, costUnknown }) => <Cost usd={costUsd} known={costUnknown === 0} />,
        sortBy: ({ costUsd }) => costUsd,
        align: 'right',
      },
      {
        id: 'share',
        header: t('costShare'),
        cell: (row) => share(row.share),
        sortBy: (row) => row.share,
        align: 'right',
      },
      {
        id: 'links',
        header: <span className="sr-only">{t('links')}</span>,
        cell: ({ name }) => <ProjectLinks name={name} />,
        align: 'right',
        width: '13rem',
      },
    ],
    [t],
  );
}

export function ProjectTable() {
  const { t } = useTranslation(['keys', 'common']);
  const since = useSince('30d');
  const usage = useUsage({ by: 'project', since });
  const organisations = api.useQuery('get', '/admin/v1/organisations');
  const keys = api.useQuery('get', '/admin/v1/keys', { params: { query: { limit: TO_KEYS } } });
  const columns = useColumns();
  const rows = useMemo(() => {
    const withKeys = (keys.data?.data ?? []).filter((key) => key.revoked_at === null).map(({ project }) => project);
    return projectRows(usage.data?.data ?? [], organisations.data?.data ?? [], withKeys);
  }, [usage.data, organisations.data, keys.data]);
  return (
    <Panel title={t('projects')} hint={t('inTime')} flush>
      <QueryView query={usage}>
        {() => (
          <DataTable
            label={t('projects')}
            columns={columns}
            rows={rows}
            rowKey={({ name }) => name}
            {...(rows.length > 20 && { height: '32rem' })}
            empty={<Empty title={t('noProjects')}>{t('noProjectsHint')}</Empty>}
          />
        )}
      </QueryView>
    </Panel>
  );
}
