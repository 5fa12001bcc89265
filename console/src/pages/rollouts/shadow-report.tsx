import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { count } from '../../format/numbers.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Empty } from '../../ui/states.tsx';
import { type ReportRow, reportRows } from './shadow-rows.ts';
import type { ShadowReport } from './wire.ts';

/** What the candidate would have been like. */
export function ShadowReportView({ report }: { readonly report: ShadowReport }) {
  const { t } = useTranslation('rollouts');
  const columns = useReportColumns();
  const rows = useMemo(() => reportRows(report), [report]);
  return (
    <Panel title={t('report')} hint={t('reportHint', { pairs: count(report.pairs) })} flush>
      <DataTable
        label={t('report')}
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        empty={<Empty title={t('noReport')}>{t('noReportHint')}</Empty>}
      />
    </Panel>
  );
}

function useReportColumns(): readonly Column<ReportRow>[] {
  const { t } = useTranslation('rollouts');
  return useMemo<readonly Column<ReportRow>[]>(() => {
    const right = { align: 'right', width: 'minmax(6rem, 1fr)' } as const;
    return [
      { id: 'what', header: t('metric'), cell: ({ id }) => t(`report_${id}`), width: 'minmax(12rem, 2fr)' },
      { id: 'live', header: t('live'), cell: ({ live }) => live, ...right },
      { id: 'candidate', header: t('candidate'), cell: ({ candidate }) => candidate, ...right },
      {
        id: 'estimate',
        header: t('estimate'),
        cell: ({ estimate }) => estimate,
        align: 'right',
        width: 'minmax(12rem, 1.6fr)',
      },
      { id: 'pairs', header: t('values'), cell: ({ pairs }) => count(pairs), align: 'right', width: '6rem' },
    ];
  }, [t]);
}
