import { useNavigate } from '@tanstack/react-router';
import { ArrowUp } from 'lucide-react';
import { type ReactNode, useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';

import { client } from '../../api/client.ts';
import { count } from '../../format/numbers.ts';
import { onTick, useLive } from '../../live/live.ts';
import { Button } from '../../ui/button.tsx';
import { LongTable } from '../../ui/long-table.tsx';
import { RowsSkeleton } from '../../ui/skeleton.tsx';
import { Failure } from '../../ui/states.tsx';
import { type ColumnId, columnsOf } from './columns.tsx';
import { ROW_PX } from '../../ui/table-rows.tsx';
import { type AskPage, type FeedState, TraceFeed } from './trace-feed.ts';
import { type TraceRow, toRow } from './trace-row.ts';

interface TraceListProps {
  /** As it was when the list began: another question is another list. */
  readonly query: Readonly<Record<string, string>>;
  readonly columns: readonly ColumnId[];
  readonly isLive: boolean;
  /** Filters stand above, and take their room. */
  readonly hasChips: boolean;
  readonly empty: ReactNode;
}

function asking(query: Readonly<Record<string, string>>): AskPage {
  return async (cursor, limit, signal) => {
    const asked = { ...query, limit: String(limit), ...(cursor !== undefined && { cursor }) };
    const { data } = await client.GET('/admin/v1/traces', { params: { query: asked }, signal });
    return { rows: (data?.data ?? []).map(toRow), next: data?.next ?? null };
  };
}

function useFeed(query: Readonly<Record<string, string>>, isLive: boolean): [TraceFeed, FeedState] {
  const [feed] = useState(() => new TraceFeed(asking(query)));
  const { connection } = useLive();
  useEffect(() => {
    void feed.start();
    return () => feed.close();
  }, [feed]);
  useEffect(() => {
    if (!isLive) return undefined;
    // Whatever came while the connection was away.
    if (connection === 'open') void feed.tick();
    return onTick('traces', () => void feed.tick());
  }, [feed, isLive, connection]);
  return [feed, useSyncExternalStore(feed.subscribe, feed.state)];
}

/** The header, and what scrolls sideways. */
const AROUND_PX = 52;

const rowKey = (row: TraceRow): string => row.id;

export function TraceList({ query, columns, isLive, hasChips, empty }: TraceListProps) {
  const { t } = useTranslation('requests');
  const [feed, state] = useFeed(query, isLive);
  const navigate = useNavigate();
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const defined = useMemo(() => columnsOf(columns, t), [columns, t]);
  const look = useCallback((first: number, last: number) => feed.look(first, last), [feed]);
  const toTop = (): void => {
    scroller?.scrollTo({ top: 0 });
    feed.setAtTop(true);
  };
  const failure = state.error === undefined ? null : <Failure error={state.error} retry={() => void feed.retry()} />;
  if (state.count === 0) {
    if (failure) return <div className="p-4">{failure}</div>;
    return state.isFirst ? <RowsSkeleton rows={12} /> : empty;
  }
  return (
    <div className="relative">
      {state.waiting === 0 ? null : <NewRows state={state} onShow={toTop} />}
      <LongTable
        label={t('listLabel')}
        columns={defined}
        count={state.count}
        rowAt={(index) => feed.rowAt(index)}
        rowKey={rowKey}
        onOpen={({ id }) => void navigate({ to: '/requests/$traceId', params: { traceId: id } })}
        onLook={look}
        onTop={(isAtTop) => feed.setAtTop(isAtTop)}
        scrollerRef={setScroller}
        height={`min(max(20rem, calc(100dvh - ${hasChips ? 18 : 15.75}rem)), ${state.count * ROW_PX + AROUND_PX}px)`}
      />
      <ListFoot state={state} failure={failure} />
    </div>
  );
}

interface NewRowsProps {
  readonly state: FeedState;
  readonly onShow: () => void;
}

/** Says what came above without moving what is read. */
function NewRows({ state: { waiting, waitingMore }, onShow }: NewRowsProps) {
  const { t } = useTranslation('requests');
  return (
    <div className="absolute top-10 right-0 left-0 z-20 flex justify-center" role="status">
      <Button kind="primary" size="small" className="rounded-full shadow-lg" onClick={onShow}>
        <ArrowUp aria-hidden />
        {waitingMore ? t('newMany', { count: waiting }) : t('newRows', { count: waiting })}
      </Button>
    </div>
  );
}

function ListFoot({ state, failure }: { readonly state: FeedState; readonly failure: ReactNode }) {
  const { t } = useTranslation('requests');
  const known = state.isEnd
    ? t('shown', { count: state.count, rows: count(state.count) })
    : t('shownMore', { rows: count(state.count) });
  return (
    <div className="border-t border-line px-4 py-2 text-xs text-muted">
      {failure}
      <span>{known}</span>
    </div>
  );
}
