import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { BY_CURSOR } from '../../api/paged.ts';
import { Button } from '../../ui/button.tsx';
import { Code } from '../../ui/code.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { RowsSkeleton } from '../../ui/skeleton.tsx';
import { Empty, Failure } from '../../ui/states.tsx';
import { asksForReview, usePolicies } from './no-master-key.tsx';
import { useReviewColumns } from './review-columns.tsx';

const PAGE = '200';
/** From this many on only those that are seen are drawn. */
const MANY = 15;
/** Ticks tell of a change in how many wait; what changes beside that is seen this much later. */
const AGAIN_MS = 15_000;

const SNIPPET = `guards:
  default:
    injection: { input: review }
    review:
      tools: [{ name: 'refund_*' }, { name: delete_account, below: 0.9 }]
      expires: 4h
defaults: { guards: default }`;

interface ReviewListProps {
  readonly state: string | undefined;
  readonly project: string | undefined;
}

function useReviews({ state, project }: ReviewListProps) {
  const query = { limit: PAGE, ...(state !== undefined && { state }), ...(project !== undefined && { project }) };
  const options = { ...BY_CURSOR, refetchInterval: AGAIN_MS };
  return api.useInfiniteQuery('get', '/admin/v1/reviews', { params: { query } }, options);
}

export function ReviewList({ state, project }: ReviewListProps) {
  const { t } = useTranslation(['reviews', 'common']);
  const reviews = useReviews({ state, project });
  const columns = useReviewColumns(state === 'waiting');
  const navigate = useNavigate();
  const rows = useMemo(() => {
    const all = reviews.data?.pages.flatMap(({ data }) => data) ?? [];
    // Whoever has waited longest is next; that is known only once all are there.
    return state === 'waiting' && !reviews.hasNextPage ? all.toReversed() : all;
  }, [reviews.data, reviews.hasNextPage, state]);
  if (reviews.isPending) return <RowsSkeleton />;
  if (reviews.isError) return <Failure error={reviews.error} retry={() => void reviews.refetch()} className="m-4" />;
  const more = (): void => {
    if (reviews.hasNextPage && !reviews.isFetchingNextPage) void reviews.fetchNextPage();
  };
  return (
    <DataTable
      label={t('queue')}
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      onOpen={({ id }) => void navigate({ to: '/safety/reviews/$id', params: { id } })}
      {...(rows.length > MANY && { height: 'calc(100dvh - 17rem)', onEnd: more })}
      empty={<NoReviews isWaiting={state === 'waiting'} />}
      footer={
        reviews.hasNextPage && rows.length <= MANY ? (
          <Button className="m-3" onClick={more}>
            {t('common:loadMore')}
          </Button>
        ) : null
      }
    />
  );
}

function NoReviews({ isWaiting }: { readonly isWaiting: boolean }) {
  const { t } = useTranslation('reviews');
  const policies = usePolicies();
  if (policies !== undefined && !asksForReview(policies)) {
    return (
      <Empty title={t('noneAtAll')}>
        <p>{t('noneAtAllHint')}</p>
        <Code text={SNIPPET} wrap className="my-3 text-left" />
        <p>{t('noneAtAllThen')}</p>
      </Empty>
    );
  }
  return isWaiting ? (
    <Empty title={t('noneWaiting')}>{t('noneWaitingHint')}</Empty>
  ) : (
    <Empty title={t('noneInState')} />
  );
}
