import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { EventKind, severityTone } from '../../events/event-badge.tsx';
import { Subject } from '../../events/subject.tsx';
import { duration } from '../../format/numbers.ts';
import { fullTime } from '../../format/times.ts';
import { Badge } from '../../ui/badge.tsx';
import { Json } from '../../ui/code.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FactsGrid } from '../../ui/facts-grid.tsx';
import type { DetailProps } from '../../ui/paged-table.tsx';
import { Over } from './event-columns.tsx';
import { plainEvidence, tracesOf } from './evidence.ts';
import { severityText } from './rule-words.ts';
import type { EventEntry } from './wire.ts';

/** One event, with all that shows it. */
export function EventDetail({ row: event, onClose }: DetailProps<EventEntry>) {
  const { t } = useTranslation('alerts');
  const { id, at, kind, severity, subject, evidence, resolved_at: resolvedAt } = event;
  const facts = [
    { name: t('severity'), value: <Badge tone={severityTone(severity)}>{severityText(severity, t)}</Badge> },
    { name: t('subject'), value: <Subject subject={subject} at={at} /> },
    { name: t('over'), value: <Over event={event} t={t} /> },
    ...(resolvedAt === null ? [] : [{ name: t('lasted'), value: duration(Date.parse(resolvedAt) - Date.parse(at)) }]),
    { name: t('eventId'), value: <span className="font-mono text-xs">{id}</span> },
  ];
  return (
    <Dialog open onClose={onClose} side title={<EventKind kind={kind} />} hint={fullTime(at)}>
      <FactsGrid facts={facts} />
      <Traces ids={tracesOf(evidence)} />
      <section className="space-y-3">
        <div>
          <h3 className="text-sm font-semibold">{t('evidence')}</h3>
          <p className="text-xs text-muted">{t('evidenceHint')}</p>
        </div>
        <Evidence evidence={evidence} />
      </section>
    </Dialog>
  );
}

function Evidence({ evidence }: { readonly evidence: unknown }) {
  const { t } = useTranslation('alerts');
  const plain = plainEvidence(evidence).map(([name, value]) => ({ name, value }));
  const isEmpty = typeof evidence !== 'object' || evidence === null || Object.keys(evidence).length === 0;
  if (isEmpty) return <p className="text-[13px] text-muted">{t('noEvidence')}</p>;
  return (
    <>
      {plain.length === 0 ? null : <FactsGrid facts={plain} />}
      <Json value={evidence} />
    </>
  );
}

function Traces({ ids }: { readonly ids: readonly string[] }) {
  const { t } = useTranslation('alerts');
  if (ids.length === 0) return null;
  return (
    <section>
      <h3 className="mb-1 text-sm font-semibold">{t('traces')}</h3>
      <ul className="space-y-0.5 font-mono text-xs">
        {ids.map((id) => (
          <li key={id}>
            <Link to={`/requests/${encodeURIComponent(id)}`} className="text-accent hover:underline">
              {id}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
