import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { nameIn, type UsageRow, useUsage } from '../../api/usage.ts';
import type { ChartSeries } from '../../charts/chart-options.ts';
import { Legend } from '../../charts/legend.tsx';
import { TimeChart } from '../../charts/time-chart.tsx';
import { useBeat } from '../../shell/beat.ts';
import { Time } from '../../ui/figures.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Note } from '../../ui/states.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { amountIn } from './budget-amount.ts';
import { type Budget, type Standing, scopeOf } from './budget-state.ts';
import {
  type BurnDown,
  type Outlook,
  type Spending,
  burnDown,
  historyStart,
  notCounted,
  outlook,
  periodFirstDay,
} from './burn-down.ts';
import { bucketStart } from './time-buckets.ts';
import { tokensOf } from './usage-rows.ts';
import { midnightIn } from './zone-midnight.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

interface ChartProps {
  readonly budget: Budget;
  readonly subject: string;
  readonly standing: Standing;
}

function spendingOf(rows: readonly UsageRow[], { unit }: Standing): Spending[] {
  return rows.map((row) => ({
    at: bucketStart(nameIn(row, 'hour') ?? ''),
    amount: unit === 'usd' ? row.cost_usd : (tokensOf(row) ?? 0),
  }));
}

interface Drawn extends BurnDown {
  readonly outlook: Outlook | undefined;
  /** Spent in this period, and not counted by the budget. */
  readonly before: number | undefined;
}

function draw({ budget, standing }: ChartProps, rows: readonly UsageRow[], now: number): Drawn {
  const spent = spendingOf(rows, standing);
  const firstDay = periodFirstDay(budget, now);
  const firstSpent = Math.min(now - HOUR_MS, ...spent.map(({ at }) => at));
  const startsAt = firstDay === undefined ? firstSpent : midnightIn(budget.timeZone, firstDay);
  const ahead = outlook(budget, spent, standing.burnRate, now);
  const drawn = burnDown({
    spent,
    used: standing.used,
    limit: standing.limit,
    startsAt,
    endsAt: budget.resetsAt === null ? undefined : Date.parse(budget.resetsAt),
    now,
    outlook: ahead,
  });
  return { ...drawn, outlook: ahead, before: notCounted(spent, standing.used, startsAt) };
}

/** What was spent in this period, the limit, and where it leads if it goes on so. */
export function BurnDownChart(props: ChartProps) {
  const { budget, subject } = props;
  const now = useBeat();
  // Asked for anew each hour, and answered from memory in between.
  const since = historyStart(periodFirstDay(budget, now), Math.floor(now / HOUR_MS) * HOUR_MS);
  const query = { by: 'hour', since, timeZone: budget.timeZone, ...scopeOf(budget.per, subject) };
  const usage = useUsage(query, { refetchInterval: 30_000 });
  return (
    <QueryView query={usage} skeleton={<Skeleton className="h-72" />}>
      {({ data }) => <Drawing {...props} rows={data} now={now} />}
    </QueryView>
  );
}

function Drawing({ budget, subject, standing, rows, now }: ChartProps & { rows: readonly UsageRow[]; now: number }) {
  const { t } = useTranslation('cost');
  const drawn = useMemo(() => draw({ budget, subject, standing }, rows, now), [budget, subject, standing, rows, now]);
  const series = useMemo<ChartSeries[]>(() => {
    const known = [
      { name: t('spent'), values: drawn.spent, colour: 'accent' },
      { name: t('limit'), values: drawn.limit, colour: 'bad' },
    ];
    if (!drawn.outlook) return known;
    return [
      ...known,
      { name: t('forecast'), values: drawn.expected, colour: 'series-2' },
      { name: t('forecastLow'), values: drawn.low, colour: 'strong-line' },
      { name: t('forecastHigh'), values: drawn.high, colour: 'warn' },
    ];
  }, [drawn, t]);
  return (
    <div className="min-w-0 space-y-2">
      <TimeChart
        label={t('burnDown', { name: budget.name })}
        times={drawn.times}
        series={series}
        height={260}
        format={(value) => amountIn(standing.unit, value)}
      />
      <Legend series={series} />
      {drawn.before === undefined ? null : (
        <Note>{t('countsFromMade', { amount: amountIn(standing.unit, drawn.before) })}</Note>
      )}
      <Outcome budget={budget} drawn={drawn} />
    </div>
  );
}

function Outcome({ budget, drawn }: { readonly budget: Budget; readonly drawn: Drawn }) {
  const { t } = useTranslation('cost');
  const { runsOut, outlook: ahead } = drawn;
  if (!ahead) return <p className="text-[13px] text-muted">{t('noForecast')}</p>;
  const days = Math.round((ahead.blocks * ahead.blockMs) / DAY_MS);
  const isHourly = ahead.blockMs === HOUR_MS;
  const blocks =
    isHourly && days >= 2
      ? t('blocksHourly', { days })
      : t(isHourly ? 'blocksHours' : 'blocksDays', { count: ahead.blocks });
  const moment = (at: number | null) =>
    at === null ? t(budget.period === 'total' ? 'notSoon' : 'notInPeriod') : <Time at={new Date(at).toISOString()} />;
  return (
    <div className="text-[13px]">
      <dl className="grid gap-x-6 gap-y-1 sm:grid-cols-3">
        <div>
          <dt className="text-xs text-muted">{t('runsOutEarliest')}</dt>
          <dd>{moment(runsOut.earliest)}</dd>
        </div>
        <div>
          <dt className="text-xs text-muted">{t('runsOutExpected')}</dt>
          <dd className="font-medium">{moment(runsOut.expected)}</dd>
        </div>
        <div>
          <dt className="text-xs text-muted">{t('runsOutLatest')}</dt>
          <dd>{moment(runsOut.latest)}</dd>
        </div>
      </dl>
      <p className="mt-2 text-xs text-muted">{t('forecastMeans', { blocks })}</p>
    </div>
  );
}
