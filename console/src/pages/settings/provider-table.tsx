import type { TFunction } from 'i18next';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { Badge } from '../../ui/badge.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import type { Provider } from './wire.ts';

/** Who serves models, and with which keys. */
export function ProviderTable() {
  const { t } = useTranslation('settings');
  const providers = api.useQuery('get', '/admin/v1/providers');
  const columns = useMemo(() => columnsOf(t), [t]);
  return (
    <Panel title={t('providers')} hint={t('providersHint')} flush>
      <QueryView query={providers}>
        {({ data }) => <DataTable label={t('providers')} columns={columns} rows={data} rowKey={({ name }) => name} />}
      </QueryView>
    </Panel>
  );
}

function columnsOf(t: TFunction<'settings'>): Column<Provider>[] {
  return [
    {
      id: 'name',
      header: t('name'),
      sortBy: ({ name }) => name,
      cell: ({ name, simulated }) => (
        <span className="flex items-center gap-2">
          <span className="truncate font-medium">{name}</span>
          {simulated ? <Badge>{t('simulated')}</Badge> : null}
        </span>
      ),
    },
    {
      id: 'type',
      header: t('type'),
      sortBy: ({ type }) => type,
      cell: ({ type, family }) => (type === family ? type : `${type} · ${family}`),
    },
    {
      id: 'host',
      header: t('address'),
      cell: ({ host }) => host ?? <span className="text-muted">{t('ownAddress')}</span>,
    },
    {
      id: 'origin',
      header: t('origin', { ns: 'common' }),
      sortBy: ({ origin }) => origin,
      cell: ({ origin }) => t(`providerOrigin_${origin}`),
    },
    {
      id: 'keys',
      header: t('keys'),
      sortBy: ({ keys }) => keys.length,
      cell: ({ keys, simulated, pass_through_credentials: passed }) => {
        if (keys.length > 0) return keys.map(({ hint }) => `…${hint}`).join(', ');
        return (
          <span className="text-muted">{passed ? t('passedThrough') : t(simulated ? 'needsNone' : 'noKeys')}</span>
        );
      },
    },
    {
      id: 'used',
      header: t('usedBy'),
      width: 'minmax(9rem, 2fr)',
      cell: ({ used_by: used }) => <UsedBy models={[...new Set(used.map(({ model }) => model))]} />,
    },
  ];
}

function UsedBy({ models }: { readonly models: readonly string[] }) {
  if (models.length === 0) return <>–</>;
  return (
    <span className="flex gap-2 overflow-hidden">
      {models.map((model) => (
        <Link key={model} to="/models/$model" params={{ model }} className="text-accent hover:underline">
          {model}
        </Link>
      ))}
    </span>
  );
}
