import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { rate as rateText } from '../../format/numbers.ts';
import { Badge } from '../../ui/badge.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { type PriceRow, RATES, rateOf, variantsOf } from './price-rows.ts';

const ORIGIN_TONES = { list: 'neutral', stored: 'accent', config: 'good' } as const;

export function OriginBadge({ origin }: { readonly origin: string }) {
  const { t } = useTranslation('cost');
  const known = origin === 'stored' || origin === 'config' ? origin : 'list';
  return <Badge tone={ORIGIN_TONES[known]}>{t(`origin_${known}`)}</Badge>;
}

export function usePriceColumns(): readonly Column<PriceRow>[] {
  const { t } = useTranslation('cost');
  return useMemo(
    () => [
      {
        id: 'family',
        header: t('family'),
        cell: ({ family }) => family,
        sortBy: ({ family }) => family,
        width: '6.5rem',
      },
      {
        id: 'model',
        header: t('group_model'),
        cell: ({ model }) => <span title={model}>{model}</span>,
        sortBy: ({ model }) => model,
        width: 'minmax(9rem, 2fr)',
      },
      ...RATES.map((rate) => ({
        id: rate,
        header: t(`rate_${rate}`),
        cell: (row: PriceRow) => rateText(rateOf(row, rate)),
        sortBy: (row: PriceRow) => rateOf(row, rate),
        align: 'right' as const,
        width: 'minmax(4.25rem, 0.6fr)',
      })),
      {
        id: 'variants',
        header: t('variants'),
        cell: (row) => variantsOf(row) || '–',
        sortBy: variantsOf,
        align: 'right',
        width: 'minmax(4rem, 0.5fr)',
      },
      {
        id: 'origin',
        header: t('origin', { ns: 'common' }),
        cell: ({ origin }) => <OriginBadge origin={origin} />,
        sortBy: ({ origin }) => origin,
        width: '6.5rem',
      },
      {
        id: 'from',
        header: t('from'),
        cell: ({ from, inForce }) => (
          <span className={inForce ? '' : 'text-muted'} title={inForce ? undefined : t('notInForce')}>
            {from ?? t('always')}
          </span>
        ),
        sortBy: ({ from }) => from,
        width: '6rem',
      },
      {
        id: 'version',
        header: t('version'),
        cell: ({ version }) => (
          <span className="font-mono text-xs text-muted" title={version}>
            {version.split('#').at(-1)}
          </span>
        ),
        width: '6rem',
      },
    ],
    [t],
  );
}
