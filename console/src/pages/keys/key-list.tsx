import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { useSince } from '../../shell/use-since.ts';
import { api } from '../../api/client.ts';
import { PAGED } from '../../api/paged.ts';
import type { paths } from '../../api/schema.gen.ts';
import { nameIn, useUsage } from '../../api/usage.ts';
import { useBeat } from '../../shell/beat.ts';
import { Button } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { RowsSkeleton } from '../../ui/skeleton.tsx';
import { Empty, Failure } from '../../ui/states.tsx';
import { useKeyColumns } from './key-columns.tsx';
import { keyState } from './key-state.ts';

export type ApiKey = paths['/admin/v1/keys']['get']['responses']['200']['content']['application/json']['data'][number];

/** What a key did of late. */
export interface KeyUse {
  readonly requests: number;
  readonly costUsd: number;
}

interface KeyListProps {
  readonly project: string | undefined;
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

export function KeyList({ project, liveOnly, onRevoke, onCreate }: KeyListProps) {
  const { t } = useTranslation(['keys', 'common']);
  const keys = useKeys(project);
  const use = useKeyUse();
  const now = useBeat();
  const columns = useKeyColumns(use, now, onRevoke);
  const all = useMemo(() => keys.data?.pages.flatMap(({ data }) => data) ?? [], [keys.data]);
  const shown = useMemo(
    () => (liveOnly ? all.filter((key) => ['live', 'expiring'].includes(keyState(key, now))) : all),
    [all, liveOnly, now],
  );
  if (keys.isPending) return <RowsSkeleton />;
  if (keys.isError) return <Failure error={keys.error} retry={() => void keys.refetch()} className="m-4" />;
  const more = (): void => {
    if (keys.hasNextPage && !keys.isFetchingNextPage) void keys.fetchNextPage();
  };
  return (
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
