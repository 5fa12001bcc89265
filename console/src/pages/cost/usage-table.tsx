import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { type UsageRow, useUsage } from '../../api/usage.ts';
import { change as changeOf, compact, count, money, share } from '../../format/numbers.ts';
import { useSearchState } from '../../shell/search-state.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Cost } from '../../ui/figures.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { type UsageQuestion, nextGroup, queryBefore, usageQuery } from './usage-question.ts';
import { type CostRow, type Group, costRows, measured } from './usage-rows.ts';

/** More rows than these scroll by themselves. */
const MOST_ROWS = 15;

/** The same sums as rows; a click on one looks at it alone. */
export function UsageTable({ question }: { readonly question: UsageQuestion }) {
  const { t } = useTranslation('cost');
  const { by } = question;
  const now = useUsage(usageQuery(question, [by]));
  const before = useUsage(queryBefore(question, [by]));
  return (
    <Panel
      title={t('byGroup', { group: t(`group_${by}`).toLowerCase() })}
      hint={by === 'target' ? t('byTargetHint') : t('rowHint')}
      flush
    >
      <QueryView query={now}>
        {({ data }) => <Rows question={question} now={data} before={before.data?.data ?? []} />}
      </QueryView>
    </Panel>
  );
}

interface RowsProps {
  readonly question: UsageQuestion;
  readonly now: readonly UsageRow[];
  readonly before: readonly UsageRow[];
}

function Rows({ question, now, before }: RowsProps) {
  const { t } = useTranslation('cost');
  const [, change] = useSearchState();
  const { by, measure, filters } = question;
  const rows = useMemo(() => costRows(now, before, by, measure), [now, before, by, measure]);
  const columns = useColumns(question);
  const open = ({ name }: CostRow): void => {
    // Who has no name cannot be asked for.
    if (name !== null) change({ [by]: name, by: nextGroup({ ...filters, [by]: name }, by) });
  };
  return (
    <DataTable
      label={t('byGroup', { group: t(`group_${by}`).toLowerCase() })}
      columns={columns}
      rows={rows}
      rowKey={({ name }) => (name === null ? 'none' : `name:${name}`)}
      onOpen={open}
      empty={<Empty title={t('nothingInRange')}>{t('nothingInRangeHint')}</Empty>}
      {...(rows.length > MOST_ROWS && { height: '36rem' })}
    />
  );
}

/** Names under which the list of requests knows the same. */
const REQUEST_FILTERS: Readonly<Partial<Record<Group, string>>> = {
  model: 'model',
  project: 'project',
  user: 'user',
  endpoint: 'endpoint',
  target: 'target',
  key: 'key',
};

const RIGHT = { align: 'right', width: 'minmax(4.75rem, 0.6fr)' } as const;
/** Costs of one request are small, and long to write. */
const RIGHT_COST = { align: 'right', width: 'minmax(5.75rem, 0.6fr)' } as const;

function figureColumn(
  id: string,
  header: string,
  write: (value: number | null) => string,
  valueOf: (row: UsageRow) => number | null,
): Column<CostRow> {
  return { id, header, cell: ({ now }) => write(valueOf(now)), sortBy: ({ now }) => valueOf(now), ...RIGHT };
}

function useColumns({ by, measure, since, until }: UsageQuestion): readonly Column<CostRow>[] {
  const { t } = useTranslation('cost');
  return useMemo(() => {
    const requestFilter = REQUEST_FILTERS[by];
    const requests = ({ name, now }: CostRow) =>
      requestFilter === undefined || name === null ? (
        count(now.requests)
      ) : (
        <Link
          to="/requests"
          search={{ [requestFilter]: name, since, ...(until !== undefined && { until }) }}
          onClick={(event) => event.stopPropagation()}
          className="underline decoration-line underline-offset-2 hover:decoration-ink"
          aria-label={t('seeRequests', { count: now.requests, shown: count(now.requests), name })}
        >
          {count(now.requests)}
        </Link>
      );
    return [
      {
        id: 'name',
        header: t(`group_${by}`),
        cell: ({ name }) =>
          name === null ? <span className="text-muted">{t('nobody')}</span> : <span title={name}>{name}</span>,
        sortBy: ({ name }) => name,
        width: 'minmax(10rem, 2fr)',
      },
      {
        id: 'cost',
        header: t('cost'),
        cell: ({ now }) => <Cost usd={now.cost_usd} known={now.cost_unknown_requests === 0} />,
        sortBy: ({ now }) => now.cost_usd,
        ...RIGHT_COST,
      },
      { id: 'share', header: t('share'), cell: (row) => share(row.share), sortBy: (row) => row.share, ...RIGHT },
      {
        id: 'change',
        header: t('change'),
        cell: ({ now, before }) => changeOf(measured(now, measure), before && measured(before, measure)),
        sortBy: ({ now, before }) => (before ? measured(now, measure) / (measured(before, measure) || Infinity) : null),
        ...RIGHT,
      },
      { id: 'requests', header: t('requests'), cell: requests, sortBy: ({ now }) => now.requests, ...RIGHT },
      figureColumn('input', t('input'), compact, ({ tokens }) => tokens.input),
      figureColumn('output', t('output'), compact, ({ tokens }) => tokens.output),
      {
        id: 'average',
        header: t('perRequest'),
        cell: ({ now }) => (now.cost_unknown_requests === now.requests ? '–' : money(now.cost_usd / now.requests)),
        sortBy: ({ now }) => now.cost_usd / now.requests,
        ...RIGHT_COST,
      },
      figureColumn('assumed', t('assumed'), money, (row) => row.cost_assumed_usd),
      figureColumn('unknown', t('unknown'), count, (row) => row.cost_unknown_requests),
    ];
  }, [by, measure, since, until, t]);
}
