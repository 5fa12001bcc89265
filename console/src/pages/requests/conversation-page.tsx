import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { ApiError } from '../../api/api-error.ts';
import { client } from '../../api/client.ts';
import { count, duration } from '../../format/numbers.ts';
import { ProjectChoice } from '../../shell/project-choice.tsx';
import { useSearchState } from '../../shell/search-state.ts';
import { Button } from '../../ui/button.tsx';
import { Cost, Time } from '../../ui/figures.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Panel } from '../../ui/panel.tsx';
import { PageSkeleton } from '../../ui/skeleton.tsx';
import { Empty, Failure, Note } from '../../ui/states.tsx';
import { StatusBadge } from './badges.tsx';
import { type Fact, FactsGrid } from '../../ui/facts-grid.tsx';
import { readInput, readOutput } from './messages.ts';
import { TextSide } from './texts-panel.tsx';
import type { Thread, ThreadTurn } from './trace-types.ts';

const PATH = '/admin/v1/conversations/{id}';

function useThread(id: string) {
  const [{ project }] = useSearchState();
  return useInfiniteQuery({
    queryKey: ['get', PATH, { id, project }],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }): Promise<Thread | undefined> => {
      const query = {
        ...(project !== undefined && { project }),
        ...(pageParam !== undefined && { cursor: pageParam }),
      };
      const { data } = await client.GET(PATH, { params: { path: { id }, query }, signal });
      return data;
    },
    getNextPageParam: (last) => last?.next ?? undefined,
  });
}

/** A conversation as one thread, the earliest request first. */
export function Page() {
  const { t } = useTranslation(['requests', 'common']);
  const { conversationId = '' }: { readonly conversationId?: string } = useParams({ strict: false });
  const thread = useThread(conversationId);
  const { error, data, hasNextPage, isFetchingNextPage } = thread;
  if (error instanceof ApiError && error.status === 404) {
    return <Empty title={<h1>{t('conversationsEmpty')}</h1>}>{t('notFoundHint')}</Empty>;
  }
  if (error instanceof ApiError && error.param === 'project') return <WhichProject id={conversationId} error={error} />;
  if (error && !data) return <Failure error={error} retry={() => void thread.refetch()} />;
  const first = data?.pages[0];
  if (!first) return <PageSkeleton />;
  const turns = data.pages.flatMap((page) => page?.data ?? []);
  return (
    <>
      <PageHeader title={<span className="break-all">{first.conversation_id}</span>} hint={t('conversation')} />
      <div className="space-y-4">
        <ThreadFacts thread={first} />
        <ol className="space-y-4">
          {turns.map((turn, at) => (
            <li key={turn.trace_id}>
              <Turn turn={turn} number={at + 1} />
            </li>
          ))}
        </ol>
        {hasNextPage ? (
          <Button busy={isFetchingNextPage} onClick={() => void thread.fetchNextPage()}>
            {t('loadMore', { ns: 'common' })}
          </Button>
        ) : null}
      </div>
    </>
  );
}

/** Each project names its conversations by itself, so that two may have one of the same name. */
function WhichProject({ id, error }: { readonly id: string; readonly error: ApiError }) {
  const { t } = useTranslation('requests');
  return (
    <>
      <PageHeader title={<span className="break-all">{id}</span>} hint={t('ambiguous')} actions={<ProjectChoice />} />
      <Note>{error.message}</Note>
    </>
  );
}

function ThreadFacts({ thread }: { readonly thread: Thread }) {
  const { t } = useTranslation('requests');
  const { tokens } = thread;
  const facts: readonly Fact[] = [
    { name: t('fact.project'), value: thread.project ?? '–' },
    { name: t('fact.user'), value: thread.user_id ?? '–' },
    { name: t('convFirst'), value: <Time at={thread.first_at} /> },
    { name: t('convLast'), value: <Time at={thread.last_at} /> },
    { name: t('convRequests'), value: count(thread.requests) },
    { name: t('convModels'), value: thread.models.join(', ') || '–' },
    { name: t('fact.input'), value: count(tokens.input) },
    { name: t('fact.output'), value: count(tokens.output) },
    { name: t('fact.cost'), value: <Cost usd={thread.cost_usd} known={thread.cost_known} /> },
    { name: t('convError'), value: thread.last_error ?? '–' },
  ];
  return (
    <Panel title={t('facts')}>
      <FactsGrid facts={facts} />
    </Panel>
  );
}

function Turn({ turn, number }: { readonly turn: ThreadTurn; readonly number: number }) {
  const { t } = useTranslation('requests');
  const open = (
    <Button asChild size="small">
      <Link to="/requests/$traceId" params={{ traceId: turn.trace_id }}>
        {t('openTrace')}
      </Link>
    </Button>
  );
  const title = (
    <span className="flex flex-wrap items-center gap-2">
      {t('turnNo', { number })} <StatusBadge status={turn.status} />
    </span>
  );
  const hint = (
    <span className="flex flex-wrap gap-x-3 tabular-nums">
      <Time at={turn.started_at} />
      <span className="break-all">{turn.target ?? turn.model}</span>
      {turn.tokens.input === null && turn.tokens.output === null ? null : (
        <span>
          {count(turn.tokens.input)} → {count(turn.tokens.output)}
        </span>
      )}
      <Cost usd={turn.cost_usd} known={turn.cost_known} />
      <span>{duration(turn.latency_ms)}</span>
    </span>
  );
  return (
    <Panel title={title} hint={hint} actions={open}>
      <div className="space-y-3">
        <TextSide title={t('input')} none={t('noInput')} body={turn.input} messages={readInput(turn.input)} />
        {turn.error === null ? null : (
          <p className="rounded-md bg-bad-soft px-3 py-2 text-[13px] text-bad">
            <code className="font-mono">{turn.error.code}</code> {turn.error.message}
          </p>
        )}
        <TextSide title={t('output')} none={t('noOutput')} body={turn.output} messages={readOutput(turn.output)} />
      </div>
    </Panel>
  );
}
