import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { FirstRequest } from '../../first-request/first-request.tsx';
import { type SearchState, useSearchState } from '../../shell/search-state.ts';
import { type TimeRange, useTimeRange } from '../../shell/time-range.ts';
import { Button } from '../../ui/button.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { Switch } from '../../ui/switch.tsx';
import { ColumnChoice, useColumnChoice } from './column-choice.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { FilterBar } from './filter-bar.tsx';
import { filterWords } from './filter-words.ts';
import { filterKey, filtersOf, traceQuery, withoutFilters } from './filters.ts';
import { rememberList } from './last-list.ts';
import { SavedViews } from './saved-views.tsx';
import { TraceList } from './trace-list.tsx';

const ASK_EVERY_MS = 5000;
const USUAL_RANGE = '7d';

export function Page() {
  const { t } = useTranslation('requests');
  // Whether anything was ever asked: a fresh install is shown how.
  const any = api.useQuery(
    'get',
    '/admin/v1/traces',
    { params: { query: { limit: '1' } } },
    { refetchInterval: ({ state }) => (state.data?.data.length === 0 ? ASK_EVERY_MS : false) },
  );
  return (
    <QueryView query={any}>
      {({ data }) =>
        data.length > 0 ? (
          <Requests />
        ) : (
          <>
            <PageHeader title={t('title')} hint={t('hint')} />
            <FirstRequest />
          </>
        )
      }
    </QueryView>
  );
}

function Requests() {
  const { t } = useTranslation(['requests', 'common']);
  const [search] = useSearchState();
  useEffect(() => {
    // While the next page opens, the address is that one's already.
    if (location.pathname.endsWith('/requests')) rememberList(search);
  }, [search]);
  const range = useTimeRange(USUAL_RANGE);
  const [isLive, setLive] = useState(true);
  const [columns, keepColumns] = useColumnChoice();
  const told = filtersOf(search).map(([name, value]) => filterWords(name, value, t));
  const actions = (
    <>
      <Switch label={t('live')} checked={isLive} onChange={setLive} />
      <SavedViews />
      <ColumnChoice chosen={columns} onChange={keepColumns} />
      <ExportDialog query={traceQuery(search, range)} told={told.join('; ')} />
    </>
  );
  return (
    <>
      <PageHeader title={t('title')} hint={t('hint')} actions={actions} />
      <FilterBar range={range} />
      <Panel flush>
        <Listed key={filterKey(search)} search={search} range={range} isLive={isLive} columns={columns} />
      </Panel>
    </>
  );
}

interface ListedProps {
  readonly search: SearchState;
  readonly range: TimeRange;
  readonly isLive: boolean;
  readonly columns: Parameters<typeof TraceList>[0]['columns'];
}

/** Its time is that of its beginning: a range that moves on must not throw away what is read. */
function Listed({ search, range, isLive, columns }: ListedProps) {
  const [query] = useState(() => traceQuery(search, range));
  const isFiltered = useMemo(() => filtersOf(search).length > 0, [search]);
  return (
    <TraceList
      query={query}
      columns={columns}
      isLive={isLive}
      hasChips={isFiltered}
      empty={<NothingHere isFiltered={isFiltered} />}
    />
  );
}

function NothingHere({ isFiltered }: { readonly isFiltered: boolean }) {
  const { t } = useTranslation('requests');
  const [search, change] = useSearchState();
  const longer = (
    <Button onClick={() => change({ range: '30d', since: undefined, until: undefined })}>{t('lastDays')}</Button>
  );
  const clear = <Button onClick={() => change(withoutFilters(search))}>{t('clearFilters')}</Button>;
  return (
    <Empty
      title={isFiltered ? t('emptyFiltered') : t('emptyRange')}
      action={
        <span className="flex gap-2">
          {isFiltered ? clear : null}
          {longer}
        </span>
      }
    >
      {isFiltered ? t('emptyFilteredHint') : t('emptyRangeHint')}
    </Empty>
  );
}
