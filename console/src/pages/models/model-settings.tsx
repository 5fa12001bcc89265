import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { Badge } from '../../ui/badge.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Switch } from '../../ui/switch.tsx';
import { type SettingRow, rowsOfConfig, rowsOfModel } from './settings-rows.ts';
import type { Model } from './wire.ts';

const MOST_ROWS = 14;

/** All settings in force. Where each came from only an admin may see. */
export function ModelSettings({ model }: { readonly model: Model }) {
  const { t } = useTranslation('models');
  const mayRead = useMay('admin');
  const [withDefaults, setWithDefaults] = useState(false);
  const { data } = api.useQuery('get', '/admin/v1/config', {}, { enabled: mayRead });
  const rows = useMemo(
    () => (data === undefined ? rowsOfModel(model) : rowsOfConfig(data.effective, model.name)),
    [data, model],
  );
  const shown = useMemo(() => rows.filter(({ origin }) => withDefaults || origin !== 'default'), [rows, withDefaults]);
  const columns = useSettingColumns();
  return (
    <Panel
      title={t('settings')}
      hint={mayRead ? t('settingsHint') : t('settingsHintViewer')}
      actions={
        mayRead ? <Switch label={t('withDefaults')} checked={withDefaults} onChange={setWithDefaults} /> : undefined
      }
      flush
    >
      <DataTable
        label={t('settings')}
        columns={columns}
        rows={shown}
        rowKey={({ name, overridden }) => (overridden ? `${name} overridden` : name)}
        {...(shown.length > MOST_ROWS && { height: '32rem' })}
      />
    </Panel>
  );
}

function useSettingColumns(): readonly Column<SettingRow>[] {
  const { t } = useTranslation(['models', 'common']);
  return useMemo<readonly Column<SettingRow>[]>(
    () => [
      {
        id: 'name',
        header: t('setting'),
        cell: ({ name }) => (
          <code className="text-xs" title={name}>
            {name}
          </code>
        ),
        sortBy: ({ name }) => name,
        width: 'minmax(11rem, 1.2fr)',
      },
      {
        id: 'value',
        header: t('value'),
        cell: ({ value, overridden }) =>
          overridden ? (
            <span title={value} className="text-muted">
              {t('overridden')}: <s>{value}</s>
            </span>
          ) : (
            <span title={value}>{value}</span>
          ),
        width: 'minmax(8rem, 1fr)',
      },
      {
        id: 'origin',
        header: t('common:origin'),
        cell: ({ origin, line }) => <Origin origin={origin} line={line} />,
        sortBy: ({ origin }) => origin,
        width: '9rem',
      },
    ],
    [t],
  );
}

function Origin({ origin, line }: Pick<SettingRow, 'origin' | 'line'>) {
  const { t } = useTranslation('models');
  if (origin === undefined) return <>–</>;
  const known = (['default', 'file', 'admin', 'preset'] as const).find((one) => one === origin);
  const word = known === undefined ? origin : t(`origin_${known}`);
  return (
    <Badge tone={origin === 'default' ? 'neutral' : 'accent'}>
      {line === null ? word : `${word} · ${t('line', { line })}`}
    </Badge>
  );
}
