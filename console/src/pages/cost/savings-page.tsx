import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { type SavingsRow, useSavings } from '../../api/usage.ts';
import { Legend } from '../../charts/legend.tsx';
import { TimeChart } from '../../charts/time-chart.tsx';
import { money } from '../../format/numbers.ts';
import { useBeat } from '../../shell/beat.ts';
import { useSearchState } from '../../shell/search-state.ts';
import { useTimeRange } from '../../shell/time-range.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { RangePicker } from '../../ui/range-picker.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { CsvLink } from './csv-link.tsx';
import { COST_RANGES } from './cost-page.tsx';
import { useCostTabs } from './cost-tabs.ts';
import { MechanismTable } from './mechanism-table.tsx';
import { knownMechanism, savingsLayers } from './savings-rows.ts';
import { SavingsTable } from './savings-table.tsx';
import { SavingsTotals } from './savings-totals.tsx';
import { bucketsOf } from './time-buckets.ts';
import { FilterChips, GroupBy } from './usage-filters.tsx';
import { type UsageQuestion, csvAddress, readUsageQuestion, usageQuery } from './usage-question.ts';
import { toSeries } from './usage-rows.ts';

export function Page() {
  const { t } = useTranslation('cost');
  const [search] = useSearchState();
  const range = useTimeRange('7d');
  const question = readUsageQuestion(search, range);
  const mechanisms = useSavings(usageQuery(question, ['mechanism']));
  return (
    <>
      <PageHeader
        title={t('title')}
        hint={t('savingsHint')}
        pages={useCostTabs()}
        actions={
          <>
            <RangePicker range={range} choices={COST_RANGES} />
            <CsvLink
              href={csvAddress('/admin/v1/savings', usageQuery(question, ['mechanism', question.by]))}
              file="savings.csv"
            />
          </>
        }
      />
      <div className="space-y-4">
        <SavingsTotals answer={mechanisms} />
        <SavingsChart question={question} />
        <Panel title={t('byMechanism')} hint={t('byMechanismHint')} flush>
          <QueryView query={mechanisms}>
            {({ data, totals }) => <MechanismTable rows={data} savedUsd={totals.saved_usd} />}
          </QueryView>
        </Panel>
        <div className="flex flex-wrap items-end gap-3">
          <GroupBy by={question.by} />
          <FilterChips filters={question.filters} />
        </div>
        <SavingsTable question={question} />
      </div>
    </>
  );
}

function SavingsChart({ question }: { readonly question: UsageQuestion }) {
  const { t } = useTranslation('cost');
  const query = usageQuery(question, ['mechanism', question.bucket]);
  const answer = useSavings(query);
  return (
    <Panel title={t('savedOverTime')} hint={t('overTimeHint')}>
      <QueryView query={answer} skeleton={<Skeleton className="h-56" />}>
        {({ data }) =>
          data.length === 0 ? (
            <p className="py-16 text-center text-[13px] text-muted">{t('nothingSaved')}</p>
          ) : (
            <Bars question={question} rows={data} />
          )
        }
      </QueryView>
    </Panel>
  );
}

function Bars({ question, rows }: { readonly question: UsageQuestion; readonly rows: readonly SavingsRow[] }) {
  const { t } = useTranslation('cost');
  const now = useBeat();
  const [, change] = useSearchState();
  const { bucket, since, until } = question;
  const mechanismText = useCallback(
    (name: string) => {
      const known = knownMechanism(name);
      return known === undefined ? name : t(`mechanism_${known}`);
    },
    [t],
  );
  const { times, series } = useMemo(() => {
    const starts = bucketsOf(Date.parse(since), until === undefined ? now : Date.parse(until), bucket);
    const words = { nobody: '–', others: t('others') };
    const made = toSeries(savingsLayers(rows, bucket), starts, words);
    const named = made.map(({ name, values }) => ({ name: mechanismText(name), values }));
    return { times: starts.map((at) => at / 1000), series: named };
  }, [rows, bucket, since, until, now, t, mechanismText]);
  const zoom = (from: number, to: number): void =>
    change({ range: undefined, since: new Date(from).toISOString(), until: new Date(to).toISOString() });
  return (
    <div className="space-y-2">
      <TimeChart
        label={t('savedOverTime')}
        times={times}
        series={series}
        kind="bars"
        height={200}
        format={money}
        onZoom={zoom}
      />
      <Legend series={series} />
    </div>
  );
}
