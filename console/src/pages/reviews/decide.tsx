import { Check, Pencil, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useMay } from '../../api/session.ts';
import { relative } from '../../format/times.ts';
import { useBeat } from '../../shell/beat.ts';
import { Button } from '../../ui/button.tsx';
import { Time } from '../../ui/figures.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Note } from '../../ui/states.tsx';
import { DecideDialog } from './decide-dialog.tsx';
import { EditDialog } from './edit-dialog.tsx';
import type { OpenedReview } from './wire.ts';

type Action = 'approve' | 'edit' | 'reject';

/** The decision: to be made, or as it was made. */
export function Decide({ review }: { readonly review: OpenedReview }) {
  return review.state === 'waiting' ? <Waiting review={review} /> : <Decided review={review} />;
}

function Waiting({ review }: { readonly review: OpenedReview }) {
  const { t } = useTranslation(['reviews', 'common']);
  const mayEdit = useMay('editor');
  const now = useBeat();
  const [action, setAction] = useState<Action>();
  const isOver = Date.parse(review.expires_at) <= now;
  const disabled = !mayEdit || isOver;
  const close = (): void => setAction(undefined);
  return (
    <Panel title={t('decide')} hint={t('decideHint')}>
      <div className="flex flex-wrap gap-2">
        <Button kind="primary" disabled={disabled} onClick={() => setAction('approve')}>
          <Check aria-hidden />
          {t('approve')}
        </Button>
        <Button disabled={disabled} onClick={() => setAction('edit')}>
          <Pencil aria-hidden />
          {t('edit')}
        </Button>
        <Button kind="danger" disabled={disabled} onClick={() => setAction('reject')}>
          <X aria-hidden />
          {t('reject')}
        </Button>
      </div>
      {mayEdit ? null : <p className="mt-2 text-xs text-muted">{t('common:needsRole', { role: 'editor' })}</p>}
      {isOver ? <Note className="mt-2">{t('justExpired')}</Note> : null}
      {action === 'approve' || action === 'reject' ? (
        <DecideDialog review={review} action={action} onClose={close} />
      ) : null}
      {action === 'edit' ? <EditDialog review={review} onClose={close} /> : null}
    </Panel>
  );
}

function Decided({ review }: { readonly review: OpenedReview }) {
  const { t } = useTranslation('reviews');
  const { state, edited, decided_at: at, decided_by: by, note, message, expires_at: expiresAt } = review;
  const words = t('state', { returnObjects: true });
  const who = state === 'expired' ? t('nobody') : (by ?? t('somebody'));
  return (
    <Panel title={t('decided')}>
      <div className="space-y-2 text-[13px]">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-medium">{state in words ? words[state as keyof typeof words] : state}</span>
          <span>{who}</span>
          <span className="text-muted">
            <Time at={at} />
          </span>
          {edited ? <span className="text-muted">{t('edited')}</span> : null}
        </p>
        <Said label={t('note')} text={note} />
        <Said label={t('message')} text={message} />
        {state === 'approved' ? <Note>{t('usableUntil', { when: relative(expiresAt) })}</Note> : null}
      </div>
    </Panel>
  );
}

function Said({ label, text }: { readonly label: string; readonly text: string | null }) {
  if (text === null) return null;
  return (
    <div>
      <p className="text-xs text-muted">{label}</p>
      <p className="break-words whitespace-pre-wrap">{text}</p>
    </div>
  );
}
