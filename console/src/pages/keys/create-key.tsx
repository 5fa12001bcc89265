import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFacet, useKnownProjects } from '../../api/facets.ts';
import { client } from '../../api/client.ts';
import { askAgain } from '../../api/query-client.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input, Select } from '../../ui/field.tsx';
import { Failure } from '../../ui/states.tsx';
import { SuggestInput } from '../../ui/suggest-input.tsx';
import { useSubmit } from '../../ui/use-submit.ts';
import { EXPIRIES, type Expiry, expiryDate, namesIn } from './key-state.ts';
import { type MadeKey, NewKey } from './new-key.tsx';

interface Draft {
  readonly project: string;
  readonly user: string;
  readonly models: string;
  readonly expiry: Expiry;
  readonly day: string;
}

async function makeKey({ project, user, models, expiry, day }: Draft): Promise<MadeKey | undefined> {
  const names = namesIn(models);
  const expiresAt = expiryDate(expiry, day, Date.now());
  const body = {
    project: project.trim(),
    ...(user.trim() !== '' && { user: user.trim() }),
    ...(names.length > 0 && { models: names }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
  const { data } = await client.POST('/admin/v1/keys', { body });
  await askAgain('/admin/v1/keys');
  return data;
}

interface CreateKeyProps {
  /** Whose keys are looked at. */
  readonly project: string | undefined;
  readonly onClose: () => void;
}

export function CreateKey({ project = '', onClose }: CreateKeyProps) {
  const { t } = useTranslation(['keys', 'common']);
  const [draft, setDraft] = useState<Draft>({ project, user: '', models: '', expiry: 'never', day: '' });
  const [made, setMade] = useState<MadeKey>();
  const form = useSubmit();
  if (made) return <NewKey made={made} onClose={onClose} />;
  const isReady = draft.project.trim() !== '' && (draft.expiry !== 'custom' || draft.day !== '');
  const create = (): void => void form.submit(async () => setMade(await makeKey(draft)));
  const buttons = (
    <>
      <Button onClick={onClose}>{t('common:cancel')}</Button>
      <Button kind="primary" type="submit" form="new-key" disabled={!isReady} busy={form.busy}>
        {t('createKey')}
      </Button>
    </>
  );
  const other = form.errorBeside('project', 'user', 'models', 'expiresAt');
  return (
    <Dialog open onClose={onClose} title={t('newKey')} hint={t('newKeyHint')} actions={buttons}>
      <form
        id="new-key"
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) create();
        }}
      >
        <KeyFields draft={draft} onChange={(part) => setDraft({ ...draft, ...part })} errorAt={form.errorAt} />
        {other === undefined ? null : <Failure error={other} />}
      </form>
    </Dialog>
  );
}

interface KeyFieldsProps {
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
  readonly errorAt: (field: string) => string | undefined;
}

function KeyFields({ draft, onChange, errorAt }: KeyFieldsProps) {
  const { t } = useTranslation(['keys', 'common']);
  const { project, user, models, expiry, day } = draft;
  return (
    <>
      <Field label={t('common:project')} hint={t('projectHint')} error={errorAt('project')}>
        <SuggestInput
          name="project"
          required
          maxLength={200}
          suggestions={useKnownProjects()}
          value={project}
          onChange={({ target }) => onChange({ project: target.value })}
        />
      </Field>
      <Field label={`${t('common:user')} (${t('common:optional')})`} hint={t('userHint')} error={errorAt('user')}>
        <Input name="user" maxLength={200} value={user} onChange={({ target }) => onChange({ user: target.value })} />
      </Field>
      <Field label={`${t('models')} (${t('common:optional')})`} hint={t('modelsHint')} error={errorAt('models')}>
        <SuggestInput
          name="models"
          placeholder="chat, gpt-*"
          suggestions={useFacet('virtual_model')}
          value={models}
          onChange={({ target }) => onChange({ models: target.value })}
        />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t('expires')} error={errorAt('expiresAt')}>
          <Select name="expiry" value={expiry} onChange={({ target }) => onChange({ expiry: target.value as Expiry })}>
            {EXPIRIES.map((choice) => (
              <option key={choice} value={choice}>
                {t(`expiry_${choice}`)}
              </option>
            ))}
          </Select>
        </Field>
        {expiry === 'custom' ? (
          <Field label={t('lastDay')}>
            <Input type="date" value={day} onChange={({ target }) => onChange({ day: target.value })} />
          </Field>
        ) : null}
      </div>
    </>
  );
}
