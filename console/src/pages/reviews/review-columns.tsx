import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import type { Column } from '../../ui/data-table.tsx';
import { Ago } from '../../ui/figures.tsx';
import type { Review } from './wire.ts';
import { KindBadge, StateBadge, useReasonWords } from './words.tsx';

/** Of what waits until when; of the rest who decided. */
export function useReviewColumns(isWaiting: boolean): readonly Column<Review>[] {
  const { t } = useTranslation(['reviews', 'common']);
  return useMemo(
    () => [
      {
        id: 'since',
        header: isWaiting ? t('asked') : t('since'),
        cell: ({ id, created_at: at }) => (
          <Link to="/safety/reviews/$id" params={{ id }} className="hover:underline" tabIndex={-1}>
            <Ago at={at} />
          </Link>
        ),
        sortBy: ({ created_at: at }) => at,
        width: '8rem',
      },
      ...(isWaiting ? [] : [stateColumn(t('common:status'))]),
      {
        id: 'kind',
        header: t('kindOf'),
        cell: (review) => <KindBadge review={review} />,
        sortBy: ({ kind }) => kind,
        width: '6.5rem',
      },
      {
        id: 'model',
        header: t('common:model'),
        cell: ({ model }) => <span title={model}>{model}</span>,
        sortBy: ({ model }) => model,
        width: 'minmax(7rem, 1fr)',
      },
      {
        id: 'whose',
        header: t('whose'),
        cell: ({ project, user }) => (
          <span title={`${project}${user === null ? '' : ` · ${user}`}`}>
            {project}
            {user === null ? null : <span className="text-muted"> · {user}</span>}
          </span>
        ),
        sortBy: ({ project }) => project,
        width: 'minmax(7rem, 1fr)',
      },
      { id: 'why', header: t('why'), cell: (review) => <Why review={review} />, width: 'minmax(12rem, 2.5fr)' },
      isWaiting ? expiresColumn(t('expires')) : decidedColumn(t('decidedBy'), t('somebody')),
    ],
    [t, isWaiting],
  );
}

function stateColumn(header: string): Column<Review> {
  return {
    id: 'state',
    header,
    cell: ({ state }) => <StateBadge state={state} />,
    sortBy: ({ state }) => state,
    width: '6.5rem',
  };
}

function expiresColumn(header: string): Column<Review> {
  return {
    id: 'expires',
    header,
    cell: ({ expires_at: at }) => <Ago at={at} />,
    sortBy: ({ expires_at: at }) => at,
    width: '8rem',
  };
}

function decidedColumn(header: string, somebody: string): Column<Review> {
  return {
    id: 'decided',
    header,
    cell: ({ decided_at: at, decided_by: by }) =>
      at === null ? <span className="text-muted">–</span> : <span title={by ?? somebody}>{by ?? somebody}</span>,
    sortBy: ({ decided_by: by }) => by ?? undefined,
    width: 'minmax(7rem, 1fr)',
  };
}

function Why({ review: { reasons } }: { readonly review: Review }) {
  const wordsOf = useReasonWords();
  const words = reasons.map(wordsOf).join('; ');
  return <span title={words}>{words}</span>;
}
