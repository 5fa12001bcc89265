import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { count } from '../../format/numbers.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Empty } from '../../ui/states.tsx';
import { KeyStatus } from './key-status.tsx';
import { Targets, useKeysInUse } from './provider-keys.tsx';
import type { KeyInUse } from './provider-use.ts';

function useColumns(): readonly Column<KeyInUse>[] {
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
        cell: ({ hint }) => (hint === '' ? t('common:none') : <span className="font-mono">{hint}</span>),
        width: '7rem',
      },
      {
        id: 'state',
        header: t('common:status'),
        cell: ({ state }) => <KeyStatus state={state} />,
        sortBy: ({ state }) => state,
        width: '11rem',
      },
      { id: 'targets', header: t('usedFor'), cell: (key) => <Targets of={key} />, width: 'minmax(10rem, 2fr)' },
      {
        id: 'weight',
        header: t('weight'),
        cell: ({ weight }) => count(weight),
        sortBy: ({ weight }) => weight,
        align: 'right',
        width: '6rem',
      },
    ],
    [t],
  );
}

/** Whatever the gateway calls with, wherever it is written. */
export function KeysInUse() {
  const { t } = useTranslation('keys');
  const inUse = useKeysInUse();
  const columns = useColumns();
  return (
    <Panel title={t('inUse')} hint={t('inUseHint')} flush>
      <DataTable
        label={t('inUse')}
        columns={columns}
        rows={inUse}
        rowKey={({ id }) => id}
        empty={<Empty title={t('noKeyInUse')} />}
      />
    </Panel>
  );
}
