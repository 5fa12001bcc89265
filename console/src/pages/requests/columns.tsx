import { Link } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { ThumbsDown, ThumbsUp } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { count, duration } from '../../format/numbers.ts';
import { Badge } from '../../ui/badge.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { Cost, Time } from '../../ui/figures.tsx';
import { CacheBadge, GuardBadge, StatusBadge } from './badges.tsx';
import { placed } from './placed.ts';
import type { TraceRow } from './trace-row.ts';

export const COLUMN_IDS = [
  'at',
  'status',
  'model',
  'who',
  'endpoint',
  'tokens',
  'cost',
  'latency',
  'ttft',
  'cache',
  'guard',
  'error',
  'feedback',
  'attempts',
] as const;
export type ColumnId = (typeof COLUMN_IDS)[number];

/** What is seen where nobody has chosen: the rest is rarely what a list is read for. */
export const USUAL_COLUMNS: readonly ColumnId[] = COLUMN_IDS.filter((id) => id !== 'endpoint' && id !== 'attempts');

/** Together they fit beside the navigation on a screen of 1440 pixels. */
const WIDTHS: Readonly<Record<ColumnId, string>> = {
  at: '7.5rem',
  status: '5.25rem',
  model: 'minmax(8rem, 2fr)',
  who: 'minmax(5.5rem, 1fr)',
  endpoint: 'minmax(11rem, 1fr)',
  tokens: '7rem',
  cost: '5.25rem',
  latency: '3.75rem',
  ttft: '3.75rem',
  cache: '5.25rem',
  guard: '4.5rem',
  error: 'minmax(6rem, 1fr)',
  feedback: '2rem',
  attempts: '4.5rem',
};
const RIGHT = new Set<ColumnId>(['tokens', 'cost', 'latency', 'ttft', 'attempts']);

export function columnsOf(chosen: readonly ColumnId[], t: TFunction<'requests'>): Column<TraceRow>[] {
  return COLUMN_IDS.filter((id) => chosen.includes(id)).map((id) => ({
    id,
    header: id === 'feedback' ? <ThumbsUp className="size-3.5" aria-label={t('col.feedback')} /> : t(`col.${id}`),
    width: WIDTHS[id],
    cell: (row: TraceRow) => <Cell id={id} row={row} />,
    ...(RIGHT.has(id) && { align: 'right' as const }),
  }));
}

function Cell({ id, row }: { readonly id: ColumnId; readonly row: TraceRow }) {
  switch (id) {
    case 'at':
      return (
        <Link to="/requests/$traceId" params={{ traceId: row.id }} className="hover:underline" tabIndex={-1}>
          <Time at={row.at} />
        </Link>
      );
    case 'status':
      return <StatusBadge status={row.status} />;
    case 'model':
      return <ModelAndTarget row={row} />;
    case 'who':
      return <Who row={row} />;
    case 'endpoint':
      return <Name text={row.endpoint} />;
    case 'error':
      return row.error === null ? null : (
        <span className="text-bad" title={row.error}>
          {row.error}
        </span>
      );
    case 'cache':
      return <CacheBadge state={row.cache} />;
    case 'guard':
      return row.guard === undefined ? null : <GuardBadge outcome={row.guard} />;
    case 'feedback':
      return <Thumbs thumbs={row.thumbs} />;
    default:
      return <Figure id={id} row={row} />;
  }
}

function Figure({ id, row }: { readonly id: ColumnId; readonly row: TraceRow }) {
  if (id === 'tokens') return <Tokens row={row} />;
  if (id === 'latency') return <>{duration(row.latencyMs)}</>;
  if (id === 'ttft') return <>{duration(row.ttftMs)}</>;
  if (id === 'cost') return <Cost usd={row.costUsd} known={row.costKnown} />;
  return <>{count(row.attempts)}</>;
}

function Name({ text }: { readonly text: string | null }) {
  return text === null ? <span className="text-muted">–</span> : <span title={text}>{text}</span>;
}

function ModelAndTarget({ row: { model, target } }: { readonly row: TraceRow }) {
  return (
    <span title={target === null ? (model ?? '') : `${model ?? ''} → ${target}`}>
      <span className="font-medium">{model ?? '–'}</span>
      {target === null || target === model ? null : <span className="text-muted"> → {target}</span>}
    </span>
  );
}

function Who({ row: { project, user } }: { readonly row: TraceRow }) {
  if (project === null && user === null) return <span className="text-muted">–</span>;
  return (
    <span title={[project, user].filter((one) => one !== null).join(' · ')}>
      {project}
      {user === null ? null : <span className="text-muted"> · {user}</span>}
    </span>
  );
}

/** What of the input was cached stands before it. */
function Tokens({ row: { input, output, cached } }: { readonly row: TraceRow }) {
  const { t } = useTranslation('requests');
  const hasCached = cached !== null && cached > 0;
  if (input === null && output === null) return <span className="text-muted">–</span>;
  return (
    <span {...(hasCached && { title: t('cachedTokens', { tokens: count(cached) }) })}>
      {hasCached ? <span className="text-good">{count(cached)} / </span> : null}
      {count(input)} <span className="text-muted">→</span> {count(output)}
    </span>
  );
}

function Thumbs({ thumbs }: Pick<TraceRow, 'thumbs'>) {
  return (
    <span className="inline-flex gap-1">
      {placed(thumbs.slice(0, 3)).map(({ key, item: thumb }) =>
        thumb === 'up' ? (
          <Badge key={key} tone="good">
            <ThumbsUp className="size-3" aria-label="+1" />
          </Badge>
        ) : (
          <Badge key={key} tone="bad">
            <ThumbsDown className="size-3" aria-label="−1" />
          </Badge>
        ),
      )}
    </span>
  );
}
