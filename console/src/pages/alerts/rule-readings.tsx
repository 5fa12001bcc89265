import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { Subject } from '../../events/subject.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Ago } from '../../ui/figures.tsx';
import { stateOf, worstFirst } from './rule-state.ts';
import { type AlertWords, valueText } from './rule-words.ts';
import { StateBadge } from './state-badge.tsx';
import type { Reading, Rule } from './wire.ts';

/** What a rule sees of each thing that it is about, the worst first. */
export function Readings({ rule }: { readonly rule: Rule }) {
  const { t } = useTranslation('alerts');
  const columns = useMemo(() => readingColumns(rule.type, t), [rule.type, t]);
  const rows = useMemo(() => worstFirst(rule.readings), [rule.readings]);
  if (rows.length === 0) return <p className="text-[13px] text-muted">{t('seenNothing')}</p>;
  return (
    <div className="-mx-4">
      <DataTable label={t('seen')} columns={columns} rows={rows} rowKey={({ subject }) => subject} />
    </div>
  );
}

function readingColumns(type: string, t: AlertWords): Column<Reading>[] {
  return [
    {
      id: 'state',
      header: t('state'),
      width: '6rem',
      cell: (one) => <StateBadge state={stateOf({ type, readings: [one] })} />,
    },
    {
      id: 'subject',
      header: t('subject'),
      width: 'minmax(9rem, 1fr)',
      cell: ({ subject }) => <Subject subject={subject} />,
      sortBy: ({ subject }) => subject,
    },
    {
      id: 'value',
      header: t('now'),
      align: 'right',
      width: '7rem',
      cell: ({ value }) => valueText(type, value, t),
      sortBy: ({ value }) => value,
    },
    { id: 'since', header: t('since'), width: '7rem', cell: ({ since }) => <Ago at={since} /> },
  ];
}
