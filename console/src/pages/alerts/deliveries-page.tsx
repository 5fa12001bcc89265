import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { PAGED } from '../../api/paged.ts';
import { useSearchState } from '../../shell/search-state.ts';
import { PagedTable } from '../../ui/paged-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Empty, Note } from '../../ui/states.tsx';
import { AlertsHeader, OfAlerts } from './alerts-frame.tsx';
import { deliveryColumns } from './delivery-columns.tsx';
import { DeliveryDetail } from './delivery-detail.tsx';
import { DeliveryFilters } from './delivery-filters.tsx';
import { TestButton } from './test-button.tsx';
import { TestDialog } from './test-dialog.tsx';
import { useAlerts } from './use-alerts.ts';

const PAGE_ROWS = '200';

/** What was sent to whom, and what became of it. */
export function Page() {
  return (
    <OfAlerts>
      <DeliveriesPage />
    </OfAlerts>
  );
}

function DeliveriesPage() {
  const { t } = useTranslation('alerts');
  const { data } = useAlerts();
  const [isTesting, setTesting] = useState(false);
  const channels = data?.channels ?? [];
  const waiting = data?.waiting ?? 0;
  const test = channels.length === 0 ? undefined : <TestButton label={t('test')} onTest={() => setTesting(true)} />;
  return (
    <>
      <AlertsHeader actions={test} />
      {waiting === 0 ? null : (
        <Note tone="warn" className="mb-3">
          {t('waiting', { count: waiting })}
        </Note>
      )}
      <Deliveries />
      {isTesting ? <TestDialog channels={channels} onClose={() => setTesting(false)} /> : null}
    </>
  );
}

function useDeliveries() {
  const [{ channel, alert, outcome }] = useSearchState();
  const query = {
    limit: PAGE_ROWS,
    ...(channel !== undefined && { channel }),
    ...(alert !== undefined && { alert }),
    ...(outcome !== undefined && { outcome }),
  };
  return api.useInfiniteQuery('get', '/admin/v1/alerts/deliveries', { params: { query } }, PAGED);
}

function Deliveries() {
  const { t } = useTranslation('alerts');
  const [{ channel, alert, outcome }] = useSearchState();
  const list = useDeliveries();
  const columns = useMemo(() => deliveryColumns(t), [t]);
  const isFiltered = [channel, alert, outcome].some(Boolean);
  return (
    <Panel title={t('deliveries')} hint={t('deliveriesHint')} flush>
      <DeliveryFilters />
      <PagedTable
        label={t('deliveries')}
        query={list}
        columns={columns}
        rowKey={({ id }) => id}
        height="calc(100dvh - 19rem)"
        empty={
          isFiltered ? (
            <Empty title={t('noDeliveriesFiltered')} />
          ) : (
            <Empty title={t('noDeliveries')}>{t('noDeliveriesHint')}</Empty>
          )
        }
        detail={DeliveryDetail}
      />
    </Panel>
  );
}
