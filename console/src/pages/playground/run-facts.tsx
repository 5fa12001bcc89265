import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { ApiError } from '../../api/api-error.ts';
import { api } from '../../api/client.ts';
import { count, duration, share } from '../../format/numbers.ts';
import { Badge } from '../../ui/badge.tsx';
import { Cost } from '../../ui/figures.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { type Run, tokensPerSecond } from './send.ts';

/** A record is in the database soon after the answer has ended. */
const TRIES = 25;
const BETWEEN_MS = 400;

function useTrace(requestId: string | undefined, hasEnded: boolean) {
  return api.useQuery(
    'get',
    '/admin/v1/traces/{id}',
    { params: { path: { id: requestId ?? '' } } },
    {
      enabled: requestId !== undefined && hasEnded,
      retry: (tries: number, error: unknown) => tries < TRIES && error instanceof ApiError && error.status === 404,
      retryDelay: BETWEEN_MS,
      staleTime: Infinity,
    },
  );
}

/** How it went: measured here, told by the headers, and what its record says. */
export function RunFacts({ run }: { readonly run: Run }) {
  const { t } = useTranslation('playground');
  const { answer, told, ttftMs, totalMs, state } = run;
  const trace = useTrace(told?.requestId, state !== 'running');
  const { usage } = answer;
  const rate = tokensPerSecond(run);
  const cost = trace.data ? (
    <Cost usd={trace.data.cost_usd} known={trace.data.cost_known} />
  ) : trace.isLoading ? (
    <Skeleton className="ml-auto h-4 w-12" />
  ) : (
    '–'
  );
  return (
    <footer className="space-y-2 border-t border-line pt-3">
      <dl className="grid grid-cols-[repeat(auto-fill,minmax(7.5rem,1fr))] gap-x-4 gap-y-2 text-[13px]">
        <Fact name={t('ttft', { ns: 'common' })}>{duration(ttftMs)}</Fact>
        <Fact name={t('total')}>{duration(totalMs)}</Fact>
        <Fact name={t('pace')}>{rate === undefined ? '–' : t('perSecond', { figure: count(rate) })}</Fact>
        <Fact name={t('tokensIn')}>
          {count(usage.input)}
          <CachedShare input={usage.input} cached={usage.cached} />
        </Fact>
        <Fact name={t('tokensOut')}>{count(usage.output)}</Fact>
        <Fact name={t('cost', { ns: 'common' })}>{cost}</Fact>
      </dl>
      <div className="flex flex-wrap items-center gap-1.5 text-xs">
        {told?.target === undefined ? null : <Badge title={t('target', { ns: 'common' })}>{told.target}</Badge>}
        {told?.cache === undefined ? null : <Badge tone="accent">{t('cacheIs', { state: told.cache })}</Badge>}
        {told?.simulated === true ? <Badge>{t('simulated')}</Badge> : null}
        {Number(told?.attempts ?? 1) > 1 ? (
          <Badge tone="warn">{t('attempts', { count: Number(told?.attempts) })}</Badge>
        ) : null}
        {answer.finish === undefined ? null : <Badge>{answer.finish}</Badge>}
        {told?.requestId === undefined || !trace.data ? null : (
          <Link
            to="/requests/$traceId"
            params={{ traceId: told.requestId }}
            className="ml-auto font-medium text-accent hover:underline"
          >
            {t('openTrace')}
          </Link>
        )}
      </div>
      {told?.warnings === undefined ? null : <p className="text-xs text-warn">{told.warnings}</p>}
    </footer>
  );
}

function CachedShare({ input, cached }: { readonly input?: number | undefined; readonly cached?: number | undefined }) {
  const { t } = useTranslation('playground');
  if (!input || !cached) return null;
  return <span className="block text-xs text-muted">{t('cachedShare', { share: share(cached / input, 0) })}</span>;
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="truncate text-xs text-muted">{name}</dt>
      <dd className="font-medium tabular-nums">{children}</dd>
    </div>
  );
}
