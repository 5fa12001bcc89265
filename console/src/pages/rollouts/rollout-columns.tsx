import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { share } from '../../format/numbers.ts';
import { Badge } from '../../ui/badge.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { type RolloutRow, addressOf } from './rollout-rows.ts';
import { StateBadge } from './state-badge.tsx';

export function useRolloutColumns(): readonly Column<RolloutRow>[] {
  const { t } = useTranslation(['rollouts', 'common']);
  return useMemo<readonly Column<RolloutRow>[]>(
    () => [
      {
        id: 'name',
        header: t('name'),
        cell: (row) => (
          <Link to={addressOf(row)} className="font-medium hover:underline" title={row.id}>
            {row.id}
          </Link>
        ),
        sortBy: ({ id }) => id,
        width: 'minmax(9rem, 1.2fr)',
      },
      {
        id: 'kind',
        header: t('kind'),
        cell: ({ kind }) => <Badge>{t(`one_${kind}`)}</Badge>,
        sortBy: ({ kind }) => kind,
        width: '8rem',
      },
      {
        id: 'model',
        header: t('common:model'),
        cell: ({ model }) => model ?? '–',
        sortBy: ({ model }) => model,
        width: 'minmax(7rem, 0.8fr)',
      },
      {
        id: 'state',
        header: t('common:status'),
        cell: ({ state }) => <StateBadge state={state} />,
        sortBy: ({ state }) => state,
        width: '8rem',
      },
      {
        id: 'share',
        header: t('share'),
        cell: ({ share: part }) => share(part),
        sortBy: ({ share: part }) => part,
        align: 'right',
        width: '5rem',
      },
      {
        id: 'verdict',
        header: t('verdict'),
        cell: ({ verdict }) => (
          <span title={verdict} className="text-muted">
            {verdict === '' ? '–' : verdict}
          </span>
        ),
        width: 'minmax(16rem, 3fr)',
      },
      {
        id: 'origin',
        header: t('common:origin'),
        cell: ({ origin }) => (origin === 'file' ? t('originFile') : t('originAdmin')),
        sortBy: ({ origin }) => origin,
        width: '7rem',
      },
    ],
    [t],
  );
}
