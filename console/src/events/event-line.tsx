import { Ago } from '../ui/figures.tsx';
import { classes } from '../ui/classes.ts';
import { EventBadge } from './event-badge.tsx';
import { Subject } from './subject.tsx';

interface EventLineProps {
  readonly event: { readonly at: string; readonly kind: string; readonly severity: string; readonly subject: string };
  /** Beside what matters more. */
  readonly quiet?: boolean;
}

/** An event in a short list. */
export function EventLine({ event: { kind, severity, subject, at }, quiet = false }: EventLineProps) {
  return (
    <li className="flex items-baseline gap-2 text-[13px]">
      <EventBadge kind={kind} severity={severity} />
      <span className={classes('min-w-0 flex-1 truncate', quiet && 'text-muted')}>
        <Subject subject={subject} at={at} />
      </span>
      <span className="shrink-0 text-xs text-muted">
        <Ago at={at} />
      </span>
    </li>
  );
}
