import { useTranslation } from 'react-i18next';

import { useSearchState } from '../../shell/search-state.ts';
import { Select } from '../../ui/field.tsx';
import { Segments } from '../../ui/segments.tsx';
import { useAlerts } from './use-alerts.ts';

const TEST = 'test';

/** Names that there are, and the one that is asked for, which may be gone. */
function namesWith(names: readonly string[], asked: string): string[] {
  return [...new Set([...names, ...(asked === '' ? [] : [asked])])];
}

/** What of the messages is shown; in the address. */
export function DeliveryFilters() {
  const { t } = useTranslation(['alerts', 'common']);
  const [{ channel = '', alert = '', outcome = '' }, change] = useSearchState();
  const { data } = useAlerts();
  const channels = namesWith(data?.channels.map(({ name }) => name) ?? [], channel);
  const rules = namesWith([...(data?.data.map(({ name }) => name) ?? []), TEST], alert);
  return (
    <div className="grid gap-2 border-b border-line px-4 py-3 sm:flex sm:flex-wrap sm:items-center">
      <Segments
        label={t('outcome')}
        value={outcome === 'sent' || outcome === 'failed' ? outcome : 'all'}
        choices={[
          ['all', t('common:all')],
          ['sent', t('outcomes.sent')],
          ['failed', t('outcomes.failed')],
        ]}
        onChange={(chosen) => change({ outcome: chosen === 'all' ? undefined : chosen })}
      />
      <Select
        aria-label={t('channel')}
        value={channel}
        onChange={({ target }) => change({ channel: target.value })}
        className="sm:w-48"
      >
        <option value="">{t('anyChannel')}</option>
        {channels.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </Select>
      <Select
        aria-label={t('ruleName')}
        value={alert}
        onChange={({ target }) => change({ alert: target.value })}
        className="sm:w-48"
      >
        <option value="">{t('anyRule')}</option>
        {rules.map((name) => (
          <option key={name} value={name}>
            {name === TEST ? t('messages.test') : name}
          </option>
        ))}
      </Select>
    </div>
  );
}
