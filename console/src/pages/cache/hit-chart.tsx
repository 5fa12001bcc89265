import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import type { ChartSeries } from '../../charts/chart-options.ts';
import { Legend } from '../../charts/legend.tsx';
import { TimeChart } from '../../charts/time-chart.tsx';
import { count, share } from '../../format/numbers.ts';
import { useSearchState } from '../../shell/search-state.ts';
import { Panel } from '../../ui/panel.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Empty } from '../../ui/states.tsx';
import { HIT_KINDS, hitsOf, ratesOver } from './hit-rates.ts';
import type { OverviewAnswer, OverviewQuery } from './window.ts';

const HEIGHT = 220;

/** What the gateway's caches did for the requests of models that have one. */
export function HitChart({ overview }: { readonly overview: OverviewQuery }) {
  const { t } = useTranslation('cache');
  const [{ chart }, change] = useSearchState();
  const isRates = chart === 'rates';
  const choice = (
    <Segments<'counts' | 'rates'>
      label={t('show')}
      value={isRates ? 'rates' : 'counts'}
      choices={[
        ['counts', t('asCounts')],
        ['rates', t('asRates')],
      ]}
      onChange={(chosen) => change({ chart: chosen === 'rates' ? chosen : undefined })}
    />
  );
  return (
    <Panel title={t('overTime')} hint={t('overTimeHint')} actions={choice}>
      <QueryView query={overview} skeleton={<Skeleton className="h-[250px]" />}>
        {(found) => <Chart overview={found} isRates={isRates} />}
      </QueryView>
    </Panel>
  );
}

function Chart({
  overview: { series, totals },
  isRates,
}: {
  readonly overview: OverviewAnswer;
  readonly isRates: boolean;
}) {
  const { t } = useTranslation('cache');
  const [, change] = useSearchState();
  const times = useMemo(() => series.started_at.map((at) => Date.parse(at) / 1000), [series]);
  const drawn = useMemo<ChartSeries[]>(() => {
    const kinds = HIT_KINDS.map((kind) => ({
      name: t(`kind_${kind}`),
      values: isRates ? ratesOver(series.cache, kind) : series.cache[kind],
    }));
    return isRates ? kinds : [...kinds, { name: t('kind_miss'), values: series.cache.miss, colour: 'strong-line' }];
  }, [series, isRates, t]);
  if (hitsOf(totals.cache) + totals.cache.miss === 0) return <Empty title={t('noLooks')}>{t('noLooksHint')}</Empty>;
  return (
    <>
      <TimeChart
        label={t('overTime')}
        times={times}
        series={drawn}
        kind={isRates ? 'line' : 'bars'}
        format={isRates ? share : count}
        whole={!isRates}
        height={HEIGHT}
        onZoom={(from, to) =>
          change({ since: new Date(from).toISOString(), until: new Date(to).toISOString(), range: undefined })
        }
      />
      <Legend series={drawn} />
    </>
  );
}
