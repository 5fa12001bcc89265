import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { share } from '../../format/numbers.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RangePlot } from './range-plot.tsx';
import { type Canary, METRICS } from './wire.ts';

type Guard = Canary['guards'][number];

const STANDINGS = ['violated', 'suspicious', 'cleared', 'open'] as const;
const TONES: Readonly<Record<(typeof STANDINGS)[number], Tone>> = {
  violated: 'bad',
  suspicious: 'warn',
  cleared: 'good',
  open: 'neutral',
};
const PLOTS = { violated: 'bad', suspicious: 'bad', cleared: 'good', open: 'neutral' } as const;

function standingOf({ standing }: Guard) {
  return STANDINGS.find((one) => one === standing) ?? 'open';
}

export function useMetricWord(): (metric: string) => string {
  const { t } = useTranslation('rollouts');
  return (metric) => {
    const known = METRICS.find((one) => one === metric);
    return known === undefined ? metric : t(`metric_${known}`);
  };
}

export function signed(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  return `${value > 0 ? '+' : ''}${share(value)}`;
}

/** What the candidate must not make worse, and how much worse it is. */
export function GuardTable({ canary }: { readonly canary: Canary }) {
  const { t } = useTranslation('rollouts');
  const columns = useGuardColumns();
  return (
    <Panel title={t('guards')} hint={t('guardsPanelHint', { confidence: share(canary.confidence) })} flush>
      <DataTable label={t('guards')} columns={columns} rows={canary.guards} rowKey={({ metric }) => metric} />
    </Panel>
  );
}

function useGuardColumns(): readonly Column<Guard>[] {
  const { t } = useTranslation('rollouts');
  const wordOf = useMetricWord();
  return useMemo<readonly Column<Guard>[]>(() => {
    const right = { align: 'right', width: '5rem' } as const;
    return [
      { id: 'metric', header: t('metric'), cell: ({ metric }) => wordOf(metric), width: 'minmax(5.5rem, 1fr)' },
      {
        id: 'standing',
        header: t('standingOf'),
        cell: (guard) => <Badge tone={TONES[standingOf(guard)]}>{t(`guard_${standingOf(guard)}`)}</Badge>,
        width: '6rem',
      },
      { id: 'harm', header: t('harm'), cell: ({ harm }) => signed(harm), ...right },
      { id: 'tolerance', header: t('tolerance'), cell: ({ tolerance }) => signed(tolerance), ...right },
      {
        id: 'range',
        header: t('range'),
        cell: (guard) => <GuardPlot guard={guard} word={wordOf(guard.metric)} />,
        width: 'minmax(8rem, 2fr)',
      },
    ];
  }, [t, wordOf]);
}

function GuardPlot({ guard, word }: { readonly guard: Guard; readonly word: string }) {
  const { t } = useTranslation('rollouts');
  const { harm, interval, tolerance } = guard;
  const [low, high] = interval ?? [];
  if (harm === null) return <span className="text-muted">{t('noValues')}</span>;
  const between = low === undefined ? t('noInterval') : t('between', { low: signed(low), high: signed(high) });
  return (
    <RangePlot
      label={`${word}: ${signed(harm)}, ${between}; ${t('tolerated', { tolerance: signed(tolerance) })}`}
      low={low}
      high={high}
      value={harm}
      limit={tolerance}
      tone={PLOTS[standingOf(guard)]}
    />
  );
}
