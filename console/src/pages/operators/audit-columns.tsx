import type { useTranslation } from 'react-i18next';

import { Badge, type Tone } from '../../ui/badge.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { Time } from '../../ui/figures.tsx';
import { deedOf } from './deeds.ts';
import { RoleBadge } from './role-badge.tsx';
import type { AuditEntry } from './wire.ts';

type Words = ReturnType<typeof useTranslation<'operators'>>['t'];

const REFUSED = 400;

export function statusTone(status: number): Tone {
  return status >= REFUSED ? 'bad' : 'good';
}

export function auditColumns(t: Words): Column<AuditEntry>[] {
  return [
    { id: 'at', header: t('time', { ns: 'common' }), width: '9.5rem', cell: ({ at }) => <Time at={at} /> },
    {
      id: 'actor',
      header: t('actor'),
      width: 'minmax(10rem, 16rem)',
      cell: ({ actor, role }) => (
        <span title={actor}>
          {actor} {role === null ? null : <RoleBadge role={role} />}
        </span>
      ),
    },
    {
      id: 'action',
      header: t('action'),
      width: 'minmax(14rem, 22rem)',
      cell: ({ action }) => <Deed action={action} t={t} />,
    },
    {
      id: 'subject',
      header: t('subject'),
      width: 'minmax(12rem, 24rem)',
      cell: ({ subject }) => <span title={subject}>{subject}</span>,
    },
    {
      id: 'status',
      header: t('status', { ns: 'common' }),
      width: '4.5rem',
      cell: ({ status }) => <Badge tone={statusTone(status)}>{status}</Badge>,
    },
    {
      id: 'address',
      header: t('address'),
      width: 'minmax(9rem, 1fr)',
      cell: ({ address }) => <span className="font-mono text-xs">{address}</span>,
    },
  ];
}

/** In words first; as it was sent for those who filter by it. */
function Deed({ action, t }: { readonly action: string; readonly t: Words }) {
  const deed = deedOf(action);
  return (
    <span title={action}>
      {deed === undefined ? null : <>{t(`deed.${deed}`)} </>}
      <code className={deed === undefined ? 'text-xs' : 'text-xs text-muted'}>{action.replace('/admin/v1', '')}</code>
    </span>
  );
}
