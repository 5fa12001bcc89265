import { Subject } from '../../events/subject.tsx';
import { count } from '../../format/numbers.ts';
import { Badge } from '../../ui/badge.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { Time } from '../../ui/figures.tsx';
import type { AlertWords } from './rule-words.ts';
import type { Delivery } from './wire.ts';

const MESSAGES = ['firing', 'resolved', 'test'] as const;

export function messageText(state: string, t: AlertWords): string {
  const known = MESSAGES.find((one) => one === state);
  return known === undefined ? state : t(`messages.${known}`);
}

export function OutcomeBadge({ outcome, t }: Pick<Delivery, 'outcome'> & { readonly t: AlertWords }) {
  const hasFailed = outcome === 'failed';
  return <Badge tone={hasFailed ? 'bad' : 'good'}>{t(hasFailed ? 'outcomes.failed' : 'outcomes.sent')}</Badge>;
}

export function deliveryColumns(t: AlertWords): Column<Delivery>[] {
  return [
    { id: 'at', header: t('time'), width: '9.5rem', cell: ({ at }) => <Time at={at} /> },
    {
      id: 'outcome',
      header: t('outcome'),
      width: '5rem',
      cell: ({ outcome }) => <OutcomeBadge outcome={outcome} t={t} />,
    },
    { id: 'channel', header: t('channel'), width: 'minmax(6rem, 0.5fr)', cell: ({ channel }) => channel },
    { id: 'alert', header: t('ruleName'), width: 'minmax(6rem, 0.5fr)', cell: ({ alert }) => alert },
    { id: 'message', header: t('message'), width: '5rem', cell: ({ state }) => messageText(state, t) },
    {
      id: 'subject',
      header: t('subject'),
      width: 'minmax(8rem, 1fr)',
      cell: ({ subject, at }) => <Subject subject={subject} at={at} />,
    },
    { id: 'attempts', header: t('attempts'), align: 'right', width: '5rem', cell: ({ attempts }) => count(attempts) },
    {
      id: 'reason',
      header: t('reason'),
      width: 'minmax(12rem, 2fr)',
      cell: ({ error }) => (error === null ? '–' : <span title={error}>{error}</span>),
    },
  ];
}
