import { useTranslation } from 'react-i18next';

import { useFacet, useVirtualModels } from '../../api/facets.ts';
import { Field, Input, Select } from '../../ui/field.tsx';
import { SuggestInput } from '../../ui/suggest-input.tsx';
import { Switch } from '../../ui/switch.tsx';
import { type BudgetDraft, DIMENSIONS, type DraftField, PERIODS } from './budget-draft.ts';

interface FieldsProps {
  readonly draft: BudgetDraft;
  readonly change: (patch: Partial<BudgetDraft>) => void;
  readonly errorOf: (field: DraftField) => string | undefined;
}

const GRID = 'grid items-start gap-3 sm:grid-cols-2';

/** Whose it is, how much, and for how long. */
export function BasicFields({ draft, change, errorOf, isNew }: FieldsProps & { readonly isNew: boolean }) {
  const { t } = useTranslation('cost');
  return (
    <div className={GRID}>
      {isNew ? (
        <Field label={t('name')} hint={t('nameHint')} error={errorOf('name')} className="sm:col-span-2">
          <Input required value={draft.name} onChange={({ target }) => change({ name: target.value })} />
        </Field>
      ) : null}
      <Field label={t('per')} error={errorOf('per')}>
        <Select
          value={draft.per}
          onChange={({ target }) => change({ per: DIMENSIONS.find((one) => one === target.value) ?? 'project' })}
        >
          {DIMENSIONS.map((name) => (
            <option key={name} value={name}>
              {t(`group_${name}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Field
        label={t('onlyOne', { group: t(`group_${draft.per}`) })}
        hint={t(`each_${draft.per}_hint`)}
        error={errorOf('id')}
      >
        <SuggestInput
          suggestions={useFacet(draft.per)}
          value={draft.id}
          onChange={({ target }) => change({ id: target.value })}
        />
      </Field>
      <Field label={t('usd')} hint={t('usdHint')} error={errorOf('usd')}>
        <Input inputMode="decimal" value={draft.usd} onChange={({ target }) => change({ usd: target.value })} />
      </Field>
      <Field label={t('tokenLimit')} hint={t('tokenLimitHint')} error={errorOf('tokens')}>
        <Input inputMode="numeric" value={draft.tokens} onChange={({ target }) => change({ tokens: target.value })} />
      </Field>
      <Field label={t('period')} error={errorOf('period')}>
        <Select
          value={draft.period}
          onChange={({ target }) => change({ period: PERIODS.find((one) => one === target.value) ?? 'month' })}
        >
          {PERIODS.map((name) => (
            <option key={name} value={name}>
              {t(`period_${name}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('timeZone')} hint={t('timeZoneHint')} error={errorOf('timeZone')}>
        <Input
          value={draft.timeZone}
          disabled={draft.period === 'total'}
          onChange={({ target }) => change({ timeZone: target.value })}
        />
      </Field>
    </div>
  );
}

/** What happens near the end and at it. */
export function EndFields({ draft, change, errorOf }: FieldsProps) {
  const { t } = useTranslation('cost');
  return (
    <fieldset className="space-y-3 border-t border-line pt-3">
      <legend className="sr-only">{t('nearEnd')}</legend>
      <div className="space-y-1">
        <Switch label={t('hardSwitch')} checked={draft.hard} onChange={(hard) => change({ hard })} />
        <p className="text-xs text-muted">{draft.hard ? t('hardHint') : t('softHint')}</p>
      </div>
      <div className={GRID}>
        <Field label={t('alertAtPercent')} hint={t('alertAtHint')} error={errorOf('alertAt')} className="sm:col-span-2">
          <Input value={draft.alertAt} onChange={({ target }) => change({ alertAt: target.value })} />
        </Field>
        <Field label={t('degradeModel')} hint={t('degradeHint')} error={errorOf('degradeModel')}>
          <SuggestInput
            suggestions={useVirtualModels()}
            value={draft.degradeModel}
            onChange={({ target }) => change({ degradeModel: target.value })}
          />
        </Field>
        <Field label={t('degradeAt')} error={errorOf('degradeAt')}>
          <Input
            inputMode="decimal"
            value={draft.degradeAt}
            disabled={draft.degradeModel.trim() === ''}
            onChange={({ target }) => change({ degradeAt: target.value })}
          />
        </Field>
      </div>
    </fieldset>
  );
}

export function MoreFields({ draft, change, errorOf }: FieldsProps) {
  const { t } = useTranslation('cost');
  return (
    <fieldset className="space-y-3 border-t border-line pt-3">
      <legend className="sr-only">{t('more', { ns: 'common' })}</legend>
      <div className={GRID}>
        <Field label={t('atLimit')} hint={t('atLimitHint')} error={errorOf('atLimit')}>
          <Select
            value={draft.atLimit}
            onChange={({ target }) => change({ atLimit: target.value === 'cap' ? 'cap' : 'refuse' })}
          >
            <option value="refuse">{t('atLimit_refuse')}</option>
            <option value="cap">{t('atLimit_cap')}</option>
          </Select>
        </Field>
        <Field label={t('maxOutputTokens')} hint={t('maxOutputHint')} error={errorOf('maxOutputTokens')}>
          <Input
            inputMode="numeric"
            value={draft.maxOutputTokens}
            onChange={({ target }) => change({ maxOutputTokens: target.value })}
          />
        </Field>
        <Field label={t('settleAborted')} hint={t('settleHint')} error={errorOf('settleAborted')}>
          <Select
            value={draft.settleAborted}
            onChange={({ target }) =>
              change({ settleAborted: (['bound', 'received'] as const).find((one) => one === target.value) ?? '' })
            }
          >
            <option value="">{t('settle_usual')}</option>
            <option value="bound">{t('settle_bound')}</option>
            <option value="received">{t('settle_received')}</option>
          </Select>
        </Field>
      </div>
      <Switch
        label={t('paymentRequired')}
        checked={draft.paymentRequired}
        onChange={(paymentRequired) => change({ paymentRequired })}
      />
    </fieldset>
  );
}
