import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFacet, useKnownProjects } from '../../api/facets.ts';
import { useSince } from '../../shell/use-since.ts';
import { client } from '../../api/client.ts';
import { askAgain } from '../../api/query-client.ts';
import { useUsage } from '../../api/usage.ts';
import { count } from '../../format/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input, Select } from '../../ui/field.tsx';
import { Failure, Note } from '../../ui/states.tsx';
import { SuggestInput } from '../../ui/suggest-input.tsx';
import { toast } from '../../ui/toast.tsx';
import { useSubmit } from '../../ui/use-submit.ts';

const KINDS = ['key', 'user', 'project', 'ip'] as const;
type Kind = (typeof KINDS)[number];

const TIMES = ['1h', '1d', '7d', 'ever'] as const;

interface Draft {
  readonly kind: Kind;
  readonly subject: string;
  readonly project: string;
  readonly time: (typeof TIMES)[number];
  readonly reason: string;
}

async function block({ kind, subject, project, time, reason }: Draft): Promise<void> {
  const body = {
    kind,
    subject: subject.trim(),
    ...(kind === 'user' && project.trim() !== '' && { project: project.trim() }),
    ...(time !== 'ever' && { for: time }),
    ...(reason.trim() !== '' && { reason: reason.trim() }),
  };
  await client.POST('/admin/v1/blocks', { body });
  await askAgain('/admin/v1/blocks');
}

export function NewBlock({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation(['keys', 'common']);
  const [draft, setDraft] = useState<Draft>({ kind: 'key', subject: '', project: '', time: '1h', reason: '' });
  const { busy, submit, errorAt, errorBeside } = useSubmit();
  const subject = draft.subject.trim();
  const send = async (): Promise<void> => {
    if (!(await submit(() => block(draft)))) return;
    toast.good(t('blocked', { subject }));
    onClose();
  };
  const buttons = (
    <>
      <Button onClick={onClose}>{t('common:cancel')}</Button>
      <Button kind="danger" type="submit" form="new-block" busy={busy} disabled={subject === ''}>
        {t('block')}
      </Button>
    </>
  );
  const other = errorBeside('kind', 'subject', 'project', 'for', 'reason');
  return (
    <Dialog open onClose={onClose} title={t('newBlock')} hint={t('blockWarning')} actions={buttons}>
      <form
        id="new-block"
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <BlockFields draft={draft} onChange={(part) => setDraft({ ...draft, ...part })} errorAt={errorAt} />
        {subject === '' || draft.kind === 'ip' ? null : <Affected kind={draft.kind} subject={subject} />}
        {other === undefined ? null : <Failure error={other} />}
      </form>
    </Dialog>
  );
}

interface BlockFieldsProps {
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
  readonly errorAt: (field: string) => string | undefined;
}

function BlockFields({ draft: { kind, subject, project, time, reason }, onChange, errorAt }: BlockFieldsProps) {
  const { t } = useTranslation(['keys', 'common']);
  const projects = useKnownProjects();
  const users = useFacet('user');
  const suggestions = { key: [], ip: [], user: users, project: projects }[kind];
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t('blockKind')} error={errorAt('kind')}>
          <Select value={kind} onChange={({ target }) => onChange({ kind: target.value as Kind, subject: '' })}>
            {KINDS.map((name) => (
              <option key={name} value={name}>
                {t(`per_${name}`)}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t('blockFor')} error={errorAt('for')}>
          <Select value={time} onChange={({ target }) => onChange({ time: target.value as Draft['time'] })}>
            {TIMES.map((name) => (
              <option key={name} value={name}>
                {t(`for_${name}`)}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      <Field label={t('blockSubject')} hint={t(`blockSubject_${kind}`)} error={errorAt('subject')}>
        <SuggestInput
          required
          suggestions={suggestions}
          value={subject}
          onChange={({ target }) => onChange({ subject: target.value })}
        />
      </Field>
      {kind === 'user' ? (
        <Field
          label={`${t('common:project')} (${t('common:optional')})`}
          hint={t('blockProjectHint')}
          error={errorAt('project')}
        >
          <SuggestInput
            suggestions={projects}
            value={project}
            onChange={({ target }) => onChange({ project: target.value })}
          />
        </Field>
      ) : null}
      <Field label={`${t('reason')} (${t('common:optional')})`} hint={t('reasonHint')} error={errorAt('reason')}>
        <Input value={reason} maxLength={500} onChange={({ target }) => onChange({ reason: target.value })} />
      </Field>
    </>
  );
}

/** Whom it would stop. */
function Affected({ kind, subject }: { readonly kind: Exclude<Kind, 'ip'>; readonly subject: string }) {
  const { t } = useTranslation(['keys', 'common']);
  const since = useSince('24h');
  const { data } = useUsage({ [kind]: subject, since });
  if (data === undefined) return null;
  const requests = data.data[0]?.requests ?? 0;
  return <Note>{t('blockUse', { count: requests, requests: count(requests) })}</Note>;
}
