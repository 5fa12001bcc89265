import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ApiError, messageOf } from '../../api/api-error.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { KindFields } from './kind-fields.tsx';
import { MoreFields } from './more-fields.tsx';
import { putRollout } from './put-rollout.ts';
import { type Definition, DraftError, NEW, type RolloutDraft, bodyOf, draftOf, fieldAt } from './rollout-draft.ts';
import { addressOf } from './rollout-rows.ts';
import type { Kind } from './wire.ts';

interface RolloutFormProps {
  readonly kind: Kind;
  /** Of a new one, where it is known. */
  readonly model?: string | undefined;
  /** What is changed; absent of a new one. */
  readonly known?: { readonly id: string; readonly definition: Definition };
  readonly onClose: () => void;
}

interface Refusal {
  readonly field: keyof RolloutDraft | undefined;
  readonly message: string;
}

export interface FieldsProps {
  readonly kind: Kind;
  readonly draft: RolloutDraft;
  readonly onChange: (part: Partial<RolloutDraft>) => void;
  readonly errorAt: (field: keyof RolloutDraft) => string | undefined;
  readonly isNew: boolean;
}

function refusalOf(thrown: unknown): Refusal {
  if (thrown instanceof DraftError) return { field: thrown.field, message: thrown.message };
  const param = thrown instanceof ApiError ? thrown.param : undefined;
  return { field: fieldAt(param), message: messageOf(thrown) };
}

/** Makes one, or changes it. */
export function RolloutForm({ kind, model = '', known, onClose }: RolloutFormProps) {
  const { t } = useTranslation(['rollouts', 'common']);
  const navigate = useNavigate();
  const [draft, setDraft] = useState(() => (known ? draftOf(known.id, known.definition) : { ...NEW, model }));
  const [refusal, setRefusal] = useState<Refusal>();
  const [busy, setBusy] = useState(false);
  const send = async (): Promise<void> => {
    setBusy(true);
    setRefusal(undefined);
    try {
      const id = draft.id.trim();
      await putRollout(kind, id, bodyOf(kind, draft));
      toast.good(t('saved', { id }));
      onClose();
      if (!known) await navigate({ to: addressOf({ kind, id }) });
    } catch (thrown) {
      setRefusal(refusalOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void send();
  };
  const fields: FieldsProps = {
    kind,
    draft,
    isNew: known === undefined,
    onChange: (part) => setDraft((before) => ({ ...before, ...part })),
    errorAt: (field) => (refusal?.field === field ? refusal.message : undefined),
  };
  const isReady = draft.id.trim() !== '' && draft.model.trim() !== '';
  const buttons = (
    <>
      <Button onClick={onClose}>{t('common:cancel')}</Button>
      <Button kind="primary" type="submit" form="rollout" busy={busy} disabled={!isReady}>
        {known ? t('common:save') : t('common:create')}
      </Button>
    </>
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={known ? t('editTitle', { id: known.id }) : t(`new_${kind}`)}
      hint={known ? t(`editHint_${kind}`) : t(`what_${kind}`)}
      actions={buttons}
      wide
    >
      <form id="rollout" className="space-y-4" onSubmit={submit} noValidate>
        <KindFields {...fields} />
        <MoreFields {...fields} />
        {refusal === undefined || refusal.field !== undefined ? null : <Failure error={refusal.message} />}
      </form>
    </Dialog>
  );
}
