import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { client } from '../../api/client.ts';
import { Button } from '../../ui/button.tsx';
import { Field, Input, Select, TextArea } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Failure } from '../../ui/states.tsx';
import { useSubmit } from '../../ui/use-submit.ts';
import { ExplanationView } from './explanation-view.tsx';
import type { Explanation } from './wire.ts';

const PREFER = ['', 'latency', 'cost', 'quality'] as const;

interface Draft {
  readonly text: string;
  readonly project: string;
  readonly user: string;
  readonly prefer: string;
}

async function explain(model: string, { text, project, user, prefer }: Draft): Promise<Explanation | undefined> {
  const body = {
    body: { model, messages: [{ role: 'user', content: text }] },
    ...(project.trim() !== '' && { project: project.trim() }),
    ...(user.trim() !== '' && { user: user.trim() }),
    ...(prefer !== '' && { prefer }),
  };
  return (await client.POST('/admin/v1/routes/explain', { body })).data;
}

/** Where a request would go, and why. Nothing is sent. */
export function ExplainPanel({ model }: { readonly model: string }) {
  const { t } = useTranslation('models');
  const [draft, setDraft] = useState<Draft>({ text: '', project: '', user: '', prefer: '' });
  const [told, setTold] = useState<Explanation>();
  const { busy, submit, errorBeside } = useSubmit();
  const change = (part: Partial<Draft>): void => setDraft({ ...draft, ...part });
  const send = (event: FormEvent): void => {
    event.preventDefault();
    void submit(async () => setTold(await explain(model, draft)));
  };
  const error = errorBeside();
  return (
    <Panel title={t('explain')} hint={t('explainHint')}>
      <form onSubmit={send} className="space-y-3">
        <Field label={t('explainText')}>
          <TextArea
            rows={2}
            value={draft.text}
            placeholder={t('explainPlaceholder')}
            onChange={({ target }) => change({ text: target.value })}
          />
        </Field>
        <ExplainFields draft={draft} onChange={change} />
        <Button type="submit" busy={busy} disabled={draft.text.trim() === ''}>
          {t('explainSend')}
        </Button>
      </form>
      {error === undefined ? null : <Failure error={error} className="mt-3" />}
      {told === undefined ? null : <ExplanationView told={told} />}
    </Panel>
  );
}

interface ExplainFieldsProps {
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
}

function ExplainFields({ draft, onChange }: ExplainFieldsProps) {
  const { t } = useTranslation(['models', 'common']);
  return (
    <div className="grid gap-3 sm:grid-cols-3">
      <Field label={t('common:project')}>
        <Input value={draft.project} onChange={({ target }) => onChange({ project: target.value })} />
      </Field>
      <Field label={t('common:user')}>
        <Input value={draft.user} onChange={({ target }) => onChange({ user: target.value })} />
      </Field>
      <Field label={t('prefer')}>
        <Select value={draft.prefer} onChange={({ target }) => onChange({ prefer: target.value })}>
          {PREFER.map((name) => (
            <option key={name} value={name}>
              {name === '' ? t('preferNone') : t(`prefer_${name}`)}
            </option>
          ))}
        </Select>
      </Field>
    </div>
  );
}
