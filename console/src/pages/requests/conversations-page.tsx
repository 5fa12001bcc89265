import { useNavigate } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { useFacet } from '../../api/facets.ts';
import { api } from '../../api/client.ts';
import { BY_CURSOR } from '../../api/paged.ts';
import { count } from '../../format/numbers.ts';
import { useSearchState } from '../../shell/search-state.ts';
import { useTimeRange } from '../../shell/time-range.ts';
import { Code } from '../../ui/code.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Ago, Cost } from '../../ui/figures.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RangePicker } from '../../ui/range-picker.tsx';
import { RowsSkeleton } from '../../ui/skeleton.tsx';
import { Empty, Failure } from '../../ui/states.tsx';
import { CommitInput } from '../../ui/commit-input.tsx';
import type { Conversation } from './trace-types.ts';

const PATH = '/admin/v1/conversations';
const PAGE_ROWS = '100';
/** What is scrolled past is let go: more than this is looked for with filters. */
const MOST_PAGES = 50;
const CHOICES = ['24h', '7d', '30d'] as const;

export function Page() {
  const { t } = useTranslation('requests');
  const [search, change] = useSearchState();
  const range = useTimeRange('7d');
  const projects = useFacet('project');
  return (
    <>
      <PageHeader title={t('conversations')} hint={t('conversationsHint')} />
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <CommitInput
          aria-label={t('filters.project')}
          placeholder={t('anyProject')}
          className="w-40"
          suggestions={projects}
          value={search['project'] ?? ''}
          onCommit={(project) => change({ project })}
        />
        <CommitInput
          aria-label={t('filters.user')}
          placeholder={t('filters.user')}
          className="w-40"
          value={search['user'] ?? ''}
          onCommit={(user) => change({ user })}
        />
        <RangePicker range={range} choices={CHOICES} />
      </div>
      <Panel flush>
        <ConversationList />
      </Panel>
    </>
  );
}

const FIRST_PAGES = {
  ...BY_CURSOR,
  getNextPageParam: ({ next }: { readonly next: string | null }, pages: readonly unknown[]) =>
    pages.length < MOST_PAGES ? next : null,
};

function useConversations() {
  const [{ project, user }] = useSearchState();
  const { since, until } = useTimeRange('7d');
  const asked = {
    since,
    limit: PAGE_ROWS,
    ...(until !== undefined && { until }),
    ...(project !== undefined && { project }),
    ...(user !== undefined && { user }),
  };
  return api.useInfiniteQuery('get', PATH, { params: { query: asked } }, FIRST_PAGES);
}

const rowKey = (row: Conversation): string => `${row.project ?? ''} ${row.conversation_id}`;

function ConversationList() {
  const { t } = useTranslation('requests');
  const navigate = useNavigate();
  const query = useConversations();
  const columns = useMemo(() => columnsOf(t), [t]);
  const rows = useMemo(() => query.data?.pages.flatMap(({ data }) => data) ?? [], [query.data]);
  const { fetchNextPage, hasNextPage, isFetching } = query;
  const more = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetching]);
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} className="m-4" />;
  if (!query.data) return <RowsSkeleton rows={10} />;
  const open = ({ conversation_id: conversationId, project }: Conversation): void =>
    void navigate({
      to: '/conversations/$conversationId',
      params: { conversationId },
      search: project === null ? {} : { project },
    });
  return (
    <DataTable
      label={t('conversationsLabel')}
      columns={columns}
      rows={rows}
      rowKey={rowKey}
      onOpen={open}
      onEnd={more}
      height="calc(100dvh - 14rem)"
      empty={<NoConversations />}
    />
  );
}

function columnsOf(t: TFunction<'requests'>): Column<Conversation>[] {
  return [
    { id: 'last', header: t('convLast'), width: '7rem', cell: (row) => <Ago at={row.last_at} /> },
    {
      id: 'id',
      header: t('conversation'),
      width: 'minmax(9rem, 2fr)',
      cell: (row) => <Plain text={row.conversation_id} />,
    },
    {
      id: 'project',
      header: t('col.project'),
      width: 'minmax(5rem, 1fr)',
      cell: (row) => <Plain text={row.project} />,
    },
    { id: 'user', header: t('col.user'), width: 'minmax(5rem, 1fr)', cell: (row) => <Plain text={row.user_id} /> },
    { id: 'requests', header: t('convRequests'), width: '4.5rem', align: 'right', cell: (row) => count(row.requests) },
    {
      id: 'models',
      header: t('convModels'),
      width: 'minmax(6rem, 1fr)',
      cell: (row) => <Plain text={row.models.join(', ')} />,
    },
    { id: 'input', header: t('col.input'), width: '4.5rem', align: 'right', cell: (row) => count(row.tokens.input) },
    { id: 'output', header: t('col.output'), width: '5rem', align: 'right', cell: (row) => count(row.tokens.output) },
    {
      id: 'cost',
      header: t('col.cost'),
      width: '5rem',
      align: 'right',
      cell: (row) => <Cost usd={row.cost_usd} known={row.cost_known} />,
    },
    {
      id: 'error',
      header: t('convError'),
      width: 'minmax(6rem, 1fr)',
      cell: (row) => (row.last_error === null ? null : <span className="text-bad">{row.last_error}</span>),
    },
  ];
}

function Plain({ text }: { readonly text: string | null }) {
  return text === null || text === '' ? <span className="text-muted">–</span> : <span title={text}>{text}</span>;
}

const EXAMPLE = `curl ${location.origin}/v1/chat/completions \\
  -H "authorization: Bearer $CAUSEWAY_KEY" \\
  -H "x-causeway-conversation: thread-17" \\
  -H "content-type: application/json" \\
  -d '{"model": "sim/small", "messages": [{"role": "user", "content": "Hello!"}]}'`;

function NoConversations() {
  const { t } = useTranslation('requests');
  return (
    <Empty title={t('conversationsEmpty')} className="max-w-2xl">
      <p className="mb-3">{t('conversationsTeach')}</p>
      <div className="text-left">
        <Code text={EXAMPLE} />
      </div>
    </Empty>
  );
}
