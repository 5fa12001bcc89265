import type { JsonObject } from '../../../core/json.ts';
import { redactSecrets } from '../../../core/redaction.ts';
import type { EventSeverity } from '../../events/event.ts';

/** Something that is told to a channel: numbers and names, never texts of clients. */
export interface Notice {
  /** The same however often it is sent again. */
  readonly id: string;
  /** When it happened, epoch milliseconds. */
  readonly at: number;
  readonly state: 'firing' | 'resolved' | 'test';
  /** The name of the rule. */
  readonly alert: string;
  /** The kind of the event; of a rule that is measured, its type. */
  readonly kind: string;
  readonly severity: EventSeverity;
  /** What it is about, e.g. `model:chat`. */
  readonly subject: string;
  /** What shows it. */
  readonly evidence: JsonObject;
  /** Which gateway it is from. */
  readonly source: string;
}

const MAX_NAME_CHARS = 200;

/** A name as a message may show it: one line, without secrets. Clients choose some of them. */
export function shownName(name: string): string {
  const line = redactSecrets(name)
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .toWellFormed();
  return line.length > MAX_NAME_CHARS ? `${line.slice(0, MAX_NAME_CHARS - 1).toWellFormed()}…` : line;
}
