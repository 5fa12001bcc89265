import { useTranslation } from 'react-i18next';

import { useKnownProjects } from '../../api/facets.ts';
import { api } from '../../api/client.ts';
import { Field, Select } from '../../ui/field.tsx';
import { Segments } from '../../ui/segments.tsx';
import { SuggestInput } from '../../ui/suggest-input.tsx';
import { AGAINST, type Against, type TryDraft } from './question.ts';
import type { Policy } from './wire.ts';

interface TryAgainstProps {
  readonly draft: TryDraft;
  readonly policies: readonly Policy[];
  readonly error: string | undefined;
  readonly onChange: (patch: Partial<TryDraft>) => void;
}

const WORDS = { policy: 'againstPolicy', model: 'againstModel', project: 'againstProject' } as const;

/** By which policy: by its name, or by whose requests fall under it. */
export function TryAgainst({ draft, policies, error, onChange }: TryAgainstProps) {
  const { t } = useTranslation('safety');
  const { against } = draft;
  const choose = (next: Against): void =>
    onChange({ against: next, name: next === 'policy' ? (policies[0]?.name ?? '') : '' });
  return (
    <div className="space-y-3">
      <p aria-hidden className="mb-1 text-[13px] font-medium">
        {t('against')}
      </p>
      <Segments
        label={t('against')}
        value={against}
        choices={AGAINST.map((one) => [one, t(WORDS[one])] as const)}
        onChange={choose}
      />
      {against === 'policy' ? (
        <Field label={t('policy')} hint={t('policyHint')} error={error}>
          <Select value={draft.name} onChange={({ target }) => onChange({ name: target.value })}>
            {policies.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
      ) : (
        <NamedField key={against} against={against} draft={draft} error={error} onChange={onChange} />
      )}
    </div>
  );
}

interface NamedFieldProps extends Omit<TryAgainstProps, 'policies'> {
  readonly against: 'model' | 'project';
}

function NamedField({ against, draft, error, onChange }: NamedFieldProps) {
  const { t } = useTranslation(['safety', 'common']);
  const models = api.useQuery('get', '/admin/v1/models');
  const projects = useKnownProjects();
  const suggestions = against === 'model' ? (models.data?.data.map(({ name }) => name) ?? []) : projects;
  return (
    <Field label={t(`common:${against}`)} hint={against === 'model' ? t('modelHint') : t('projectHint')} error={error}>
      <SuggestInput
        required
        suggestions={suggestions}
        value={draft.name}
        onChange={({ target }) => onChange({ name: target.value })}
      />
    </Field>
  );
}
