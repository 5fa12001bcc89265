import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { Field, Input, Select, TextArea } from '../../ui/field.tsx';
import { SuggestInput } from '../../ui/suggest-input.tsx';
import type { FieldsProps } from './rollout-form.tsx';
import { METRICS } from './wire.ts';

/** What each kind cannot do without. */
export function KindFields(props: FieldsProps) {
  const { kind } = props;
  return (
    <>
      <NameFields {...props} />
      {kind === 'experiments' ? <ArmFields {...props} /> : <SetFields {...props} />}
      {kind === 'canaries' ? <CanaryFields {...props} /> : null}
      {kind === 'shadows' ? <ShadowFields {...props} /> : null}
      {kind === 'flags' ? <FlagFields {...props} /> : null}
    </>
  );
}

function useModels() {
  const { data } = api.useQuery('get', '/admin/v1/models');
  return useMemo(() => {
    const models = data?.data ?? [];
    const targets = models.flatMap((model) => model.targets.map(({ target }) => target));
    return { names: models.map(({ name }) => name), targets: [...new Set(targets)].toSorted() };
  }, [data]);
}

function NameFields({ draft, onChange, errorAt, isNew }: FieldsProps) {
  const { t } = useTranslation(['rollouts', 'common']);
  const { names } = useModels();
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label={t('name')} hint={t('nameHint')} error={errorAt('id')}>
        <Input
          value={draft.id}
          disabled={!isNew}
          maxLength={64}
          onChange={({ target }) => onChange({ id: target.value })}
        />
      </Field>
      <Field label={t('common:model')} hint={t('modelHint')} error={errorAt('model')}>
        <SuggestInput
          suggestions={names}
          value={draft.model}
          onChange={({ target }) => onChange({ model: target.value })}
        />
      </Field>
    </div>
  );
}

function SetFields({ draft, onChange, errorAt }: FieldsProps) {
  const { t } = useTranslation('rollouts');
  const { targets } = useModels();
  return (
    <>
      <Field label={t('setTarget')} hint={t('setTargetHint')} error={errorAt('target')}>
        <SuggestInput
          suggestions={targets}
          placeholder="provider/model"
          value={draft.target}
          onChange={({ target }) => onChange({ target: target.value })}
        />
      </Field>
      <Field label={t('set')} hint={t('setHint')} error={errorAt('set')}>
        <TextArea
          rows={3}
          className="font-mono text-xs"
          placeholder={'{ "parameters": { "temperature": 0.2 } }'}
          value={draft.set}
          onChange={({ target }) => onChange({ set: target.value })}
        />
      </Field>
    </>
  );
}

function ArmFields({ draft, onChange, errorAt }: FieldsProps) {
  const { t } = useTranslation('rollouts');
  return (
    <>
      <Field label={t('arms')} hint={t('armsHint')} error={errorAt('arms')}>
        <TextArea
          rows={8}
          className="font-mono text-xs"
          value={draft.arms}
          onChange={({ target }) => onChange({ arms: target.value })}
        />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t('goal')} hint={t('goalHint')} error={errorAt('goal')}>
          <Select value={draft.goal} onChange={({ target }) => onChange({ goal: target.value })}>
            {METRICS.map((metric) => (
              <option key={metric} value={metric}>
                {t(`metric_${metric}`)}
              </option>
            ))}
          </Select>
        </Field>
        <ShareField draft={draft} onChange={onChange} error={errorAt('share')} hint={t('shareHint_experiments')} />
      </div>
    </>
  );
}

interface ShareFieldProps extends Pick<FieldsProps, 'draft' | 'onChange'> {
  readonly error: string | undefined;
  readonly hint: string;
}

function ShareField({ draft, onChange, error, hint }: ShareFieldProps) {
  const { t } = useTranslation('rollouts');
  return (
    <Field label={t('sharePercent')} hint={hint} error={error}>
      <Input inputMode="decimal" value={draft.share} onChange={({ target }) => onChange({ share: target.value })} />
    </Field>
  );
}

function CanaryFields({ draft, onChange, errorAt }: FieldsProps) {
  const { t } = useTranslation('rollouts');
  return (
    <div className="grid gap-4 sm:grid-cols-3">
      <Field label={t('steps')} hint={t('stepsHint')} error={errorAt('steps')}>
        <Input value={draft.steps} onChange={({ target }) => onChange({ steps: target.value })} />
      </Field>
      <Field label={t('eachRequests')} hint={t('eachRequestsHint')} error={errorAt('eachRequests')}>
        <Input
          inputMode="numeric"
          value={draft.eachRequests}
          onChange={({ target }) => onChange({ eachRequests: target.value })}
        />
      </Field>
      <Field label={t('eachTime')} hint={t('eachTimeHint')} error={errorAt('eachTime')}>
        <Input value={draft.eachTime} onChange={({ target }) => onChange({ eachTime: target.value })} />
      </Field>
    </div>
  );
}

const PERIODS = ['day', 'week', 'month', 'total'] as const;

function ShadowFields({ draft, onChange, errorAt }: FieldsProps) {
  const { t } = useTranslation('rollouts');
  return (
    <div className="grid gap-4 sm:grid-cols-3">
      <ShareField draft={draft} onChange={onChange} error={errorAt('share')} hint={t('shareHint_shadows')} />
      <Field label={t('usd')} hint={t('usdHint')} error={errorAt('usd')}>
        <Input inputMode="decimal" value={draft.usd} onChange={({ target }) => onChange({ usd: target.value })} />
      </Field>
      <Field label={t('period')} hint={t('periodHint')} error={errorAt('period')}>
        <Select value={draft.period} onChange={({ target }) => onChange({ period: target.value })}>
          {PERIODS.map((name) => (
            <option key={name} value={name}>
              {t(`period_${name}`)}
            </option>
          ))}
        </Select>
      </Field>
    </div>
  );
}

function FlagFields({ draft, onChange, errorAt }: FieldsProps) {
  const { t } = useTranslation('rollouts');
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <ShareField draft={draft} onChange={onChange} error={errorAt('share')} hint={t('shareHint_flags')} />
      {(['users', 'projects', 'keys'] as const).map((field) => (
        <Field key={field} label={t(`flag_${field}`)} hint={t('namesHint')} error={errorAt(field)}>
          <Input value={draft[field]} onChange={({ target }) => onChange({ [field]: target.value })} />
        </Field>
      ))}
    </div>
  );
}
