import { useTranslation } from 'react-i18next';

import { Badge, type Tone } from '../ui/badge.tsx';
import { isKnownKind } from './kinds.ts';

const TONES: Readonly<Record<string, Tone>> = { critical: 'bad', warning: 'warn', info: 'neutral' };

export function severityTone(severity: string): Tone {
  return TONES[severity] ?? 'neutral';
}

/** What happened, in a few words, coloured by how bad it is. */
export function EventBadge({ kind, severity }: { readonly kind: string; readonly severity: string }) {
  return (
    <Badge tone={severityTone(severity)} className="shrink-0">
      <EventKind kind={kind} />
    </Badge>
  );
}

/** A kind that this console does not know yet is shown by its name. */
export function EventKind({ kind }: { readonly kind: string }) {
  const { t } = useTranslation('events');
  return <>{isKnownKind(kind) ? t(kind) : kind.replaceAll('_', ' ')}</>;
}
