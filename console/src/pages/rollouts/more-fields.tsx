import { useTranslation } from 'react-i18next';

import { Field, Input, Select, TextArea } from '../../ui/field.tsx';
import { Switch } from '../../ui/switch.tsx';
import type { RolloutDraft } from './rollout-draft.ts';
import type { FieldsProps } from './rollout-form.tsx';

const UNITS = ['user', 'conversation', 'key', 'project', 'request'] as const;
const FOLDED: readonly (keyof RolloutDraft)[] = [
  'by',
  'guards',
  'confidence',
  'margin',
  'concurrency',
  'judgeTarget',
  'judgeSample',
  'judgeRubric',
];

/** What is rarely changed: folded, but where something in it is wrong. */
export function MoreFields(props: FieldsProps) {
  const { kind, draft, onChange, errorAt } = props;
  const { t } = useTranslation('rollouts');
  const isWrong = FOLDED.some((field) => errorAt(field) !== undefined);
  return (
    <>
      <Switch label={t('enabled')} checked={draft.enabled} onChange={(enabled) => onChange({ enabled })} />
      <details open={isWrong || undefined} className="rounded-md border border-line px-3 py-2">
        <summary className="text-[13px] font-medium">{t('advanced')}</summary>
        <div className="mt-3 grid gap-4 sm:grid-cols-2">
          {kind === 'shadows' ? <ShadowMore {...props} /> : <ByField {...props} />}
          {kind === 'canaries' || kind === 'experiments' ? <ConfidenceField {...props} /> : null}
          {kind === 'experiments' ? (
            <Field label={t('margin')} hint={t('marginHint')} error={errorAt('margin')}>
              <Input
                value={draft.margin}
                placeholder="0.02"
                onChange={({ target }) => onChange({ margin: target.value })}
              />
            </Field>
          ) : null}
          {kind === 'canaries' ? <GuardsField {...props} /> : null}
          {kind === 'flags' ? null : <JudgeFields {...props} />}
        </div>
      </details>
    </>
  );
}

function ByField({ draft, onChange, errorAt }: FieldsProps) {
  const { t } = useTranslation('rollouts');
  return (
    <Field label={t('by')} hint={t('byHint')} error={errorAt('by')}>
      <Select value={draft.by} onChange={({ target }) => onChange({ by: target.value })}>
        {UNITS.map((unit) => (
          <option key={unit} value={unit}>
            {t(`by_${unit}`)}
          </option>
        ))}
      </Select>
    </Field>
  );
}

function ConfidenceField({ draft, onChange, errorAt }: FieldsProps) {
  const { t } = useTranslation('rollouts');
  return (
    <Field label={t('confidence')} hint={t('confidenceHint')} error={errorAt('confidence')}>
      <Input
        value={draft.confidence}
        placeholder="0.95"
        onChange={({ target }) => onChange({ confidence: target.value })}
      />
    </Field>
  );
}

const GUARDS = '[{ "metric": "errors", "tolerance": 0.01 }, { "metric": "latency", "tolerance": 0.25 }]';

function GuardsField({ draft, onChange, errorAt }: FieldsProps) {
  const { t } = useTranslation('rollouts');
  return (
    <Field label={t('guardsJson')} hint={t('guardsHint')} error={errorAt('guards')} className="sm:col-span-2">
      <TextArea
        rows={3}
        className="font-mono text-xs"
        placeholder={GUARDS}
        value={draft.guards}
        onChange={({ target }) => onChange({ guards: target.value })}
      />
    </Field>
  );
}

function ShadowMore({ draft, onChange, errorAt }: FieldsProps) {
  const { t } = useTranslation('rollouts');
  return (
    <>
      <Field label={t('concurrency')} hint={t('concurrencyHint')} error={errorAt('concurrency')}>
        <Input
          value={draft.concurrency}
          placeholder="2"
          inputMode="numeric"
          onChange={({ target }) => onChange({ concurrency: target.value })}
        />
      </Field>
      <div className="self-center">
        <Switch
          label={t('similarityOn')}
          checked={draft.similarity}
          onChange={(similarity) => onChange({ similarity })}
        />
      </div>
    </>
  );
}

function JudgeFields({ draft, onChange, errorAt }: FieldsProps) {
  const { t } = useTranslation('rollouts');
  return (
    <>
      <Field label={t('judgeTarget')} hint={t('judgeTargetHint')} error={errorAt('judgeTarget')}>
        <Input
          value={draft.judgeTarget}
          placeholder="provider/model"
          onChange={({ target }) => onChange({ judgeTarget: target.value })}
        />
      </Field>
      <Field label={t('judgeSample')} hint={t('judgeSampleHint')} error={errorAt('judgeSample')}>
        <Input
          value={draft.judgeSample}
          placeholder="5"
          inputMode="decimal"
          onChange={({ target }) => onChange({ judgeSample: target.value })}
        />
      </Field>
      <Field label={t('judgeRubric')} error={errorAt('judgeRubric')} className="sm:col-span-2">
        <TextArea
          rows={2}
          value={draft.judgeRubric}
          onChange={({ target }) => onChange({ judgeRubric: target.value })}
        />
      </Field>
    </>
  );
}
