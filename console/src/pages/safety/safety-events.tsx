import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { EventLine } from '../../events/event-line.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RowsSkeleton } from '../../ui/skeleton.tsx';
import { Failure } from '../../ui/states.tsx';

const KINDS = ['guard_failing', 'suspicious_use'] as const;
const EVENTS = '8';
const BLOCKS = 100;

/** What the gateway thinks that somebody should look at, and who is kept out. */
export function SafetyEvents() {
  const { t } = useTranslation('safety');
  const all = (
    <Link to="/alerts/events" className="text-xs font-medium text-accent hover:underline">
      {t('allEvents')}
    </Link>
  );
  return (
    <Panel title={t('events')} hint={t('eventsHint')} actions={all}>
      <EventLines />
      <Blocks />
    </Panel>
  );
}

function useEvents(kind: (typeof KINDS)[number]) {
  return api.useQuery('get', '/admin/v1/events', { params: { query: { kind, limit: EVENTS } } });
}

function EventLines() {
  const { t } = useTranslation('safety');
  const asked = [useEvents(KINDS[0]), useEvents(KINDS[1])];
  const failed = asked.find(({ isError }) => isError);
  if (failed) return <Failure error={failed.error} retry={() => void failed.refetch()} />;
  if (asked.some(({ isPending }) => isPending)) return <RowsSkeleton rows={3} />;
  const events = asked
    .flatMap(({ data }) => data?.data ?? [])
    .toSorted((one, other) => (one.at < other.at ? 1 : -1))
    .slice(0, Number(EVENTS));
  if (events.length === 0) return <p className="text-[13px] text-muted">{t('eventsNone')}</p>;
  return (
    <ul className="space-y-2">
      {events.map((event) => (
        <EventLine key={event.id} event={event} />
      ))}
    </ul>
  );
}

function Blocks() {
  const { t } = useTranslation('safety');
  const { data } = api.useQuery('get', '/admin/v1/blocks', { params: { query: { limit: String(BLOCKS) } } });
  const count = data?.data.length ?? 0;
  const words = () => {
    if (count === 0) return t('blocksNone');
    return data?.next ? t('blocksMany', { count }) : t('blocksCount', { count });
  };
  return (
    <div className="mt-4 flex items-baseline justify-between gap-3 border-t border-line pt-3 text-[13px]">
      <span className="text-muted">{data === undefined ? '' : words()}</span>
      <Link to="/keys/limits" className="text-xs font-medium text-accent hover:underline">
        {t('toBlocks')}
      </Link>
    </div>
  );
}
