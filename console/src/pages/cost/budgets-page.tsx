import { Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { PAGED } from '../../api/paged.ts';
import { useMay } from '../../api/session.ts';
import { useSearchState } from '../../shell/search-state.ts';
import { Button } from '../../ui/button.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RowsSkeleton } from '../../ui/skeleton.tsx';
import { Failure } from '../../ui/states.tsx';
import { BudgetDetail } from './budget-detail.tsx';
import { BudgetForm } from './budget-form.tsx';
import { type Budget, fullestFirst } from './budget-state.ts';
import { BudgetTable } from './budget-table.tsx';
import { useCostTabs } from './cost-tabs.ts';
import { NoBudgets } from './no-budgets.tsx';

const EVERY_MS = 10_000;
const PAGE_ROWS = '200';

/** What is spent moves all the time, so that it is asked for again and again while somebody looks. */
function useBudgets() {
  const params = { query: { limit: PAGE_ROWS } };
  return api.useInfiniteQuery('get', '/admin/v1/budgets', { params }, { ...PAGED, refetchInterval: EVERY_MS });
}

export function Page() {
  const { t } = useTranslation('cost');
  const mayEdit = useMay('editor');
  const budgets = useBudgets();
  const [creating, setCreating] = useState(false);
  const all = budgets.data?.pages.flatMap(({ data }) => data);
  const create = (
    <Button
      kind="primary"
      disabled={!mayEdit}
      title={mayEdit ? undefined : t('needsRole', { ns: 'common', role: t('roleEditor', { ns: 'shell' }) })}
      onClick={() => setCreating(true)}
    >
      <Plus aria-hidden />
      {t('newBudget')}
    </Button>
  );
  return (
    <>
      <PageHeader title={t('title')} hint={t('budgetsHint')} pages={useCostTabs()} actions={create} />
      {all === undefined && budgets.isError ? (
        <Failure error={budgets.error} retry={() => void budgets.refetch()} />
      ) : null}
      {all === undefined && !budgets.isError ? (
        <Panel>
          <RowsSkeleton />
        </Panel>
      ) : null}
      {all?.length === 0 ? <NoBudgets action={create} /> : null}
      {all !== undefined && all.length > 0 ? (
        <Budgets budgets={all} more={budgets.hasNextPage ? () => void budgets.fetchNextPage() : undefined} />
      ) : null}
      {creating ? <BudgetForm onClose={() => setCreating(false)} /> : null}
    </>
  );
}

interface BudgetsProps {
  readonly budgets: readonly Budget[];
  readonly more: (() => void) | undefined;
}

function Budgets({ budgets, more }: BudgetsProps) {
  const { t } = useTranslation('cost');
  const [search, change] = useSearchState();
  const sorted = useMemo(() => fullestFirst(budgets), [budgets]);
  const chosen = sorted.find(({ name }) => name === search['budget']) ?? sorted[0];
  return (
    <div className="space-y-4">
      <Panel title={t('budgetsInForce')} hint={t('budgetsInForceHint')} flush>
        <BudgetTable
          budgets={sorted}
          chosen={chosen?.name}
          onChoose={(budget) => change({ budget, subject: undefined })}
          more={more}
        />
      </Panel>
      {chosen === undefined ? null : <BudgetDetail key={chosen.name} budget={chosen} />}
    </div>
  );
}
