import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { ApiError } from '../../api/api-error.ts';
import { api } from '../../api/client.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { PageSkeleton } from '../../ui/skeleton.tsx';
import { Empty, Note } from '../../ui/states.tsx';
import { known } from './badges.tsx';
import { CachePanel, GuardsPanel, MetadataPanel, RoutingPanel } from './decisions.tsx';
import { FeedbackPanel } from './feedback-panel.tsx';
import { Neighbours } from './neighbours.tsx';
import { TextsPanel } from './texts-panel.tsx';
import { Timeline } from './timeline.tsx';
import { TraceFacts } from './trace-facts.tsx';
import { TraceHeader } from './trace-header.tsx';
import { type Trace, textsOf } from './trace-types.ts';

/** A finished request changes no more, but for what is said of it. */
const STALE_MS = 60_000;

export function Page() {
  const { traceId = '' }: { readonly traceId?: string } = useParams({ strict: false });
  const trace = api.useQuery(
    'get',
    '/admin/v1/traces/{id}',
    { params: { path: { id: traceId } } },
    { staleTime: STALE_MS },
  );
  const error: unknown = trace.error;
  if (error instanceof ApiError && error.status === 404) return <NoTrace />;
  return (
    <QueryView query={trace} skeleton={<PageSkeleton />}>
      {(found) => <TraceView key={found.trace_id} trace={found} />}
    </QueryView>
  );
}

function TraceView({ trace }: { readonly trace: Trace }) {
  const { conversation_id: conversation } = trace;
  return (
    <>
      <TraceHeader trace={trace} />
      <div className="space-y-4">
        <ErrorNote trace={trace} />
        <Warnings trace={trace} />
        <TraceFacts trace={trace} />
        <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,2fr)_minmax(18rem,1fr)]">
          <div className="min-w-0 space-y-4">
            <Timeline trace={trace} />
            <TextsPanel trace={trace} />
          </div>
          <div className="min-w-0 space-y-4">
            <RoutingPanel trace={trace} />
            <CachePanel trace={trace} />
            <GuardsPanel trace={trace} />
            <FeedbackPanel trace={trace} />
            <MetadataPanel trace={trace} />
            {conversation === null ? null : <Neighbours trace={trace} conversation={conversation} />}
          </div>
        </div>
      </div>
    </>
  );
}

function ErrorNote({ trace: { error } }: { readonly trace: Trace }) {
  const { t } = useTranslation('requests');
  if (error === null) return null;
  const origins = t('errorBy', { returnObjects: true });
  const origin = error.origin === null ? undefined : known(origins, error.origin);
  return (
    <section aria-label={t('error')} className="rounded-md bg-bad-soft px-4 py-3 text-[13px]">
      <p className="flex flex-wrap items-center gap-2 font-medium text-bad">
        <code className="font-mono">{error.code}</code>
        {origin === undefined ? null : <Badge tone="bad">{origins[origin]}</Badge>}
      </p>
      {error.message === null ? null : <p className="mt-1 break-words whitespace-pre-wrap">{error.message}</p>}
    </section>
  );
}

function Warnings({ trace: { warnings } }: { readonly trace: Trace }) {
  const { t } = useTranslation('requests');
  const texts = textsOf(warnings);
  if (texts.length === 0) return null;
  return (
    <Note tone="warn">
      <p className="font-medium">{t('warnings')}</p>
      <ul className="mt-1 list-disc pl-5">
        {texts.map((text) => (
          <li key={text} className="break-words">
            {text}
          </li>
        ))}
      </ul>
    </Note>
  );
}

function NoTrace() {
  const { t } = useTranslation('requests');
  const back = (
    <Button asChild kind="primary">
      <Link to="/requests">{t('toList')}</Link>
    </Button>
  );
  return (
    <Empty title={<h1>{t('notFoundTitle')}</h1>} action={back}>
      {t('notFoundHint')}
    </Empty>
  );
}
