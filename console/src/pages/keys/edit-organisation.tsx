import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { client } from '../../api/client.ts';
import { askAgain } from '../../api/query-client.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input, TextArea } from '../../ui/field.tsx';
import { Failure } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { useSubmit } from '../../ui/use-submit.ts';
import { namesIn } from './key-state.ts';
import type { Organisation } from './organisations.tsx';

interface EditOrganisationProps {
  /** Undefined: a new one. */
  readonly of: Organisation | undefined;
  readonly onClose: () => void;
}

export function EditOrganisation({ of, onClose }: EditOrganisationProps) {
  const { t } = useTranslation(['keys', 'common']);
  const [name, setName] = useState(of?.name ?? '');
  const [projects, setProjects] = useState(of?.projects.join(', ') ?? '');
  const { busy, submit, errorAt, errorBeside } = useSubmit();
  const save = async (): Promise<void> => {
    const isSaved = await submit(async () => {
      const params = { path: { name: name.trim() } };
      await client.PUT('/admin/v1/organisations/{name}', { params, body: { projects: namesIn(projects) } });
      await askAgain('/admin/v1/organisations');
    });
    if (!isSaved) return;
    toast.good(t('organisationSaved', { name: name.trim() }));
    onClose();
  };
  const buttons = (
    <>
      <Button onClick={onClose}>{t('common:cancel')}</Button>
      <Button kind="primary" type="submit" form="organisation" busy={busy} disabled={name.trim() === ''}>
        {t('common:save')}
      </Button>
    </>
  );
  const other = errorBeside('name', 'projects');
  return (
    <Dialog open onClose={onClose} title={of?.name ?? t('newOrganisation')} actions={buttons}>
      <form
        id="organisation"
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Field label={t('organisationName')} error={errorAt('name')}>
          <Input required disabled={of !== undefined} value={name} onChange={({ target }) => setName(target.value)} />
        </Field>
        <Field label={t('organisationProjects')} hint={t('organisationProjectsHint')} error={errorAt('projects')}>
          <TextArea
            value={projects}
            onChange={({ target }) => setProjects(target.value)}
            placeholder="support, search"
          />
        </Field>
        {other === undefined ? null : <Failure error={other} />}
      </form>
    </Dialog>
  );
}
