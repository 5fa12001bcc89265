import { Plus, X } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { Button } from '../../ui/button.tsx';
import { Field, Input, Select } from '../../ui/field.tsx';
import { Note } from '../../ui/states.tsx';
import { SuggestInput } from '../../ui/suggest-input.tsx';
import { POLICIES } from './model-way.tsx';
import {
  type Route,
  type RouteTarget,
  changed,
  changedTarget,
  policyOf,
  stickyOf,
  targetsOf,
  withoutTarget,
} from './route-draft.ts';
import { useModels } from './use-models.ts';

const STICKY = ['none', 'user', 'conversation', 'prefix'] as const;

interface RouteFieldsProps {
  readonly route: Route;
  readonly fallbacks: readonly string[];
  /** Of the model's own route; they stay. */
  readonly rules: readonly string[];
  readonly onChange: (route: Route) => void;
}

/** Targets that models or recent requests name. */
function useKnownTargets(): readonly string[] {
  const { data: models } = useModels();
  const { data: seen } = api.useQuery('get', '/admin/v1/targets');
  return useMemo(() => {
    const named = (models?.data ?? []).flatMap(({ targets }) => targets.map(({ target }) => target));
    return [...new Set([...named, ...(seen?.data ?? []).map(({ target }) => target)])].toSorted();
  }, [models, seen]);
}

export function RouteFields({ route, fallbacks, rules, onChange }: RouteFieldsProps) {
  const { t } = useTranslation('models');
  const known = useKnownTargets();
  const targets = targetsOf(route);
  // A target is known by its place: its name is what is typed.
  const places = targets.map((target, at) => ({ target, at }));
  const by = policyOf(route);
  return (
    <div className="space-y-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t('policy')} hint={t(`policy_${POLICIES.find((one) => one === by) ?? 'order'}`)}>
          <Select value={by} onChange={({ target }) => onChange(changed(route, { by: target.value }))}>
            {POLICIES.map((name) => (
              <option key={name} value={name}>
                {t(`by_${name}`)}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t('sticky')} hint={t('stickyHint')}>
          <Select
            value={stickyOf(route)}
            onChange={({ target }) =>
              onChange(changed(route, { sticky: target.value === 'none' ? undefined : target.value }))
            }
          >
            {STICKY.map((name) => (
              <option key={name} value={name}>
                {t(`sticky_${name}`)}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      <fieldset className="space-y-2">
        <legend className="text-[13px] font-medium">{t('targets')}</legend>
        {places.map(({ target, at }) => (
          <TargetFields
            key={at}
            at={at}
            by={by}
            target={target}
            known={known}
            isLast={targets.length === 1}
            onChange={(part) => onChange(changedTarget(route, at, part))}
            onRemove={() => onChange(withoutTarget(route, at))}
          />
        ))}
        <Button
          size="small"
          onClick={() =>
            onChange(changed(route, { targets: [...targets, { target: '', ...(by === 'weight' && { weight: 1 }) }] }))
          }
        >
          <Plus aria-hidden />
          {t('addTarget')}
        </Button>
      </fieldset>
      <Note>
        {t('staysFallback', { names: fallbacks.length === 0 ? t('nobody') : fallbacks.join(', ') })}
        {rules.length === 0 || 'rules' in route ? '' : ` ${t('staysRules', { names: rules.join(', ') })}`}
      </Note>
    </div>
  );
}

interface TargetFieldsProps {
  readonly at: number;
  readonly by: string;
  readonly target: RouteTarget;
  readonly known: readonly string[];
  readonly isLast: boolean;
  readonly onChange: (part: Partial<Record<keyof RouteTarget, unknown>>) => void;
  readonly onRemove: () => void;
}

function numberOf(text: string): number | undefined {
  return text.trim() === '' ? undefined : Number(text);
}

function TargetFields({ at, by, target, known, isLast, onChange, onRemove }: TargetFieldsProps) {
  const { t } = useTranslation('models');
  const place = at + 1;
  return (
    <div className="flex items-center gap-2">
      <SuggestInput
        suggestions={known}
        aria-label={t('targetAt', { place })}
        placeholder="provider/model"
        value={target.target}
        onChange={({ target: input }) => onChange({ target: input.value })}
        className="flex-1"
      />
      {by === 'weight' || by === 'load' ? (
        <Input
          type="number"
          min={0}
          step="any"
          aria-label={t('weightAt', { place })}
          placeholder={t('weight')}
          value={target.weight ?? ''}
          onChange={({ target: input }) => onChange({ weight: numberOf(input.value) })}
          className="w-24"
        />
      ) : null}
      {by === 'need' || by === 'complexity' ? (
        <Input
          type="number"
          min={0}
          max={1}
          step="any"
          aria-label={t('qualityAt', { place })}
          placeholder={t('quality')}
          value={target.quality ?? ''}
          onChange={({ target: input }) => onChange({ quality: numberOf(input.value) })}
          className="w-24"
        />
      ) : null}
      <Button kind="quiet" size="icon" aria-label={t('removeTarget', { place })} disabled={isLast} onClick={onRemove}>
        <X aria-hidden />
      </Button>
    </div>
  );
}
