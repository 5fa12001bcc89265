import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { type UsageRow, useUsage } from '../../api/usage.ts';
import { ApiError } from '../../api/api-error.ts';
import { Legend } from '../../charts/legend.tsx';
import { TimeChart } from '../../charts/time-chart.tsx';
import { compact, money } from '../../format/numbers.ts';
import { useBeat } from '../../shell/beat.ts';
import { useSearchState } from '../../shell/search-state.ts';
import { Panel } from '../../ui/panel.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Note } from '../../ui/states.tsx';
import { bucketsOf } from './time-buckets.ts';
import { type UsageQuestion, usageQuery } from './usage-question.ts';
import { toSeries, usageLayers } from './usage-rows.ts';

const HEIGHT = 240;

/** Bars by hour or day, on top of each other. */
export function UsageChart({ question }: { readonly question: UsageQuestion }) {
  const { t } = useTranslation('cost');
  const { by, bucket, measure } = question;
  const grouped = useUsage(usageQuery(question, [by, bucket]));
  // Ten thousand users of a month are more rows than can be asked for: then only their sum is drawn.
  const isTooMuch = grouped.error instanceof ApiError && grouped.error.status === 400;
  const summed = useUsage(usageQuery(question, [bucket]), { enabled: isTooMuch });
  return (
    <Panel
      title={t('overTime', { measure: t(measure), group: t(`group_${by}`).toLowerCase() })}
      hint={t('overTimeHint')}
    >
      {isTooMuch ? <Note className="mb-3">{t('tooManyGroups')}</Note> : null}
      <QueryView query={isTooMuch ? summed : grouped} skeleton={<Skeleton className="h-64" />}>
        {({ data }) => <Bars question={question} rows={data} />}
      </QueryView>
    </Panel>
  );
}

function Bars({ question, rows }: { readonly question: UsageQuestion; readonly rows: readonly UsageRow[] }) {
  const { t } = useTranslation('cost');
  const [, change] = useSearchState();
  const now = useBeat();
  const { by, bucket, measure, since, until } = question;
  const nobody = t('nobody');
  const others = t('others');
  const { times, series } = useMemo(() => {
    const starts = bucketsOf(Date.parse(since), until === undefined ? now : Date.parse(until), bucket);
    const layers = usageLayers(rows, by, bucket, measure);
    return { times: starts.map((at) => at / 1000), series: toSeries(layers, starts, { nobody, others }) };
  }, [rows, by, bucket, measure, since, until, now, nobody, others]);
  const zoom = (from: number, to: number): void =>
    change({ range: undefined, since: new Date(from).toISOString(), until: new Date(to).toISOString() });
  return (
    <div className="space-y-2">
      <TimeChart
        label={t('overTime', { measure: t(measure), group: t(`group_${by}`).toLowerCase() })}
        times={times}
        series={series}
        kind="bars"
        height={HEIGHT}
        format={measure === 'cost' ? money : compact}
        whole={measure !== 'cost'}
        onZoom={zoom}
      />
      <Legend series={series} />
    </div>
  );
}
