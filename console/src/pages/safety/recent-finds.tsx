import { keepPreviousData } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { useSearchState } from '../../shell/search-state.ts';
import type { TimeRange } from '../../shell/time-range.ts';
import { Badge } from '../../ui/badge.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Select } from '../../ui/field.tsx';
import { Time } from '../../ui/figures.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { StatusBadge } from '../requests/badges.tsx';
import { type ListedTrace, verdictsOf } from '../requests/trace-types.ts';
import { useProject } from './ask-verdicts.ts';
import { requestsSearch } from './requests-search.ts';
import { FINDS, type Find, type VerdictTotals, isFind } from './verdict-sums.ts';

const ROWS = '12';

interface RecentFindsProps {
  readonly totals: VerdictTotals;
  readonly range: TimeRange;
}

/** The requests behind a figure. Without a choice it is the gravest verdict that there was. */
export function RecentFinds({ totals, range }: RecentFindsProps) {
  const { t } = useTranslation(['safety', 'requests']);
  const [search, change] = useSearchState();
  const project = useProject();
  const asked = search['verdict'];
  const verdict = isFind(asked) ? asked : (FINDS.find((find) => totals.finds[find].total > 0) ?? 'blocked');
  const { since, until } = range;
  const query = { verdict, since, limit: ROWS, ...(until !== undefined && { until }), ...(project && { project }) };
  const traces = api.useQuery('get', '/admin/v1/traces', { params: { query } }, { placeholderData: keepPreviousData });
  const columns = useColumns(verdict);
  const navigate = useNavigate();
  const actions = (
    <>
      <Select
        aria-label={t('which')}
        value={verdict}
        onChange={({ target }) => change({ verdict: target.value })}
        className="w-40"
      >
        {FINDS.map((find) => (
          <option key={find} value={find}>
            {`${t(`requests:outcome.${find}`)} (${totals.finds[find].total})`}
          </option>
        ))}
      </Select>
      <Link
        to="/requests"
        search={requestsSearch({ verdict, project, range })}
        className="text-xs font-medium text-accent hover:underline"
      >
        {t('recentAll')}
      </Link>
    </>
  );
  return (
    <Panel title={t('recent')} hint={t('recentHint')} actions={actions} flush>
      <QueryView query={traces}>
        {({ data }) => (
          <DataTable
            label={t('recent')}
            columns={columns}
            rows={data}
            rowKey={({ trace_id: id }) => id}
            onOpen={({ trace_id: traceId }) => void navigate({ to: '/requests/$traceId', params: { traceId } })}
            empty={<Empty title={t('nothingFound')}>{t('recentNone')}</Empty>}
          />
        )}
      </QueryView>
    </Panel>
  );
}

function useColumns(verdict: Find): readonly Column<ListedTrace>[] {
  const { t } = useTranslation(['safety', 'common']);
  return useMemo(
    () => [
      {
        id: 'at',
        header: t('common:time'),
        cell: ({ trace_id: traceId, started_at: at }) => (
          <Link to="/requests/$traceId" params={{ traceId }} className="hover:underline" tabIndex={-1}>
            <Time at={at} />
          </Link>
        ),
        width: '7.5rem',
      },
      {
        id: 'guards',
        header: t('saidBy'),
        cell: (trace) => <SaidBy trace={trace} verdict={verdict} />,
        width: 'minmax(9rem, 2fr)',
      },
      {
        id: 'model',
        header: t('common:model'),
        cell: ({ model }) => <Name text={model} />,
        width: 'minmax(6rem, 1fr)',
      },
      {
        id: 'whose',
        header: t('common:project'),
        cell: ({ project, user_id: user }) => <Name text={[project, user].filter((one) => one !== null).join(' · ')} />,
        width: 'minmax(6rem, 1fr)',
      },
      {
        id: 'status',
        header: t('common:status'),
        cell: ({ status }) => <StatusBadge status={status} />,
        width: '5.5rem',
      },
    ],
    [t, verdict],
  );
}

function Name({ text }: { readonly text: string | null }) {
  return text === null || text === '' ? <span className="text-muted">–</span> : <span title={text}>{text}</span>;
}

/** Guards with what they found, e.g. `pii: email × 2`. */
function SaidBy({ trace, verdict }: { readonly trace: ListedTrace; readonly verdict: Find }) {
  const said = verdictsOf(trace.verdicts).filter(({ outcome }) => outcome === verdict);
  const guards = [...new Set(said.map(({ guard }) => guard))];
  const found = said.flatMap(({ found: categories = {} }) => Object.keys(categories));
  const title = [...guards, ...found].join(', ');
  return (
    <span title={title} className="inline-flex max-w-full items-center gap-1.5">
      {guards.map((guard) => (
        <Badge key={guard} className="shrink-0">
          {guard}
        </Badge>
      ))}
      <span className="truncate text-xs text-muted">{[...new Set(found)].join(', ')}</span>
    </span>
  );
}
