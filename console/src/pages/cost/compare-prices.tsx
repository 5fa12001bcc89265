import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { nameIn } from '../../api/usage.ts';
import { client } from '../../api/client.ts';
import { count, money } from '../../format/numbers.ts';
import { useSearchState } from '../../shell/search-state.ts';
import { useTimeRange } from '../../shell/time-range.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Select } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { RangePicker } from '../../ui/range-picker.tsx';
import { Empty } from '../../ui/states.tsx';
import { COST_RANGES } from './cost-page.tsx';
import { type ComparedRow, comparedTotals } from './price-rows.ts';
import { nameColumn } from './usage-columns.tsx';

const COMPARED_BY = ['target', 'model', 'project', 'user', 'endpoint', 'key', 'day'] as const;
type ComparedBy = (typeof COMPARED_BY)[number];

const MOST_ROWS = 12;

/** What past usage would cost at the prices of today, beside what was booked. Nothing that is recorded changes. */
export function ComparePrices() {
  const { t } = useTranslation('cost');
  const [search, change] = useSearchState();
  const range = useTimeRange('30d');
  const by = COMPARED_BY.find((name) => name === search['compareBy']) ?? 'target';
  const { since, until } = range;
  const answer = useQuery({
    queryKey: ['post', '/admin/v1/prices/compare', { by, since, until }],
    queryFn: async () => {
      const body = { by: [by], since, ...(until !== undefined && { until }) };
      return (await client.POST('/admin/v1/prices/compare', { body })).data?.data ?? [];
    },
    placeholderData: keepPreviousData,
  });
  return (
    <Panel
      title={t('comparePrices')}
      hint={t('comparePricesHint')}
      flush
      actions={
        <>
          <Select
            aria-label={t('groupBy')}
            value={by}
            onChange={({ target }) => change({ compareBy: target.value })}
            className="w-36"
          >
            {COMPARED_BY.map((name) => (
              <option key={name} value={name}>
                {t(`group_${name}`)}
              </option>
            ))}
          </Select>
          <RangePicker range={range} choices={COST_RANGES} />
        </>
      }
    >
      <QueryView query={answer}>{(rows) => <Compared rows={rows} by={by} />}</QueryView>
    </Panel>
  );
}

function Compared({ rows, by }: { readonly rows: readonly ComparedRow[]; readonly by: ComparedBy }) {
  const { t } = useTranslation('cost');
  const totals = comparedTotals(rows);
  const columns = useComparedColumns(by);
  return (
    <>
      {rows.length === 0 ? null : (
        <p className="px-4 pb-2 text-[13px]">
          {t('comparedTotals', {
            booked: money(totals.booked),
            repriced: money(totals.repriced),
            difference: money(totals.difference),
          })}
        </p>
      )}
      <DataTable
        label={t('comparePrices')}
        columns={columns}
        rows={rows}
        rowKey={(row) => `${nameIn(row, by) === null ? 'none' : 'name'}:${nameIn(row, by)}`}
        empty={<Empty title={t('nothingInRange')}>{t('nothingToCompare')}</Empty>}
        {...(rows.length > MOST_ROWS && { height: '28rem' })}
      />
    </>
  );
}

function useComparedColumns(by: ComparedBy): readonly Column<ComparedRow>[] {
  const { t } = useTranslation('cost');
  return useMemo<Column<ComparedRow>[]>(() => {
    const right = { align: 'right', width: 'minmax(7rem, 0.8fr)' } as const;
    const figure = (
      id: keyof ComparedRow & string,
      header: string,
      write: (value: number) => string,
    ): Column<ComparedRow> => ({
      id,
      header,
      cell: (row) => write(Number(row[id])),
      sortBy: (row) => Number(row[id]),
      ...right,
    });
    return [
      nameColumn<ComparedRow>(by, t),
      figure('requests', t('requests'), count),
      figure('booked_usd', t('booked'), money),
      figure('repriced_usd', t('repriced'), money),
      figure('difference_usd', t('difference'), money),
      figure('newly_priced_usd', t('newlyPriced'), money),
      figure('unpriced_attempts', t('notRepriced'), count),
    ];
  }, [t, by]);
}
