import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { count, duration, money, share } from '../../format/numbers.ts';
import type { Column } from '../../ui/data-table.tsx';
import { HealthBadge } from './health-badge.tsx';
import { HEALTHS, modelHealth } from './health.ts';
import { TryingBadges } from './trying-badges.tsx';
import { type ModelFigures, useFigures, useHealth } from './use-models.ts';
import type { Model } from './wire.ts';

/** Of the targets that are asked first. */
function firstTargets({ targets }: Model): string {
  return targets
    .filter(({ role }) => role === 'target' || role === 'route')
    .map(({ target }) => target)
    .join(', ');
}

export function useModelColumns(): readonly Column<Model>[] {
  const { t } = useTranslation(['models', 'common']);
  const health = useHealth();
  const figures = useFigures();
  return useMemo<readonly Column<Model>[]>(
    () => [
      {
        id: 'name',
        header: t('common:model'),
        cell: ({ name }) => (
          <Link to={`/models/${encodeURIComponent(name)}`} className="font-medium hover:underline" title={name}>
            {name}
          </Link>
        ),
        sortBy: ({ name }) => name,
        width: 'minmax(8rem, 1.2fr)',
      },
      {
        id: 'health',
        header: t('health'),
        cell: (model) => <HealthBadge health={modelHealth(model, health)} />,
        sortBy: (model) => HEALTHS.indexOf(modelHealth(model, health)),
        width: '7rem',
      },
      {
        id: 'targets',
        header: t('asks'),
        cell: (model) => <Asks model={model} />,
        width: 'minmax(12rem, 2fr)',
      },
      {
        id: 'trying',
        header: t('trying'),
        cell: ({ trying }) => <TryingBadges trying={trying} />,
        sortBy: ({ trying }) => trying.length,
        width: 'minmax(9rem, 1fr)',
      },
      ...figureColumns(t('requestsHour'), t('errors'), t('p95'), t('costHour'), figures),
    ],
    [t, health, figures],
  );
}

function Asks({ model }: { readonly model: Model }) {
  const { t } = useTranslation('models');
  const text = firstTargets(model);
  const spare = model.targets.filter(({ role }) => role === 'fallback').length;
  return (
    <span title={text}>
      {text}
      {spare === 0 ? null : <span className="text-muted"> · {t('fallbacks', { count: spare })}</span>}
    </span>
  );
}

function figureColumns(
  requests: string,
  errors: string,
  p95: string,
  cost: string,
  figures: ReadonlyMap<string, ModelFigures> | undefined,
): Column<Model>[] {
  const of = ({ name }: Model): ModelFigures | undefined => figures?.get(name);
  const none = figures === undefined ? null : 0;
  const right = { align: 'right', width: 'minmax(5.5rem, 0.6fr)' } as const;
  return [
    {
      id: 'requests',
      header: requests,
      cell: (model) => count(of(model)?.requests ?? none),
      sortBy: (model) => of(model)?.requests ?? none,
      ...right,
    },
    {
      id: 'errors',
      header: errors,
      cell: (model) => <ErrorRate rate={of(model)?.totals?.error_rate} />,
      sortBy: (model) => of(model)?.totals?.error_rate,
      ...right,
    },
    {
      id: 'p95',
      header: p95,
      cell: (model) => duration(of(model)?.totals?.latency_ms.p95),
      sortBy: (model) => of(model)?.totals?.latency_ms.p95,
      ...right,
    },
    {
      id: 'cost',
      header: cost,
      cell: (model) => money(of(model)?.costUsd ?? none),
      sortBy: (model) => of(model)?.costUsd ?? none,
      ...right,
    },
  ];
}

function ErrorRate({ rate }: { readonly rate: number | null | undefined }) {
  return <span className={(rate ?? 0) > 0 ? 'text-bad' : ''}>{share(rate)}</span>;
}
