import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { count, duration } from '../../format/numbers.ts';
import { Button } from '../../ui/button.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { HealthBadge } from './health-badge.tsx';
import { HEALTHS, targetHealth } from './health.ts';
import type { TargetRow } from './target-list.tsx';

const CAUSES = ['failures-in-a-row', 'failure-rate', 'probe-failed', 'told'] as const;

export function useTargetColumns(mayReset: boolean, onReset: (target: string) => void): readonly Column<TargetRow>[] {
  const { t } = useTranslation(['models', 'common']);
  return useMemo<readonly Column<TargetRow>[]>(() => {
    const right = { align: 'right', width: 'minmax(6rem, 0.7fr)' } as const;
    return [
      {
        id: 'target',
        header: t('common:target'),
        cell: ({ target }) => <span title={target}>{target}</span>,
        sortBy: ({ target }) => target,
        width: 'minmax(11rem, 1.6fr)',
      },
      {
        id: 'health',
        header: t('health'),
        cell: (row) => <HealthBadge health={targetHealth(row)} />,
        sortBy: (row) => HEALTHS.indexOf(targetHealth(row)),
        width: '7rem',
      },
      { id: 'breaker', header: t('breaker'), cell: (row) => <Breaker row={row} />, width: 'minmax(13rem, 2fr)' },
      {
        id: 'queue',
        header: t('inFlight'),
        cell: ({ queue }) => `${count(queue.in_flight)} / ${count(queue.concurrency)}`,
        sortBy: ({ queue }) => queue.in_flight,
        ...right,
      },
      {
        id: 'waiting',
        header: t('waiting'),
        cell: ({ queue }) => <Waiting queue={queue} />,
        sortBy: ({ queue }) => queue.waiting,
        ...right,
      },
      {
        id: 'p95',
        header: t('p95First'),
        cell: ({ p95_ms: p95 }) => duration(p95),
        sortBy: ({ p95_ms: p95 }) => p95,
        ...right,
      },
      { id: 'keys', header: t('keys'), cell: (row) => <Keys row={row} />, width: 'minmax(8rem, 1fr)' },
      {
        id: 'actions',
        header: <span className="sr-only">{t('common:actions')}</span>,
        cell: ({ target, breaker }) =>
          breaker.state === 'closed' ? null : (
            <Button
              size="small"
              disabled={!mayReset}
              title={mayReset ? undefined : t('common:needsRole', { role: 'editor' })}
              aria-label={t('resetOf', { target })}
              onClick={() => onReset(target)}
            >
              {t('reset')}
            </Button>
          ),
        align: 'right',
        width: '7.5rem',
      },
    ];
  }, [t, mayReset, onReset]);
}

function Breaker({ row: { breaker } }: { readonly row: TargetRow }) {
  const { t } = useTranslation('models');
  const cause = CAUSES.find((one) => one === breaker.cause);
  if (breaker.state === 'closed') {
    return (
      <span className="text-muted">
        {t('breakerClosed', { calls: count(breaker.calls), failures: count(breaker.failures) })}
      </span>
    );
  }
  const why = cause === undefined ? '' : ` · ${t(`cause_${cause}`)}`;
  const text =
    breaker.state === 'open'
      ? t('breakerOpen', { time: duration(Math.round(breaker.retry_after_ms)) })
      : t('breakerProbing');
  return <span title={`${text}${why}`}>{`${text}${why}`}</span>;
}

function Waiting({ queue }: { readonly queue: TargetRow['queue'] }) {
  const { t } = useTranslation('models');
  if (queue.waiting === 0) return <>0</>;
  return (
    <span className="text-warn" title={t('estimate', { time: duration(queue.estimate_ms) })}>
      {count(queue.waiting)}
    </span>
  );
}

function Keys({ row: { keys } }: { readonly row: TargetRow }) {
  const { t } = useTranslation('models');
  const usable = keys.filter(({ state }) => state === 'usable').length;
  const title = keys.map(({ hint, state }) => `${hint === '' ? t('noKey') : `…${hint}`}: ${state}`).join('\n');
  return (
    <span title={title} className={usable < keys.length ? 'text-warn' : ''}>
      {t('keysUsable', { usable, count: keys.length })}
    </span>
  );
}
