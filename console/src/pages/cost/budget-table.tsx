import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { share } from '../../format/numbers.ts';
import { Badge } from '../../ui/badge.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Ago } from '../../ui/figures.tsx';
import { Bar } from '../../ui/progress.tsx';
import { StateBadge, useScopeText } from './budget-words.tsx';
import { amountIn } from './budget-amount.ts';
import { type Budget, type Standing, standingsShown, stateAt, tightest } from './budget-state.ts';

const MOST_ROWS = 12;

interface BudgetTableProps {
  readonly budgets: readonly Budget[];
  readonly chosen: string | undefined;
  readonly onChoose: (name: string) => void;
  readonly more: (() => void) | undefined;
}

interface Row {
  readonly budget: Budget;
  readonly standing: Standing | undefined;
}

export function BudgetTable({ budgets, chosen, onChoose, more }: BudgetTableProps) {
  const { t } = useTranslation('cost');
  const rows = useMemo(
    () => budgets.map((budget) => ({ budget, standing: tightest(standingsShown(budget)) })),
    [budgets],
  );
  return (
    <DataTable<Row>
      label={t('budgets')}
      columns={useColumns()}
      rows={rows}
      rowKey={({ budget }) => budget.name}
      onOpen={({ budget }) => onChoose(budget.name)}
      isChosen={({ budget }) => budget.name === chosen}
      {...(rows.length > MOST_ROWS && { height: '30rem' })}
      {...(more && { onEnd: more })}
    />
  );
}

function UsedBar({ budget, standing }: { readonly budget: Budget; readonly standing: Standing }) {
  const { t } = useTranslation('cost');
  const state = stateAt(budget, standing.share);
  return (
    <div className="flex items-center gap-2">
      <Bar
        share={standing.share}
        label={t('usedOf', { name: budget.name })}
        tone={state === 'exhausted' ? 'bad' : state === 'within' ? 'accent' : 'warn'}
        className="min-w-16 flex-1"
      />
      <span className="w-12 text-right text-xs tabular-nums">{share(standing.share, 0)}</span>
    </div>
  );
}

const RIGHT = { align: 'right', width: 'minmax(5rem, 0.7fr)' } as const;

function amountColumn(field: 'limit' | 'remaining' | 'burnRate', header: string): Column<Row> {
  return {
    id: field,
    header,
    cell: ({ standing }) => standing && amountIn(standing.unit, standing[field]),
    sortBy: ({ standing }) => standing?.[field],
    ...RIGHT,
  };
}

function useColumns(): readonly Column<Row>[] {
  const { t } = useTranslation('cost');
  const scopeText = useScopeText();
  return useMemo(() => {
    return [
      {
        id: 'name',
        header: t('name'),
        cell: ({ budget }) => <span title={budget.name}>{budget.name}</span>,
        sortBy: ({ budget }) => budget.name,
        width: 'minmax(8.5rem, 1.4fr)',
      },
      {
        id: 'scope',
        header: t('countsFor'),
        cell: ({ budget }) => scopeText(budget),
        sortBy: ({ budget }) => scopeText(budget),
        width: 'minmax(7.5rem, 1.2fr)',
      },
      {
        id: 'state',
        header: t('state'),
        cell: ({ budget, standing }) => <StateBadge state={stateAt(budget, standing?.share ?? 0)} />,
        sortBy: ({ standing }) => standing?.share,
        width: 'minmax(6rem, 0.8fr)',
      },
      {
        id: 'used',
        header: t('usedAndReserved'),
        cell: ({ budget, standing }) => (standing ? <UsedBar budget={budget} standing={standing} /> : null),
        sortBy: ({ standing }) => standing?.share,
        width: 'minmax(7.5rem, 1.2fr)',
      },
      amountColumn('limit', t('limit')),
      amountColumn('remaining', t('remaining')),
      amountColumn('burnRate', t('perDay')),
      {
        id: 'end',
        header: t('runsOut'),
        cell: ({ standing }) => <Ago at={standing?.exhaustedAt} />,
        sortBy: ({ standing }) => standing?.exhaustedAt,
        ...RIGHT,
      },
      {
        id: 'kind',
        header: t('kind'),
        cell: ({ budget }) => (
          <span className="flex gap-1">
            <Badge tone={budget.hard ? 'accent' : 'neutral'}>{budget.hard ? t('hard') : t('soft')}</Badge>
            {budget.origin === 'file' ? <Badge>{t('fromFile')}</Badge> : null}
          </span>
        ),
        sortBy: ({ budget }) => (budget.hard ? 0 : 1),
        width: 'minmax(6rem, 0.8fr)',
      },
    ];
  }, [t, scopeText]);
}
