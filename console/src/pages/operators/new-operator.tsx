import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ApiError } from '../../api/api-error.ts';
import { client } from '../../api/client.ts';
import { askAgain } from '../../api/query-client.ts';
import type { Role } from '../../api/session.ts';
import { Button } from '../../ui/button.tsx';
import { Code } from '../../ui/code.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input, Select } from '../../ui/field.tsx';
import { Failure, Note } from '../../ui/states.tsx';
import { EXPIRIES, type Expiry, expiryAt, namesIn } from './key-state.ts';
import { ROLE_TEXTS } from './roles.ts';

const ROLES: readonly Role[] = ['viewer', 'editor', 'admin'];
const EXPIRY_TEXTS = { never: 'never', '1d': 'in1d', '30d': 'in30d', '90d': 'in90d', '365d': 'in365d' } as const;
const FORM = 'new-operator';

interface Draft {
  readonly name: string;
  readonly role: Role;
  readonly projects: string;
  readonly expiry: Expiry;
}

/** Makes a key, and shows it the one time that it can be shown. */
export function NewOperator({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('operators');
  const [draft, setDraft] = useState<Draft>({ name: '', role: 'viewer', projects: '', expiry: '90d' });
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const [key, setKey] = useState<string>();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      setKey(await makeOperator(draft));
      await askAgain('/admin/v1/operators');
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  if (key !== undefined) return <NewKey name={draft.name} value={key} onClose={onClose} />;
  const actions = (
    <>
      <Button onClick={onClose}>{t('cancel', { ns: 'common' })}</Button>
      <Button type="submit" form={FORM} kind="primary" busy={busy} disabled={draft.name.trim() === ''}>
        {t('create', { ns: 'common' })}
      </Button>
    </>
  );
  return (
    <Dialog open onClose={onClose} title={t('newOperator')} hint={t('newHint')} actions={actions}>
      <form id={FORM} onSubmit={(event) => void submit(event)} className="space-y-4">
        <Fields draft={draft} change={(patch) => setDraft({ ...draft, ...patch })} error={error} />
      </form>
    </Dialog>
  );
}

async function makeOperator({ name, role, projects, expiry }: Draft): Promise<string | undefined> {
  const names = role === 'viewer' ? namesIn(projects) : [];
  const expiresAt = expiryAt(expiry, Date.now());
  const { data } = await client.POST('/admin/v1/operators', {
    body: {
      name: name.trim(),
      role,
      ...(names.length > 0 && { projects: names }),
      ...(expiresAt !== undefined && { expires_at: expiresAt }),
    },
  });
  return data?.key;
}

interface FieldsProps {
  readonly draft: Draft;
  readonly change: (patch: Partial<Draft>) => void;
  readonly error: unknown;
}

const OWN_FIELDS = new Set(['name', 'role', 'projects', 'expires_at']);

function Fields({ draft, change, error }: FieldsProps) {
  const { t } = useTranslation('operators');
  const at = error instanceof ApiError && OWN_FIELDS.has(error.param ?? '') ? error : undefined;
  const wrong = (field: string): string | undefined => (at?.param === field ? at.message : undefined);
  return (
    <>
      <Field label={t('name')} hint={t('nameHint')} error={wrong('name')}>
        <Input value={draft.name} maxLength={200} required onChange={({ target }) => change({ name: target.value })} />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t('role')} error={wrong('role')}>
          <Select value={draft.role} onChange={({ target }) => change({ role: target.value as Role })}>
            {ROLES.map((role) => (
              <option key={role} value={role}>
                {t(ROLE_TEXTS[role])}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t('expires')} error={wrong('expires_at')}>
          <Select value={draft.expiry} onChange={({ target }) => change({ expiry: target.value as Expiry })}>
            {EXPIRIES.map((expiry) => (
              <option key={expiry} value={expiry}>
                {t(EXPIRY_TEXTS[expiry])}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      {draft.role === 'viewer' ? (
        <Field label={t('projects')} hint={t('projectsHint')} error={wrong('projects')}>
          <Input
            value={draft.projects}
            placeholder={t('allProjects')}
            onChange={({ target }) => change({ projects: target.value })}
          />
        </Field>
      ) : null}
      {error === undefined || at ? null : <Failure error={error} />}
    </>
  );
}

function NewKey({
  name,
  value,
  onClose,
}: {
  readonly name: string;
  readonly value: string;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation('operators');
  const actions = (
    <Button kind="primary" onClick={onClose}>
      {t('keptIt')}
    </Button>
  );
  return (
    <Dialog open insists onClose={onClose} title={t('keyOf', { name })} actions={actions}>
      <Note tone="warn">{t('shownOnce')}</Note>
      <Code text={value} wrap />
      <p className="text-[13px] text-muted">{t('useOfKey')}</p>
      <Code text={`curl ${location.origin}/admin/v1/session -H "Authorization: Bearer $KEY"`} wrap />
    </Dialog>
  );
}
