import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useMay } from '../../api/session.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Json } from '../../ui/code.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Failure } from '../../ui/states.tsx';
import { askRolloutsAgain, deleteRollout } from './put-rollout.ts';
import type { Definition } from './rollout-draft.ts';
import { RolloutForm } from './rollout-form.tsx';
import type { RolloutRow } from './rollout-rows.ts';
import { StateBadge } from './state-badge.tsx';
import { useRequestsOfHour } from './use-rollouts.ts';

interface RolloutFrameProps {
  readonly row: RolloutRow;
  readonly problem: string | null;
  readonly definition: unknown;
  /** What else can be done with it. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** What every kind has: a head, a way to change it, and its definition. */
export function RolloutFrame({ row, problem, definition, actions, children }: RolloutFrameProps) {
  const { t } = useTranslation('rollouts');
  const { id, kind, model } = row;
  const title = (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span className="truncate">{id}</span>
      <Badge>{t(`one_${kind}`)}</Badge>
      <StateBadge state={row.state} />
    </span>
  );
  return (
    <>
      <PageHeader
        title={title}
        hint={
          <>
            {t('ofModel')}{' '}
            {model === null ? (
              '–'
            ) : (
              <Link to={`/models/${encodeURIComponent(model)}`} className="underline">
                {model}
              </Link>
            )}{' '}
            · {row.origin === 'file' ? t('originFileLong') : t('originAdminLong')}
          </>
        }
        actions={
          <>
            {actions}
            <Change row={row} definition={definition} />
          </>
        }
      />
      <div className="grid gap-4">
        {problem === null ? null : <Failure error={problem} />}
        {children}
        {definition === null ? null : (
          <Panel title={t('definition')} hint={row.origin === 'file' ? t('definitionFile') : undefined}>
            <Json value={definition} />
          </Panel>
        )}
      </div>
    </>
  );
}

interface ChangeProps {
  readonly row: RolloutRow;
  readonly definition: unknown;
}

function Change({ row: { id, kind, model, origin }, definition }: ChangeProps) {
  const { t } = useTranslation(['rollouts', 'common']);
  const navigate = useNavigate();
  const mayEdit = useMay('editor');
  const [open, setOpen] = useState<'edit' | 'delete'>();
  const requests = useRequestsOfHour(open === 'delete' ? model : null);
  const isFile = origin === 'file';
  const why = mayEdit ? undefined : t('common:needsRole', { role: 'editor' });
  const attributes = { disabled: !mayEdit || isFile, title: isFile ? t('changeInFile') : why };
  const remove = async (): Promise<void> => {
    await deleteRollout(kind, id);
    await navigate({ to: '/rollouts' });
    await askRolloutsAgain();
  };
  return (
    <>
      <Button {...attributes} onClick={() => setOpen('edit')}>
        {t('common:edit')}
      </Button>
      <Button kind="danger" {...attributes} onClick={() => setOpen('delete')}>
        {t('common:delete')}
      </Button>
      {open === 'edit' ? (
        <RolloutForm
          kind={kind}
          known={{ id, definition: definition as Definition }}
          onClose={() => setOpen(undefined)}
        />
      ) : null}
      <ConfirmDialog
        open={open === 'delete'}
        onClose={() => setOpen(undefined)}
        title={t('deleteTitle', { id })}
        affects={t(`deleteAffects_${kind}`, { model: model ?? '–', requests: requests ?? '…' })}
        verb={t('common:delete')}
        run={remove}
        done={t('deleted', { id })}
      />
    </>
  );
}
