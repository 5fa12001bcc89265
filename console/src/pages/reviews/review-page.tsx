import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { ApiError } from '../../api/api-error.ts';
import { api } from '../../api/client.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/code.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { PageSkeleton } from '../../ui/skeleton.tsx';
import { Empty } from '../../ui/states.tsx';
import { useSafetyTabs } from '../safety/tabs.ts';
import { Decide } from './decide.tsx';
import { ReviewFacts } from './review-facts.tsx';
import { ReviewTexts } from './review-texts.tsx';
import { WhyHeld } from './why-held.tsx';
import type { OpenedReview } from './wire.ts';
import { KindBadge, StateBadge } from './words.tsx';

/** While an answer is made, it may come at any time. */
const AGAIN_MS = 3000;
const MOVING: ReadonlySet<string> = new Set(['waiting', 'approved']);

/** One review: what it is about, why, and what was or is to be decided. */
export function Page() {
  const { id = '' }: { readonly id?: string } = useParams({ strict: false });
  const review = api.useQuery(
    'get',
    '/admin/v1/reviews/{id}',
    { params: { path: { id } } },
    { refetchInterval: ({ state }) => (MOVING.has(state.data?.state ?? '') ? AGAIN_MS : false) },
  );
  const error: unknown = review.error;
  if (error instanceof ApiError && error.status === 404) return <NoReview />;
  return (
    <QueryView query={review} skeleton={<PageSkeleton />}>
      {(found) => <ReviewView key={found.id} review={found} />}
    </QueryView>
  );
}

function ReviewView({ review }: { readonly review: OpenedReview }) {
  const title = (
    <span className="flex min-w-0 flex-wrap items-center gap-2">
      <span className="truncate">{review.model}</span>
      <KindBadge review={review} />
      <StateBadge state={review.state} />
    </span>
  );
  const hint = (
    <span className="flex flex-wrap items-center gap-1">
      <code className="font-mono text-xs break-all">{review.id}</code>
      <CopyButton text={review.id} />
    </span>
  );
  return (
    <>
      <PageHeader title={title} hint={hint} pages={useSafetyTabs()} />
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,2fr)_minmax(20rem,1fr)]">
        <div className="order-2 min-w-0 space-y-4 xl:order-1">
          <ReviewTexts review={review} />
        </div>
        <div className="order-1 min-w-0 space-y-4 xl:order-2">
          <Decide review={review} />
          <WhyHeld review={review} />
          <ReviewFacts review={review} />
        </div>
      </div>
    </>
  );
}

function NoReview() {
  const { t } = useTranslation('reviews');
  const back = (
    <Button asChild kind="primary">
      <Link to="/safety/reviews">{t('toQueue')}</Link>
    </Button>
  );
  return (
    <Empty title={<h1>{t('notFound')}</h1>} action={back}>
      {t('notFoundHint')}
    </Empty>
  );
}
