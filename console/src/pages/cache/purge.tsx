import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFacet, useKnownProjects } from '../../api/facets.ts';
import { client } from '../../api/client.ts';
import { askAgain } from '../../api/query-client.ts';
import { count } from '../../format/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { SuggestInput } from '../../ui/suggest-input.tsx';
import { Switch } from '../../ui/switch.tsx';
import { toast } from '../../ui/toast.tsx';
import { PurgeAffects } from './purge-affects.tsx';
import { PURGE_FIELDS, type PurgeBody, type PurgeDraft, type PurgeField, purgeBody } from './purge-filter.ts';

/** Which answers are to be deleted; then, what that affects. */
export function Purge({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation(['cache', 'common']);
  const [draft, setDraft] = useState<PurgeDraft>({});
  const [isAll, setAll] = useState(false);
  const [asked, setAsked] = useState<PurgeBody>();
  const body = purgeBody(draft, isAll);
  if (asked !== undefined) return <ConfirmPurge body={asked} onClose={onClose} />;
  const buttons = (
    <>
      <Button onClick={onClose}>{t('common:cancel')}</Button>
      <Button kind="primary" type="submit" form="purge" disabled={body === undefined}>
        {t('common:next')}
      </Button>
    </>
  );
  return (
    <Dialog open onClose={onClose} title={t('purgeTitle')} hint={t('purgeHint')} actions={buttons}>
      <form
        id="purge"
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(body);
        }}
      >
        <Switch label={t('purgeAll')} checked={isAll} onChange={setAll} />
        <PurgeFields draft={draft} disabled={isAll} onChange={(field, text) => setDraft({ ...draft, [field]: text })} />
      </form>
    </Dialog>
  );
}

interface PurgeFieldsProps {
  readonly draft: PurgeDraft;
  readonly disabled: boolean;
  readonly onChange: (field: PurgeField, text: string) => void;
}

function PurgeFields({ draft, disabled, onChange }: PurgeFieldsProps) {
  const { t } = useTranslation('cache');
  const known: Partial<Record<PurgeField, readonly string[]>> = {
    model: useFacet('model'),
    project: useKnownProjects(),
    user: useFacet('user'),
  };
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      {PURGE_FIELDS.map((field) => (
        <Field key={field} label={t(`purge_${field}`)} hint={t(`purge_${field}_hint`)}>
          <SuggestInput
            disabled={disabled}
            maxLength={512}
            suggestions={known[field] ?? []}
            value={draft[field] ?? ''}
            onChange={({ target }) => onChange(field, target.value)}
          />
        </Field>
      ))}
    </div>
  );
}

function ConfirmPurge({ body, onClose }: { readonly body: PurgeBody; readonly onClose: () => void }) {
  const { t } = useTranslation('cache');
  const purge = async (): Promise<void> => {
    const { data } = await client.POST('/admin/v1/cache/purge', { body });
    await askAgain('/admin/v1/cache');
    toast.good(t('purged', { count: data?.purged ?? 0, shown: count(data?.purged ?? 0) }));
  };
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t('purgeConfirm')}
      affects={<PurgeAffects body={body} />}
      verb={t('purge')}
      run={purge}
      {...('all' in body && { name: t('purgeAllWord') })}
    />
  );
}
