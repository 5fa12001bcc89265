import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { type UsageAnswer, nameIn, useUsage } from '../../api/usage.ts';
import { TimeChart } from '../../charts/time-chart.tsx';
import { share } from '../../format/numbers.ts';
import { useBeat } from '../../shell/beat.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Empty } from '../../ui/states.tsx';
import { type Bucket, bucketStart, bucketsOf, readerZone, usualBucket } from '../cost/time-buckets.ts';
import { promptShare } from './hit-rates.ts';
import type { Window } from './window.ts';

const HEIGHT = 220;

/** What providers read from their own prompt caches, of all input that they were sent. */
export function PromptChart({ window, lengthMs }: { readonly window: Window; readonly lengthMs: number }) {
  const { t } = useTranslation('cache');
  const bucket = usualBucket(lengthMs);
  const usage = useUsage({ ...window, by: bucket, timeZone: readerZone() });
  const toDoctor = (
    <Button asChild size="small">
      <Link to="/cache/prompts">{t('doctor')}</Link>
    </Button>
  );
  return (
    <Panel title={t('prompts')} hint={t('promptsHint')} actions={toDoctor}>
      <QueryView query={usage} skeleton={<Skeleton className="h-[250px]" />}>
        {(found) => <Chart usage={found} window={window} bucket={bucket} />}
      </QueryView>
    </Panel>
  );
}

interface ChartProps {
  readonly usage: UsageAnswer;
  readonly window: Window;
  readonly bucket: Bucket;
}

function Chart({ usage, window: { since, until }, bucket }: ChartProps) {
  const { t } = useTranslation('cache');
  const now = useBeat();
  const { times, series, isEmpty } = useMemo(() => {
    const shares = new Map(usage.data.map((row) => [bucketStart(nameIn(row, bucket) ?? ''), promptShare(row.tokens)]));
    const starts = bucketsOf(Date.parse(since), until === undefined ? now : Date.parse(until), bucket);
    const values = starts.map((at) => shares.get(at) ?? null);
    return {
      times: starts.map((at) => at / 1000),
      series: [{ name: t('promptShare'), values }],
      isEmpty: values.every((value) => value === null || value === 0),
    };
  }, [usage, since, until, now, bucket, t]);
  if (isEmpty) return <Empty title={t('noPrompts')}>{t('noPromptsHint')}</Empty>;
  return (
    <TimeChart
      label={t('prompts')}
      times={times}
      series={series}
      kind="bars"
      format={(value) => share(value)}
      height={HEIGHT}
    />
  );
}
