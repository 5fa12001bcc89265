import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { EventLine } from '../../events/event-line.tsx';
import { Subject } from '../../events/subject.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Ago } from '../../ui/figures.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryView } from '../../ui/query-view.tsx';

const EVENTS = '6';

/** What somebody should look at: rules that hold now, requests that wait for a decision, and what happened lately. */
export function Firing() {
  const { t } = useTranslation('overview');
  return (
    <Panel
      title={t('firing')}
      hint={t('firingHint')}
      actions={
        <Link to="/alerts/events" className="text-xs font-medium text-accent hover:underline">
          {t('allEvents')}
        </Link>
      }
    >
      <Rules />
      <ReviewsWaiting />
      <Events />
    </Panel>
  );
}

function Rules() {
  const { t } = useTranslation('overview');
  const { data } = api.useQuery('get', '/admin/v1/alerts');
  const firing = (data?.data ?? []).flatMap(({ name, readings }) =>
    readings.filter(({ state }) => state === 'firing').map(({ subject, since }) => ({ name, subject, since })),
  );
  if (data && firing.length === 0) return <p className="text-[13px] text-muted">{t('firingNone')}</p>;
  return (
    <ul className="space-y-1.5">
      {firing.map(({ name, subject, since }) => (
        <li key={`${name} ${subject}`} className="flex items-baseline gap-2 text-[13px]">
          <Badge tone="bad">{name}</Badge>
          <span className="min-w-0 flex-1 truncate">
            <Subject subject={subject} />
          </span>
          <span className="text-xs text-muted">
            <Ago at={since} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function ReviewsWaiting() {
  const { t } = useTranslation('overview');
  const { data } = api.useQuery('get', '/admin/v1/reviews', { params: { query: { state: 'waiting', limit: '50' } } });
  const count = data?.data.length ?? 0;
  if (count === 0) return null;
  return (
    <Link to="/safety/reviews" className="mt-2 block rounded-md bg-warn-soft px-3 py-2 text-[13px] hover:underline">
      {t('reviewsWaiting', { count })}
    </Link>
  );
}

function Events() {
  const { t } = useTranslation('overview');
  const query = api.useQuery('get', '/admin/v1/events', { params: { query: { limit: EVENTS } } });
  return (
    <div className="mt-3 border-t border-line pt-3">
      <QueryView query={query}>
        {({ data }) => (
          <>
            {data.length === 0 ? <p className="text-[13px] text-muted">{t('eventsNone')}</p> : null}
            <ul className="space-y-1.5">
              {data.map((event) => (
                <EventLine key={event.id} event={event} quiet />
              ))}
            </ul>
          </>
        )}
      </QueryView>
    </div>
  );
}
