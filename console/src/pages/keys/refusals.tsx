import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { useSince } from '../../shell/use-since.ts';
import { client } from '../../api/client.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Ago } from '../../ui/figures.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RowsSkeleton } from '../../ui/skeleton.tsx';
import { Empty, Failure } from '../../ui/states.tsx';

/** What refuses by count, by money, or because somebody is shut out. */
const CODES = ['limit_requests', 'limit_tokens', 'limit_concurrency', 'budget_exhausted', 'access_blocked'] as const;
const OF_EACH = '5';
const SHOWN = 10;

async function askRefusals(code: (typeof CODES)[number], since: string) {
  const query = { error_code: code, status: 'failed', since, limit: OF_EACH };
  const { data } = await client.GET('/admin/v1/traces', { params: { query } });
  return (data?.data ?? []).map((trace) => ({ code, trace }));
}

function useRefusals() {
  const since = useSince('24h');
  const answers = useQueries({
    queries: CODES.map((code) => ({
      queryKey: ['get', '/admin/v1/traces', { refusals: code, since }],
      queryFn: () => askRefusals(code, since),
    })),
  });
  const rows = answers
    .flatMap(({ data }) => data ?? [])
    .toSorted((one, other) => (one.trace.started_at < other.trace.started_at ? 1 : -1))
    .slice(0, SHOWN);
  return {
    rows,
    failed: answers.find(({ isError }) => isError),
    isPending: answers.some(({ isPending }) => isPending),
  };
}

export function Refusals() {
  const { t } = useTranslation('keys');
  const { rows, failed, isPending } = useRefusals();
  const all = (
    <Button asChild size="small">
      <Link to="/requests" search={{ error_origin: 'policy' }}>
        {t('allRefusals')}
      </Link>
    </Button>
  );
  if (failed) {
    return (
      <Panel title={t('refusals')}>
        <Failure error={failed.error} retry={() => void failed.refetch()} />
      </Panel>
    );
  }
  return (
    <Panel title={t('refusals')} hint={t('refusalsHint')} actions={all} flush>
      {isPending && rows.length === 0 ? <RowsSkeleton rows={4} /> : null}
      {!isPending && rows.length === 0 ? <Empty title={t('noRefusals')}>{t('noRefusalsHint')}</Empty> : null}
      <ul>
        {rows.map(({ code, trace }) => (
          <li key={trace.trace_id} className="border-t border-line/70">
            <Link
              to="/requests/$traceId"
              params={{ traceId: trace.trace_id }}
              className="flex items-center gap-3 px-4 py-2 text-[13px] hover:bg-raised"
            >
              <Badge tone={code === 'access_blocked' ? 'bad' : 'warn'}>{t(`code_${code}`)}</Badge>
              <span className="min-w-0 flex-1 truncate">
                {trace.project ?? '–'}
                {trace.user_id === null ? null : <span className="text-muted"> / {trace.user_id}</span>}
                <span className="text-muted"> · {trace.model}</span>
              </span>
              <span className="shrink-0 text-xs text-muted">
                <Ago at={trace.started_at} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
