import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { type SavingsRow, nameIn, useSavings } from '../../api/usage.ts';
import { count, money, share } from '../../format/numbers.ts';
import { useSearchState } from '../../shell/search-state.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { nameColumn, tokenColumns } from './usage-columns.tsx';
import { type UsageQuestion, nextGroup, usageQuery } from './usage-question.ts';
import type { Group } from './usage-rows.ts';

const MOST_ROWS = 15;

/** Who the savings are of; a click on a row looks at it alone. */
export function SavingsTable({ question }: { readonly question: UsageQuestion }) {
  const { t } = useTranslation('cost');
  const [, change] = useSearchState();
  const { by, filters } = question;
  const answer = useSavings(usageQuery(question, [by]));
  const columns = useSavingsColumns(by);
  const open = (row: SavingsRow): void => {
    const name = nameIn(row, by);
    if (name !== null) change({ [by]: name, by: nextGroup({ ...filters, [by]: name }, by) });
  };
  return (
    <Panel
      title={t('savedByGroup', { group: t(`group_${by}`).toLowerCase() })}
      hint={`${t('rowHint')} ${t('tokensOfRows')}`}
      flush
    >
      <QueryView query={answer}>
        {({ data, totals }) => (
          <DataTable
            label={t('savedByGroup', { group: t(`group_${by}`).toLowerCase() })}
            columns={columns}
            rows={data.toSorted((a, b) => b.saved_usd - a.saved_usd)}
            rowKey={(row) => `${nameIn(row, by) === null ? 'none' : 'name'}:${nameIn(row, by)}`}
            onOpen={open}
            empty={
              <Empty title={t('nothingSaved')}>
                <p>{t('nothingSavedHint', { share: share(totals.saved_share ?? 0) })}</p>
              </Empty>
            }
            {...(data.length > MOST_ROWS && { height: '36rem' })}
          />
        )}
      </QueryView>
    </Panel>
  );
}

function useSavingsColumns(by: Group): readonly Column<SavingsRow>[] {
  const { t } = useTranslation('cost');
  return useMemo<Column<SavingsRow>[]>(() => {
    const right = { align: 'right', width: 'minmax(6rem, 0.6fr)' } as const;
    return [
      nameColumn<SavingsRow>(by, t),
      {
        id: 'requests',
        header: t('requests'),
        cell: (row) => count(row.requests),
        sortBy: (row) => row.requests,
        ...right,
      },
      {
        id: 'saved',
        header: t('saved'),
        cell: (row) => money(row.saved_usd),
        sortBy: (row) => row.saved_usd,
        ...right,
      },
      ...tokenColumns<SavingsRow>(t),
    ];
  }, [t, by]);
}
