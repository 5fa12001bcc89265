import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import type { ChartSeries } from '../../charts/chart-options.ts';
import { Legend } from '../../charts/legend.tsx';
import { TimeChart } from '../../charts/time-chart.tsx';
import { compact, duration, money } from '../../format/numbers.ts';
import { useSearchState } from '../../shell/search-state.ts';
import { Panel } from '../../ui/panel.tsx';
import type { OverviewSeries } from './ask-overview.ts';
import { answeredOf, timesOf } from './series.ts';

interface TimeChartsProps {
  readonly series: OverviewSeries;
}

/** How everything went over time. A stretch that is drawn over becomes the page's range. */
export function TimeCharts({ series }: TimeChartsProps) {
  const { t } = useTranslation('overview');
  const [, changeSearch] = useSearchState();
  const times = useMemo(() => timesOf(series), [series]);
  const zoom = (from: number, to: number): void =>
    changeSearch({ range: undefined, since: new Date(from).toISOString(), until: new Date(to).toISOString() });
  const requests = useMemo(
    (): ChartSeries[] => [
      { name: t('answered'), values: answeredOf(series), colour: 'series-1' },
      { name: t('aborted'), values: series.aborted, colour: 'series-8' },
      { name: t('clientFault'), values: series.errors.client, colour: 'series-2' },
      { name: t('policyFault'), values: series.errors.policy, colour: 'series-3' },
      { name: t('providerFault'), values: series.errors.provider, colour: 'series-7' },
      { name: t('gatewayFault'), values: series.errors.gateway, colour: 'series-4' },
    ],
    [series, t],
  );
  const spent = useMemo(
    (): ChartSeries[] => [
      { name: t('spent'), values: series.cost_usd, colour: 'series-3' },
      { name: t('savedSeries'), values: series.saved_usd, colour: 'series-1' },
    ],
    [series, t],
  );
  const latency = useMemo(() => percentiles(series.latency_ms), [series]);
  const ttft = useMemo(() => percentiles(series.ttft_ms), [series]);
  const charts = [
    { id: 'Requests', series: requests, format: compact, kind: 'bars' },
    { id: 'Latency', series: latency, format: duration, kind: 'line' },
    { id: 'Ttft', series: ttft, format: duration, kind: 'line' },
    { id: 'Cost', series: spent, format: money, kind: 'line' },
  ] as const;
  return (
    <div className="grid gap-3 xl:grid-cols-2">
      {charts.map(({ id, series: drawn, format, kind }) => (
        <Panel key={id} title={t(`chart${id}`)} hint={t(`chart${id}Hint`)}>
          <TimeChart
            label={t(`chart${id}`)}
            times={times}
            series={drawn}
            format={format}
            whole={format === compact}
            kind={kind}
            onZoom={zoom}
            className="mb-2"
          />
          <Legend series={drawn} />
        </Panel>
      ))}
    </div>
  );
}

function percentiles({ p50, p95, p99 }: OverviewSeries['latency_ms']): ChartSeries[] {
  return [
    { name: 'p50', values: p50, colour: 'series-1' },
    { name: 'p95', values: p95, colour: 'series-3' },
    { name: 'p99', values: p99, colour: 'series-7' },
  ];
}
