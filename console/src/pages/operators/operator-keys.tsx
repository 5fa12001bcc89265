import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, client } from '../../api/client.ts';
import { PAGED } from '../../api/paged.ts';
import { askAgain } from '../../api/query-client.ts';
import { useBeat } from '../../shell/beat.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Ago, Time } from '../../ui/figures.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Empty } from '../../ui/states.tsx';
import { type KeyState, keyState } from './key-state.ts';
import { ListView } from './list-view.tsx';
import { Projects, RoleBadge } from './role-badge.tsx';
import type { OperatorKey } from './wire.ts';

const TONES = { live: 'good', expired: 'neutral', revoked: 'neutral' } as const;
const STATE_TEXTS = { live: 'stateLive', expired: 'stateExpired', revoked: 'stateRevoked' } as const;

/** Keys of people and programs that run the gateway. */
export function OperatorKeys({ create }: { readonly create: () => void }) {
  const { t } = useTranslation('operators');
  const [chosen, setChosen] = useState<OperatorKey>();
  const now = useBeat();
  const keys = api.useInfiniteQuery('get', '/admin/v1/operators', { params: { query: { limit: '100' } } }, PAGED);
  const columns = useMemo(() => columnsOf(t, now, setChosen), [t, now]);
  const empty = (
    <Empty title={t('noKeys')} action={<Button onClick={create}>{t('newOperator')}</Button>}>
      {t('noKeysHint')}
    </Empty>
  );
  return (
    <Panel title={t('keys')} hint={t('keysHint')} flush>
      <ListView query={keys}>
        {(rows) => <DataTable label={t('keys')} columns={columns} rows={rows} rowKey={({ id }) => id} empty={empty} />}
      </ListView>
      {chosen === undefined ? null : <RevokeDialog operator={chosen} onClose={() => setChosen(undefined)} />}
    </Panel>
  );
}

type Words = ReturnType<typeof useTranslation<'operators'>>['t'];

function columnsOf(t: Words, now: number, revoke: (key: OperatorKey) => void): Column<OperatorKey>[] {
  const state = (key: OperatorKey): KeyState => keyState(key, now);
  return [
    {
      id: 'name',
      header: t('name'),
      width: 'minmax(9rem, 18rem)',
      sortBy: ({ name }) => name,
      cell: ({ name, hint }) => (
        <span title={name}>
          {name} <span className="font-mono text-xs text-muted">{hint}</span>
        </span>
      ),
    },
    { id: 'role', header: t('role'), width: '5.5rem', cell: ({ role }) => <RoleBadge role={role} /> },
    {
      id: 'projects',
      header: t('projects'),
      width: 'minmax(7rem, 16rem)',
      cell: ({ projects }) => <Projects names={projects} />,
    },
    {
      id: 'state',
      header: t('state'),
      width: '5.5rem',
      cell: (key) => <Badge tone={TONES[state(key)]}>{t(STATE_TEXTS[state(key)])}</Badge>,
    },
    {
      id: 'expires',
      header: t('expires'),
      width: 'minmax(7rem, 11rem)',
      cell: ({ expires_at: at }) => (at === null ? <span className="text-muted">{t('never')}</span> : <Time at={at} />),
    },
    { id: 'created', header: t('made'), width: 'minmax(7rem, 9rem)', cell: ({ created_at: at }) => <Ago at={at} /> },
    {
      id: 'actions',
      header: <span className="sr-only">{t('actions', { ns: 'common' })}</span>,
      width: 'minmax(5rem, 1fr)',
      align: 'right',
      cell: (key) =>
        key.revoked_at === null ? (
          <Button kind="danger" size="small" onClick={() => revoke(key)} aria-label={t('revokeOf', { name: key.name })}>
            {t('revoke')}
          </Button>
        ) : null,
    },
  ];
}

function RevokeDialog({ operator, onClose }: { readonly operator: OperatorKey; readonly onClose: () => void }) {
  const { t } = useTranslation('operators');
  const sessions = api.useQuery('get', '/admin/v1/sessions', { params: { query: { limit: '500' } } });
  const open = sessions.data?.data.filter(({ name, by }) => name === operator.name && by === 'operator-key').length;
  const revoke = async (): Promise<void> => {
    await client.DELETE('/admin/v1/operators/{id}', { params: { path: { id: operator.id } } });
    await askAgain('/admin/v1/operators', '/admin/v1/sessions');
  };
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t('revokeTitle', { name: operator.name })}
      affects={
        <>
          <p>{t('revokeAffects')}</p>
          {open === undefined || open === 0 ? null : <p className="mt-2">{t('revokeSessions', { count: open })}</p>}
        </>
      }
      verb={t('revoke')}
      run={revoke}
      done={t('revoked', { name: operator.name })}
    />
  );
}
