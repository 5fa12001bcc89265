import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { fullTime } from '../../format/times.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { Dialog } from '../../ui/dialog.tsx';
import type { DetailProps } from '../../ui/paged-table.tsx';
import { Note } from '../../ui/states.tsx';
import { statusTone } from './audit-columns.tsx';
import { deedOf } from './deeds.ts';
import { RoleBadge, Way } from './role-badge.tsx';
import { type FieldChange, diffStates } from './state-diff.ts';
import type { AuditEntry } from './wire.ts';

/** One line of the audit log, with what it changed. */
export function AuditDetail({ row: entry, onClose }: DetailProps<AuditEntry>) {
  const { t } = useTranslation('operators');
  const { actor, role, signed_in_by: by, address, action, subject, project, status, at, before, after } = entry;
  const deed = deedOf(action);
  const facts: readonly (readonly [label: string, value: ReactNode])[] = [
    [t('actor'), <Who key="who" actor={actor} role={role} by={by} />],
    [
      t('action'),
      <span key="action">
        {deed === undefined ? null : <span className="block">{t(`deed.${deed}`)}</span>}
        <code>{action}</code>
      </span>,
    ],
    [t('subject'), subject],
    [t('project', { ns: 'common' }), project ?? '–'],
    [
      t('status', { ns: 'common' }),
      <Badge key="status" tone={statusTone(status)}>
        {status}
      </Badge>,
    ],
    [t('address'), <code key="address">{address}</code>],
  ];
  return (
    <Dialog open onClose={onClose} side title={t('entryTitle')} hint={fullTime(at)}>
      <dl className="grid grid-cols-[7rem_minmax(0,1fr)] gap-x-3 gap-y-1.5 text-[13px]">
        {facts.map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-muted">{label}</dt>
            <dd className="min-w-0 break-words">{value}</dd>
          </div>
        ))}
      </dl>
      <Changes changes={diffStates(before, after)} />
    </Dialog>
  );
}

function Who({
  actor,
  role,
  by,
}: {
  readonly actor: string;
  readonly role: string | null;
  readonly by: string | null;
}) {
  return (
    <>
      {actor} {role === null ? null : <RoleBadge role={role} />}{' '}
      {by === null ? null : (
        <span className="text-muted">
          <Way by={by} />
        </span>
      )}
    </>
  );
}

function Changes({ changes }: { readonly changes: readonly FieldChange[] }) {
  const { t } = useTranslation('operators');
  const [all, setAll] = useState(false);
  const same = changes.filter(({ kind }) => kind === 'same').length;
  const shown = changes.filter(({ kind }) => all || kind !== 'same');
  if (changes.length === 0) return <Note>{t('noStates')}</Note>;
  return (
    <section>
      <div className="flex items-center justify-between gap-2">
        <h3 className="text-sm font-semibold">{t('changes')}</h3>
        {same === 0 ? null : (
          <Button kind="quiet" size="small" aria-expanded={all} onClick={() => setAll(!all)}>
            {t(all ? 'hideSame' : 'showSame', { count: same })}
          </Button>
        )}
      </div>
      {shown.length === 0 ? (
        <Note className="mt-2">{t('noDifference')}</Note>
      ) : (
        <table className="mt-2 w-full table-fixed text-left text-xs">
          <thead className="text-muted">
            <tr>
              <th className="w-2/6 py-1 pr-2 font-medium">{t('field')}</th>
              <th className="w-2/6 py-1 pr-2 font-medium">{t('before')}</th>
              <th className="w-2/6 py-1 font-medium">{t('after')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((change) => (
              <ChangeRow key={change.path} change={change} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

const CELL = 'py-1.5 pr-2 align-top font-mono break-words whitespace-pre-wrap';

function ChangeRow({ change: { path, kind, before, after } }: { readonly change: FieldChange }) {
  const { t } = useTranslation('operators');
  const differs = kind !== 'same';
  return (
    <tr className="border-t border-line">
      <th scope="row" className={classes(CELL, 'font-normal')}>
        {path === '' ? t('whole') : path}
      </th>
      <td className={CELL}>{before === undefined ? '–' : <Value text={before} tone={differs ? 'old' : 'same'} />}</td>
      <td className={CELL}>{after === undefined ? '–' : <Value text={after} tone={differs ? 'new' : 'same'} />}</td>
    </tr>
  );
}

const VALUE_LOOKS = { old: 'bg-bad-soft text-bad', new: 'bg-good-soft text-good', same: 'text-muted' };

function Value({ text, tone }: { readonly text: string; readonly tone: keyof typeof VALUE_LOOKS }) {
  return <span className={classes('rounded px-1 py-0.5 box-decoration-clone', VALUE_LOOKS[tone])}>{text}</span>;
}
