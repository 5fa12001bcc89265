import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { PAGED } from '../../api/paged.ts';
import { useMay } from '../../api/session.ts';
import { useSearchState } from '../../shell/search-state.ts';
import { useTimeRange } from '../../shell/time-range.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { PagedTable, usePagedRows } from '../../ui/paged-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RangePicker } from '../../ui/range-picker.tsx';
import { Empty } from '../../ui/states.tsx';
import { AdminsOnly } from './admins-only.tsx';
import { auditColumns } from './audit-columns.tsx';
import { AuditDetail } from './audit-detail.tsx';
import { AuditFilters } from './audit-filters.tsx';
import { useSettingsPages } from './settings-pages.ts';

const RANGES = ['24h', '7d', '30d'] as const;
const PAGE_ROWS = '200';

/** Who changed what. */
export function Page() {
  const { t } = useTranslation('operators');
  const isAdmin = useMay('admin');
  const range = useTimeRange('30d');
  const pages = useSettingsPages();
  return (
    <>
      <PageHeader
        title={t('settings', { ns: 'shell' })}
        hint={t('auditHint')}
        pages={pages}
        actions={<RangePicker range={range} choices={RANGES} />}
      />
      {isAdmin ? <AuditLog since={range.since} until={range.until} /> : <AdminsOnly />}
    </>
  );
}

function AuditLog({ since, until }: { readonly since: string; readonly until: string | undefined }) {
  const { t } = useTranslation('operators');
  const [search, change] = useSearchState();
  const { actor, action, subject } = search;
  const query = {
    since,
    limit: PAGE_ROWS,
    ...(until && { until }),
    ...(actor && { actor }),
    ...(action && { action }),
    ...(subject && { subject }),
  };
  const log = api.useInfiniteQuery('get', '/admin/v1/audit', { params: { query } }, PAGED);
  const columns = useMemo(() => auditColumns(t), [t]);
  const rows = usePagedRows(log);
  const isFiltered = [actor, action, subject].some(Boolean);
  return (
    <Panel flush>
      <AuditFilters key={`${actor} ${action} ${subject}`} rows={rows} search={search} change={change} />
      <PagedTable
        label={t('auditTitle')}
        query={log}
        columns={columns}
        rowKey={({ id }) => id}
        height="calc(100dvh - 17rem)"
        empty={
          <Empty title={t(isFiltered ? 'auditNothing' : 'auditEmpty')}>
            {t(isFiltered ? 'auditNothingHint' : 'auditEmptyHint')}
          </Empty>
        }
        detail={AuditDetail}
      />
    </Panel>
  );
}
