import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { PAGED } from '../../api/paged.ts';
import { useSearchState } from '../../shell/search-state.ts';
import { type TimeRange, useTimeRange } from '../../shell/time-range.ts';
import { PagedTable, usePagedRows } from '../../ui/paged-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RangePicker } from '../../ui/range-picker.tsx';
import { Empty } from '../../ui/states.tsx';
import { AlertsHeader, OfAlerts } from './alerts-frame.tsx';
import { eventColumns } from './event-columns.tsx';
import { EventDetail } from './event-detail.tsx';
import { EventFilters } from './event-filters.tsx';

const RANGES = ['24h', '7d', '30d'] as const;
const PAGE_ROWS = '200';
const MOST_SUGGESTED = 50;

/** What operators should know, whether a rule tells of it or not. */
export function Page() {
  return (
    <OfAlerts>
      <EventsPage />
    </OfAlerts>
  );
}

function EventsPage() {
  const range = useTimeRange('7d');
  return (
    <>
      <AlertsHeader actions={<RangePicker range={range} choices={RANGES} />} />
      <Events range={range} />
    </>
  );
}

function useEvents({ since, until }: TimeRange) {
  const [{ kind, severity, subject }] = useSearchState();
  const query = {
    since,
    limit: PAGE_ROWS,
    ...(until !== undefined && { until }),
    ...(kind !== undefined && { kind }),
    ...(severity !== undefined && { severity }),
    ...(subject !== undefined && { subject }),
  };
  return api.useInfiniteQuery('get', '/admin/v1/events', { params: { query } }, PAGED);
}

function Events({ range }: { readonly range: TimeRange }) {
  const { t } = useTranslation('alerts');
  const [{ kind, severity, subject }] = useSearchState();
  const events = useEvents(range);
  const columns = useMemo(() => eventColumns(t), [t]);
  const rows = usePagedRows(events);
  const subjects = useMemo(() => [...new Set(rows.map((row) => row.subject))].slice(0, MOST_SUGGESTED), [rows]);
  const isFiltered = [kind, severity, subject].some(Boolean);
  return (
    <Panel title={t('events')} hint={t('eventsHint')} flush>
      <EventFilters subjects={subjects} />
      <PagedTable
        label={t('events')}
        query={events}
        columns={columns}
        rowKey={({ id }) => id}
        height="calc(100dvh - 19rem)"
        empty={
          <Empty title={t(isFiltered ? 'noEventsFiltered' : 'noEvents')}>
            {t(isFiltered ? 'noEventsFilteredHint' : 'noEventsHint')}
          </Empty>
        }
        detail={EventDetail}
      />
    </Panel>
  );
}
