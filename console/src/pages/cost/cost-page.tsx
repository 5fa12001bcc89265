import { useTranslation } from 'react-i18next';

import { useUsage } from '../../api/usage.ts';
import { useSearchState } from '../../shell/search-state.ts';
import { useTimeRange } from '../../shell/time-range.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { RangePicker } from '../../ui/range-picker.tsx';
import { CsvLink } from './csv-link.tsx';
import { useCostTabs } from './cost-tabs.ts';
import { NoUsage } from './no-usage.tsx';
import { UsageChart } from './usage-chart.tsx';
import { UsageFilters } from './usage-filters.tsx';
import { csvAddress, queryBefore, readUsageQuestion, usageQuery } from './usage-question.ts';
import { UsageTable } from './usage-table.tsx';
import { UsageTotals } from './usage-totals.tsx';

export const COST_RANGES = ['1h', '24h', '7d', '30d'] as const;

export function Page() {
  const { t } = useTranslation('cost');
  const [search] = useSearchState();
  const range = useTimeRange('7d');
  const question = readUsageQuestion(search, range);
  const rows = usageQuery(question, [question.by]);
  const now = useUsage(usageQuery(question, []));
  const before = useUsage(queryBefore(question, []));
  const [total] = now.data?.data ?? [];
  const isEmpty = total !== undefined && total.requests === 0 && Object.keys(question.filters).length === 0;
  return (
    <>
      <PageHeader
        title={t('title')}
        hint={t('usageHint')}
        pages={useCostTabs()}
        actions={
          <>
            <RangePicker range={range} choices={COST_RANGES} />
            <CsvLink href={csvAddress('/admin/v1/usage', rows)} file="usage.csv" />
          </>
        }
      />
      <div className="space-y-4">
        <UsageTotals now={now} before={before} />
        {isEmpty ? (
          <NoUsage />
        ) : (
          <>
            <UsageFilters question={question} />
            <UsageChart question={question} />
            <UsageTable question={question} />
          </>
        )}
      </div>
    </>
  );
}
