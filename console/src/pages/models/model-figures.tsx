import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { Legend } from '../../charts/legend.tsx';
import { TimeChart } from '../../charts/time-chart.tsx';
import { compact, count, duration, money, share } from '../../format/numbers.ts';
import { useTimeRange } from '../../shell/time-range.ts';
import { Panel } from '../../ui/panel.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { RangePicker } from '../../ui/range-picker.tsx';
import { Stat } from '../../ui/stat.tsx';
import type { Overview } from './wire.ts';

/** What a model did, of late or in a time of one's own. */
export function ModelFiguresView({ model }: { readonly model: string }) {
  const { t } = useTranslation('models');
  const range = useTimeRange('1h');
  const query = api.useQuery('get', '/admin/v1/overview', {
    params: {
      query: { virtual_model: model, since: range.since, ...(range.until !== undefined && { until: range.until }) },
    },
  });
  return (
    <Panel title={t('figures')} actions={<RangePicker range={range} choices={['1h', '6h', '24h', '7d']} />}>
      <QueryView query={query}>{(overview) => <Figures overview={overview} />}</QueryView>
    </Panel>
  );
}

function Figures({ overview }: { readonly overview: Overview }) {
  const { t } = useTranslation(['models', 'common']);
  const { totals } = overview;
  const failing = (totals.error_rate ?? 0) > 0;
  const unknown = totals.cost_unknown_requests;
  return (
    <div className="grid gap-4">
      <div className="grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-5">
        <Stat label={t('common:requests')} value={compact(totals.requests)} />
        <Stat label={t('errors')} value={share(totals.error_rate)} tone={failing ? 'bad' : 'plain'} />
        <Stat
          label={t('p95')}
          value={duration(totals.latency_ms.p95)}
          note={`p50 ${duration(totals.latency_ms.p50)}`}
        />
        <Stat label={t('ttftP95')} value={duration(totals.ttft_ms.p95)} note={`p50 ${duration(totals.ttft_ms.p50)}`} />
        <Stat
          label={t('common:cost')}
          value={money(totals.cost_usd)}
          note={unknown === 0 ? undefined : t('costUnknown', { requests: count(unknown) })}
        />
      </div>
      <LatencyChart series={overview.series} />
    </div>
  );
}

function LatencyChart({ series }: { readonly series: Overview['series'] }) {
  const { t } = useTranslation('models');
  const times = useMemo(() => series.started_at.map((at) => Date.parse(at) / 1000), [series]);
  const drawn = useMemo(
    () => [
      { name: 'p50', values: series.latency_ms.p50 },
      { name: 'p95', values: series.latency_ms.p95 },
    ],
    [series],
  );
  return (
    <div>
      <div className="mb-1 flex items-center justify-between gap-3">
        <h3 className="text-xs font-medium text-muted">{t('latencyOverTime')}</h3>
        <Legend series={drawn} />
      </div>
      <TimeChart label={t('latencyOverTime')} times={times} series={drawn} format={duration} height={150} />
    </div>
  );
}
