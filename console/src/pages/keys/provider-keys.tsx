import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import type { paths } from '../../api/schema.gen.ts';
import { Button } from '../../ui/button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Ago } from '../../ui/figures.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { DeleteProviderKey } from './delete-provider-key.tsx';
import { KeyStatus } from './key-status.tsx';
import { type KeyInUse, keysInUse, seenAs } from './provider-use.ts';

export type ProviderKey =
  paths['/admin/v1/provider-keys']['get']['responses']['200']['content']['application/json']['data'][number];

const NONE: readonly KeyInUse[] = [];

/** As targets say. */
export function useKeysInUse(): readonly KeyInUse[] {
  const { data } = api.useQuery('get', '/admin/v1/targets');
  return useMemo(() => (data === undefined ? NONE : keysInUse(data.data)), [data]);
}

function useColumns(inUse: readonly KeyInUse[], onDelete: (key: ProviderKey) => void): readonly Column<ProviderKey>[] {
  const { t } = useTranslation(['keys', 'common']);
  return useMemo(
    () => [
      {
        id: 'provider',
        header: t('provider'),
        cell: ({ provider }) => <span className="font-medium">{provider}</span>,
        sortBy: ({ provider }) => provider,
      },
      {
        id: 'key',
        header: t('common:key'),
        cell: ({ hint }) => <span className="font-mono">{hint}</span>,
        width: '7rem',
      },
      {
        id: 'state',
        header: t('common:status'),
        cell: (key) => <KeyStatus state={seenAs(inUse, key)?.state} />,
        width: '11rem',
      },
      {
        id: 'targets',
        header: t('usedFor'),
        cell: (key) => <Targets of={seenAs(inUse, key)} />,
        width: 'minmax(10rem, 2fr)',
      },
      {
        id: 'created',
        header: t('common:created'),
        cell: ({ created_at: at }) => <Ago at={at} />,
        sortBy: ({ created_at: at }) => at,
        width: '8rem',
      },
      {
        id: 'actions',
        header: <span className="sr-only">{t('common:actions')}</span>,
        cell: (key) => (
          <Button
            size="small"
            kind="danger"
            aria-label={`${t('common:delete')}: ${key.provider} ${key.hint}`}
            onClick={() => onDelete(key)}
          >
            {t('common:delete')}
          </Button>
        ),
        align: 'right',
        width: '6rem',
      },
    ],
    [t, inUse, onDelete],
  );
}

export function Targets({ of }: { readonly of: Pick<KeyInUse, 'targets'> | undefined }) {
  const text = of?.targets.join(', ') ?? '–';
  return <span title={text}>{text}</span>;
}

export function ProviderKeys({ onAdd }: { readonly onAdd: () => void }) {
  const { t } = useTranslation(['keys', 'common']);
  const query = api.useQuery('get', '/admin/v1/provider-keys');
  const inUse = useKeysInUse();
  const [deleting, setDeleting] = useState<ProviderKey>();
  const columns = useColumns(inUse, setDeleting);
  const empty = (
    <Empty title={t('noProviderKeys')} action={<Button onClick={onAdd}>{t('addProviderKey')}</Button>}>
      {t('noProviderKeysHint')}
    </Empty>
  );
  return (
    <Panel title={t('storedKeys')} hint={t('storedKeysHint')} flush>
      <QueryView query={query}>
        {({ data }) => (
          <>
            <DataTable label={t('storedKeys')} columns={columns} rows={data} rowKey={({ id }) => id} empty={empty} />
            {deleting === undefined ? null : (
              <DeleteProviderKey stored={deleting} all={data} inUse={inUse} onClose={() => setDeleting(undefined)} />
            )}
          </>
        )}
      </QueryView>
    </Panel>
  );
}
