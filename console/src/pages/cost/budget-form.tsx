import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ApiError, messageOf } from '../../api/api-error.ts';
import { client } from '../../api/client.ts';
import { askAgain } from '../../api/query-client.ts';
import { useSearchState } from '../../shell/search-state.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { BasicFields, EndFields, MoreFields } from './budget-fields.tsx';
import { type BudgetDraft, type DraftField, bodyOf, draftOf, fieldAt, unreadable } from './budget-draft.ts';
import { EditEffect } from './edit-effect.tsx';
import type { Budget } from './budget-state.ts';
import { readerZone } from './time-buckets.ts';

interface BudgetFormProps {
  /** Absent: a new one. */
  readonly budget?: Budget;
  readonly onClose: () => void;
}

/** What was typed, and where it was refused. */
function useDraft(budget: Budget | undefined) {
  const [draft, setDraft] = useState(() => draftOf(budget, readerZone()));
  const [refusal, setRefusal] = useState<{ readonly field: DraftField | undefined; readonly message: string }>();
  const change = (patch: Partial<BudgetDraft>): void => {
    setRefusal(undefined);
    setDraft((before) => ({ ...before, ...patch }));
  };
  return { draft, change, refusal, setRefusal };
}

export function BudgetForm({ budget, onClose }: BudgetFormProps) {
  const { t } = useTranslation('cost');
  const formId = useId();
  const [, changeAddress] = useSearchState();
  const [busy, setBusy] = useState(false);
  const { draft, change, refusal, setRefusal } = useDraft(budget);
  const wrong = unreadable(draft);
  const errorOf = (field: DraftField): string | undefined => {
    if (wrong.includes(field)) return t(field === 'name' ? 'noName' : 'noNumber');
    return refusal?.field === field ? refusal.message : undefined;
  };
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      const name = draft.name.trim();
      await client.PUT('/admin/v1/budgets/{id}', { params: { path: { id: name } }, body: bodyOf(draft) });
      await askAgain('/admin/v1/budgets');
      changeAddress({ budget: name, subject: undefined });
      toast.good(t(budget ? 'budgetChanged' : 'budgetMade', { name }));
      onClose();
    } catch (thrown) {
      const field = thrown instanceof ApiError ? fieldAt(thrown.param, draft) : undefined;
      setRefusal({ field, message: messageOf(thrown) });
      setBusy(false);
    }
  };
  const buttons = (
    <>
      <Button onClick={onClose}>{t('cancel', { ns: 'common' })}</Button>
      <Button type="submit" form={formId} kind="primary" busy={busy} disabled={wrong.length > 0}>
        {t(budget ? 'save' : 'create', { ns: 'common' })}
      </Button>
    </>
  );
  const fields = { draft, change, errorOf };
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={budget ? t('editBudget', { name: budget.name }) : t('newBudget')}
      hint={budget ? t('budgetFormHint') : t('newBudgetHint')}
      actions={buttons}
    >
      <form id={formId} onSubmit={(event) => void save(event)} className="space-y-4">
        <BasicFields {...fields} isNew={budget === undefined} />
        <EndFields {...fields} />
        <MoreFields {...fields} />
        {budget === undefined ? null : <EditEffect budget={budget} draft={draft} />}
        {refusal === undefined || refusal.field !== undefined ? null : <Failure error={refusal.message} />}
      </form>
    </Dialog>
  );
}
