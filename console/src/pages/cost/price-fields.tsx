import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { Field, Input, TextArea } from '../../ui/field.tsx';
import { SuggestInput } from '../../ui/suggest-input.tsx';
import { PRICE_NUMBERS, type PriceDraft, type PriceField } from './price-draft.ts';
import { type PriceRow, familiesOf } from './price-rows.ts';

interface PriceFieldsProps {
  readonly draft: PriceDraft;
  readonly change: (patch: Partial<PriceDraft>) => void;
  readonly errorOf: (field: PriceField) => string | undefined;
  readonly prices: readonly PriceRow[];
}

const GRID = 'grid items-start gap-3 sm:grid-cols-2';

export function PriceFields({ draft, change, errorOf, prices }: PriceFieldsProps) {
  const { t } = useTranslation('cost');
  const families = useMemo(() => familiesOf(prices), [prices]);
  return (
    <>
      <div className={GRID}>
        <Field label={t('family')} hint={t('familyHint')} error={errorOf('family')}>
          <SuggestInput
            required
            suggestions={families}
            value={draft.family}
            onChange={({ target }) => change({ family: target.value })}
          />
        </Field>
        <Field label={t('group_model')} hint={t('priceModelHint')} error={errorOf('model')}>
          <Input required value={draft.model} onChange={({ target }) => change({ model: target.value })} />
        </Field>
        <Field label={t('from')} hint={t('fromHint')} error={errorOf('from')}>
          <Input required type="date" value={draft.from} onChange={({ target }) => change({ from: target.value })} />
        </Field>
        <Field label={t('source')} hint={t('sourceHint')} error={errorOf('source')}>
          <Input required value={draft.source} onChange={({ target }) => change({ source: target.value })} />
        </Field>
      </div>
      <fieldset className="border-t border-line pt-3">
        <legend className="sr-only">{t('perMillion')}</legend>
        <p className="mb-2 text-xs text-muted">{t('perMillion')}</p>
        <div className="grid items-start gap-3 sm:grid-cols-3">
          {PRICE_NUMBERS.map((name) => (
            <Field key={name} label={t(`rate_${name}`)} hint={t(`rate_${name}_hint`)} error={errorOf(name)}>
              <Input
                inputMode="decimal"
                value={draft[name]}
                onChange={({ target }) => change({ [name]: target.value })}
              />
            </Field>
          ))}
        </div>
      </fieldset>
      <Field label={t('morePriceFields')} hint={t('morePriceFieldsHint')} error={errorOf('more')}>
        <TextArea
          rows={3}
          className="font-mono text-xs"
          placeholder={'{ "fees": { "webSearch": 10 } }'}
          value={draft.more}
          onChange={({ target }) => change({ more: target.value })}
        />
      </Field>
    </>
  );
}
