import { EventKind, severityTone } from '../../events/event-badge.tsx';
import { lasts } from '../../events/kinds.ts';
import { Subject } from '../../events/subject.tsx';
import { Badge } from '../../ui/badge.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { Time } from '../../ui/figures.tsx';
import { evidenceLine } from './evidence.ts';
import { type AlertWords, severityText } from './rule-words.ts';
import type { EventEntry } from './wire.ts';

export function eventColumns(t: AlertWords): Column<EventEntry>[] {
  return [
    { id: 'at', header: t('time'), width: '9.5rem', cell: ({ at }) => <Time at={at} /> },
    {
      id: 'severity',
      header: t('severity'),
      width: '5rem',
      cell: ({ severity }) => <Badge tone={severityTone(severity)}>{severityText(severity, t)}</Badge>,
    },
    { id: 'kind', header: t('kind'), width: '10rem', cell: ({ kind }) => <EventKind kind={kind} /> },
    {
      id: 'subject',
      header: t('subject'),
      width: 'minmax(9rem, 0.6fr)',
      cell: ({ subject, at }) => <Subject subject={subject} at={at} />,
    },
    {
      id: 'evidence',
      header: t('evidence'),
      width: 'minmax(12rem, 2fr)',
      cell: ({ evidence }) => <Evidence line={evidenceLine(evidence)} />,
    },
    { id: 'over', header: t('over'), width: '9.5rem', cell: (event) => <Over event={event} t={t} /> },
  ];
}

function Evidence({ line }: { readonly line: string }) {
  return (
    <span className="text-muted" title={line}>
      {line}
    </span>
  );
}

/** When it was over; of what does not end there is nothing to say. */
export function Over({ event, t }: { readonly event: EventEntry; readonly t: AlertWords }) {
  if (event.resolved_at !== null) return <Time at={event.resolved_at} />;
  return lasts(event.kind) ? <Badge tone="warn">{t('stillSo')}</Badge> : <>–</>;
}
