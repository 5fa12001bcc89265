import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { useSince } from '../../shell/use-since.ts';
import { api } from '../../api/client.ts';
import { PAGED } from '../../api/paged.ts';
import type { paths } from '../../api/schema.gen.ts';
import { nameIn, useUsage } from '../../api/usage.ts';
import { count } from '../../format/numbers.ts';
import { useBeat } from '../../shell/beat.ts';
import { Button } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { RowsSkeleton } from '../../ui/skeleton.tsx';
import { Empty, Failure } from '../../ui/states.tsx';
import { useKeyColumns } from './key-columns.tsx';
import { keyHas } from './key-search.ts';
import { keyState } from './key-state.ts';

export type ApiKey = paths['/admin/v1/keys']['get']['responses']['200']['content']['application/json']['data'][number];

/** What a key did of late. */
export interface KeyUse {
  readonly requests: number;
  readonly costUsd: number;
}

interface KeyListProps {
  readonly project: string | undefined;
  /** What was searched for. */
  readonly words: string;
  readonly liveOnly: boolean;
  /** Absent: this operator may not. */
  readonly onRevoke: ((key: ApiKey) => void) | undefined;
  readonly onCreate: () => void;
}

const PAGE = '200';

function useKeys(project: string | undefined) {
  const query = { limit: PAGE, ...(project && { project }) };
  return api.useInfiniteQuery('get', '/admin/v1/keys', { params: { query } }, PAGED);
}

/** What somebody looks for may be on any page, so that all of them are brought. */
function useWhole(keys: ReturnType<typeof useKeys>, isWanted: boolean): void {
  const { hasNextPage, isFetchingNextPage, isError, fetchNextPage } = keys;
  const isDue = isWanted && hasNextPage && !isFetchingNextPage && !isError;
  useEffect(() => {
    if (isDue) void fetchNextPage();
  }, [isDue, fetchNextPage]);
}

/** By id, over the last 24 hours. */
function useKeyUse(): ReadonlyMap<string, KeyUse> | undefined {
  const since = useSince('24h');
  const { data } = useUsage({ by: 'key', since });
  return useMemo(() => {
    if (data === undefined) return undefined;
    return new Map(
      data.data.map((row) => [nameIn(row, 'key') ?? '', { requests: row.requests, costUsd: row.cost_usd }]),
    );
  }, [data]);
}

function useShown(all: readonly ApiKey[], { words, liveOnly }: KeyListProps, now: number): readonly ApiKey[] {
  return useMemo(
    () => all.filter((key) => (!liveOnly || ['live', 'expiring'].includes(keyState(key, now))) && keyHas(key, words)),
    [all, words, liveOnly, now],
  );
}

export function KeyList(props: KeyListProps) {
  const { project, words, onRevoke, onCreate } = props;
  const { t } = useTranslation(['keys', 'common']);
  const keys = useKeys(project);
  useWhole(keys, words.trim() !== '');
  const use = useKeyUse();
  const now = useBeat();
  const columns = useKeyColumns(use, now, onRevoke);
  const all = useMemo(() => keys.data?.pages.flatMap(({ data }) => data) ?? [], [keys.data]);
  const shown = useShown(all, props, now);
  if (keys.isPending) return <RowsSkeleton />;
  if (keys.isError) return <Failure error={keys.error} retry={() => void keys.refetch()} className="m-4" />;
  const more = (): void => {
    if (keys.hasNextPage && !keys.isFetchingNextPage) void keys.fetchNextPage();
  };
  return (
    <>
      <Counted shown={shown.length} loaded={all.length} hasMore={keys.hasNextPage} />
      <DataTable
        label={t('apiKeys')}
        columns={columns}
        rows={shown}
        rowKey={({ id }) => id}
        {...(shown.length > 15 && { height: 'calc(100dvh - 17rem)', onEnd: more })}
        empty={
          <NoKeys
            isFiltered={all.length > 0 || project !== undefined}
            hasMore={keys.hasNextPage}
            more={more}
            onCreate={onCreate}
          />
        }
        footer={
          keys.hasNextPage && shown.length <= 15 ? (
            <Button className="m-3" onClick={more}>
              {t('common:loadMore')}
            </Button>
          ) : null
        }
      />
    </>
  );
}

interface CountedProps {
  readonly shown: number;
  readonly loaded: number;
  readonly hasMore: boolean;
}

/** How many there are; of a list that goes on, how many of it were looked at. */
function Counted({ shown, loaded, hasMore }: CountedProps) {
  const { t } = useTranslation('keys');
  if (loaded === 0) return null;
  const figures = { count: loaded, shown: count(shown), loaded: count(loaded) };
  return (
    <p role="status" className="px-4 pb-2 text-xs text-muted tabular-nums">
      {t(hasMore ? 'keysShownSoFar' : 'keysShown', figures)}
    </p>
  );
}

interface NoKeysProps {
  readonly isFiltered: boolean;
  readonly hasMore: boolean;
  readonly more: () => void;
  readonly onCreate: () => void;
}

function NoKeys({ isFiltered, hasMore, more, onCreate }: NoKeysProps) {
  const { t } = useTranslation(['keys', 'common']);
  if (hasMore) {
    return <Empty title={t('noLiveKeys')} action={<Button onClick={more}>{t('common:loadMore')}</Button>} />;
  }
  if (isFiltered) return <Empty title={t('noLiveKeys')}>{t('noLiveKeysHint')}</Empty>;
  return (
    <Empty
      title={t('noKeys')}
      action={
        <Button kind="primary" onClick={onCreate}>
          {t('newKey')}
        </Button>
      }
    >
      {t('noKeysHint')}
    </Empty>
  );
}
