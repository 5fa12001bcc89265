import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { count, money } from '../../format/numbers.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { Ago } from '../../ui/figures.tsx';
import type { ApiKey, KeyUse } from './key-list.tsx';
import { STATE_TONES, keyState } from './key-state.ts';

/** The key itself is nowhere; its last characters are enough to find it in a list of secrets. */
function KeyName({ apiKey }: { readonly apiKey: ApiKey }) {
  return (
    <span title={apiKey.id}>
      <span className="font-mono">{apiKey.hint}</span> <span className="font-mono text-xs text-muted">{apiKey.id}</span>
    </span>
  );
}

function Whose({ apiKey: { project, user } }: { readonly apiKey: ApiKey }) {
  return (
    <Link
      to="/requests"
      search={{ project }}
      title={user === null ? project : `${project} / ${user}`}
      className="hover:underline"
    >
      {project}
      {user === null ? null : <span className="text-muted"> / {user}</span>}
    </Link>
  );
}

function StateBadge({ apiKey, now }: { readonly apiKey: ApiKey; readonly now: number }) {
  const { t } = useTranslation(['keys', 'common']);
  const state = keyState(apiKey, now);
  return <Badge tone={STATE_TONES[state]}>{t(`state_${state}`)}</Badge>;
}

function Models({ models }: { readonly models: ApiKey['models'] }): ReactNode {
  const { t } = useTranslation(['keys', 'common']);
  if (models === null) return <span className="text-muted">{t('everyModel')}</span>;
  const text = models.join(', ');
  return <span title={text}>{text}</span>;
}

/** Whose it is, and what it may. */
function useNameColumns(now: number): readonly Column<ApiKey>[] {
  const { t } = useTranslation(['keys', 'common']);
  return useMemo(
    () => [
      { id: 'key', header: t('common:key'), cell: (key) => <KeyName apiKey={key} />, width: 'minmax(8.5rem, 1.4fr)' },
      {
        id: 'project',
        header: `${t('common:project')} / ${t('common:user')}`,
        cell: (key) => <Whose apiKey={key} />,
        sortBy: ({ project, user }) => `${project} ${user ?? ''}`,
        width: 'minmax(7rem, 1.4fr)',
      },
      {
        id: 'models',
        header: t('models'),
        cell: ({ models }) => <Models models={models} />,
        width: 'minmax(5.25rem, 1.2fr)',
      },
      {
        id: 'state',
        header: t('common:status'),
        cell: (key) => <StateBadge apiKey={key} now={now} />,
        sortBy: (key) => keyState(key, now),
        width: '6rem',
      },
    ],
    [t, now],
  );
}

/** What it does, and for how long. */
function useFigureColumns(use: ReadonlyMap<string, KeyUse> | undefined): readonly Column<ApiKey>[] {
  const { t } = useTranslation(['keys', 'common']);
  return useMemo(() => {
    const used = (id: string): KeyUse | undefined =>
      use === undefined ? undefined : (use.get(id) ?? { requests: 0, costUsd: 0 });
    return [
      {
        id: 'requests',
        header: t('requests24h'),
        cell: ({ id }) => count(used(id)?.requests),
        sortBy: ({ id }) => used(id)?.requests,
        align: 'right',
        width: '6rem',
      },
      {
        id: 'cost',
        header: t('cost24h'),
        cell: ({ id }) => money(used(id)?.costUsd),
        sortBy: ({ id }) => used(id)?.costUsd,
        align: 'right',
        width: '5.5rem',
      },
      {
        id: 'created',
        header: t('common:created'),
        cell: ({ created_at: at }) => <Ago at={at} />,
        sortBy: ({ created_at: at }) => at,
        width: '5.75rem',
      },
      {
        id: 'expires',
        header: t('expires'),
        cell: ({ expires_at: at }) =>
          at === null ? <span className="text-muted">{t('never')}</span> : <Ago at={at} />,
        sortBy: ({ expires_at: at }) => at,
        width: '5.75rem',
      },
    ];
  }, [t, use]);
}

export function useKeyColumns(
  use: ReadonlyMap<string, KeyUse> | undefined,
  now: number,
  onRevoke: ((key: ApiKey) => void) | undefined,
): readonly Column<ApiKey>[] {
  const { t } = useTranslation(['keys', 'common']);
  const names = useNameColumns(now);
  const figures = useFigureColumns(use);
  return useMemo(() => {
    if (!onRevoke) return [...names, ...figures];
    const actions: Column<ApiKey> = {
      id: 'actions',
      header: <span className="sr-only">{t('common:actions')}</span>,
      cell: (key) =>
        key.revoked_at === null ? (
          <Button
            size="small"
            kind="danger"
            onClick={() => onRevoke(key)}
            aria-label={t('revokeNamed', { hint: key.hint })}
          >
            {t('revoke')}
          </Button>
        ) : null,
      align: 'right',
      width: '5rem',
    };
    return [...names, ...figures, actions];
  }, [t, names, figures, onRevoke]);
}
