import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { useSeesAll } from '../../api/session.ts';
import { FirstRequest } from '../../first-request/first-request.tsx';
import { fullTime } from '../../format/times.ts';
import { Objectives } from '../../objectives/objectives.tsx';
import { ProjectChoice } from '../../shell/project-choice.tsx';
import { useSearchState } from '../../shell/search-state.ts';
import { useTimeRange } from '../../shell/time-range.ts';
import { classes } from '../../ui/classes.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { RangePicker } from '../../ui/range-picker.tsx';
import { PageSkeleton, Skeleton } from '../../ui/skeleton.tsx';
import { Empty, Note } from '../../ui/states.tsx';
import { useOverview, type OverviewAnswer } from './ask-overview.ts';
import { keptFrom } from './before.ts';
import { WhatChanged } from './changed.tsx';
import { Firing } from './firing.tsx';
import { ModelsTable, TimeCharts } from './later.ts';
import { Tiles } from './tiles.tsx';
import { TopLists } from './top-lists.tsx';

const RANGES = ['1h', '6h', '24h', '7d', '30d'] as const;

/** What happens, what it costs, and what is wrong. */
export function Page() {
  const { t } = useTranslation('overview');
  const range = useTimeRange('24h');
  const [{ project }] = useSearchState();
  const overview = useOverview(range, project);
  // Only a gateway that was never asked gets the guide.
  const newest = api.useQuery('get', '/admin/v1/traces', { params: { query: { limit: '1' } } });
  const isKnown = newest.data !== undefined || newest.isError;
  const isFresh = newest.data?.data.length === 0 && (overview.data?.totals.requests ?? 0) === 0;
  return (
    <>
      <PageHeader
        title={t('title')}
        actions={
          isFresh ? undefined : (
            <>
              <ProjectChoice />
              <RangePicker range={range} choices={RANGES} />
            </>
          )
        }
      />
      {isKnown ? null : <PageSkeleton />}
      {isFresh ? <FirstRequest /> : null}
      {isKnown && !isFresh ? (
        <QueryView query={overview} skeleton={<PageSkeleton />}>
          {(data) => <Figures overview={data} asked={range.since} />}
        </QueryView>
      ) : null}
    </>
  );
}

interface FiguresProps {
  readonly overview: OverviewAnswer;
  /** Since when. */
  readonly asked: string;
}

function Figures({ overview, asked }: FiguresProps) {
  const { t } = useTranslation('overview');
  // What is of the whole gateway is not shown to those who see some projects alone.
  const seesAll = useSeesAll();
  const kept = keptFrom(overview, asked);
  return (
    <div className="space-y-3">
      {kept === undefined ? null : <Note tone="warn">{t('keptSince', { at: fullTime(kept) })}</Note>}
      <Tiles overview={overview} />
      {overview.totals.requests === 0 ? <Empty title={t('nothingHere')}>{t('nothingHereHint')}</Empty> : null}
      <Suspense fallback={<ChartsSkeleton />}>
        <TimeCharts series={overview.series} />
      </Suspense>
      <div className={classes('grid gap-3', seesAll && 'lg:grid-cols-[5fr_4fr_4fr]')}>
        <WhatChanged overview={overview} />
        {seesAll ? <Firing /> : null}
        {seesAll ? <Objectives /> : null}
      </div>
      <Suspense fallback={<Skeleton className="h-48" />}>
        <ModelsTable models={overview.top.models_by_requests} seesAll={seesAll} />
      </Suspense>
      <TopLists top={overview.top} />
    </div>
  );
}

function ChartsSkeleton() {
  return (
    <div className="grid gap-3 xl:grid-cols-2">
      {['requests', 'latency', 'ttft', 'cost'].map((name) => (
        <Skeleton key={name} className="h-72" />
      ))}
    </div>
  );
}
