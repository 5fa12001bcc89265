import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, client } from '../../api/client.ts';
import { PAGED } from '../../api/paged.ts';
import { askAgain } from '../../api/query-client.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Ago, Time } from '../../ui/figures.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ListView } from './list-view.tsx';
import { RoleBadge, Way } from './role-badge.tsx';
import type { OpenSession } from './wire.ts';

type Words = ReturnType<typeof useTranslation<'operators'>>['t'];

/** Who is signed in, and from where. */
export function SessionsPanel() {
  const { t } = useTranslation('operators');
  const [chosen, setChosen] = useState<OpenSession>();
  const sessions = api.useInfiniteQuery('get', '/admin/v1/sessions', { params: { query: { limit: '100' } } }, PAGED);
  const columns = useMemo(() => columnsOf(t, setChosen), [t]);
  const end = async (): Promise<void> => {
    if (chosen) await client.DELETE('/admin/v1/sessions/{id}', { params: { path: { id: chosen.id } } });
    await askAgain('/admin/v1/sessions');
  };
  return (
    <Panel title={t('sessions')} hint={t('sessionsHint')} flush>
      <ListView query={sessions}>
        {(rows) => <DataTable label={t('sessions')} columns={columns} rows={rows} rowKey={({ id }) => id} />}
      </ListView>
      <ConfirmDialog
        open={chosen !== undefined}
        onClose={() => setChosen(undefined)}
        title={t('endTitle', { name: chosen?.name ?? '' })}
        affects={t('endAffects')}
        verb={t('end')}
        run={end}
        done={t('ended')}
      />
    </Panel>
  );
}

function columnsOf(t: Words, end: (session: OpenSession) => void): Column<OpenSession>[] {
  return [
    {
      id: 'name',
      header: t('name'),
      width: 'minmax(9rem, 18rem)',
      sortBy: ({ name }) => name,
      cell: ({ name, current }) => (
        <span title={name}>
          {name} {current ? <Badge tone="good">{t('here')}</Badge> : null}
        </span>
      ),
    },
    { id: 'role', header: t('role'), width: '5.5rem', cell: ({ role }) => <RoleBadge role={role} /> },
    { id: 'by', header: t('by'), width: '8rem', cell: ({ by }) => <Way by={by} /> },
    {
      id: 'address',
      header: t('address'),
      width: 'minmax(8rem, 12rem)',
      cell: ({ address }) => <span className="font-mono text-xs">{address}</span>,
    },
    { id: 'since', header: t('since'), width: 'minmax(7rem, 9rem)', cell: ({ created_at: at }) => <Ago at={at} /> },
    { id: 'expires', header: t('until'), width: 'minmax(7rem, 11rem)', cell: ({ expires_at: at }) => <Time at={at} /> },
    {
      id: 'actions',
      header: <span className="sr-only">{t('actions', { ns: 'common' })}</span>,
      width: 'minmax(5rem, 1fr)',
      align: 'right',
      cell: (session) =>
        session.current ? null : (
          <Button size="small" onClick={() => end(session)} aria-label={t('endOf', { name: session.name })}>
            {t('end')}
          </Button>
        ),
    },
  ];
}
