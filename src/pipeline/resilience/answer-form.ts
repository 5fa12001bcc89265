import type { Call, Operation } from '../../core/call.ts';
import type { Wire } from '../../models/providers/provider.ts';

/** How an answer is read: event by event, in one piece, or not at all. */
export type AnswerForm = 'events' | 'whole' | 'bytes';

/** Their answers may be a file, and may be events although nothing known of the request says so. */
const ANY_FORM: ReadonlySet<Operation> = new Set([
  'speech',
  'transcription',
  'audio-translation',
  'image',
  'image-edit',
  'image-variation',
  'resource',
]);

const EVENT_STREAM = 'text/event-stream';
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json(?:;|$)/;

/** By the status and the content type of the answer. */
export function answerFormOf(
  { operation, facts, resource }: Call,
  { framing }: Wire,
  status: number,
  headers: Readonly<Record<string, string>>,
): AnswerForm {
  if (status >= 300) return 'whole';
  // A file may be of any type, and is nothing that was said.
  if (resource?.action === 'read') return 'bytes';
  const type = (headers['content-type'] ?? '').toLowerCase();
  const isAny = ANY_FORM.has(operation);
  if ((facts.stream || isAny) && type.startsWith(framing?.contentType ?? EVENT_STREAM) && operation !== 'resource') {
    return 'events';
  }
  return isAny && !JSON_TYPE.test(type) ? 'bytes' : 'whole';
}

/** Whether an answer in one piece is one although a stream was asked for: not every model of these can stream. */
export function mayAnswerWhole({ operation, facts }: Call): boolean {
  return !facts.stream || ANY_FORM.has(operation);
}
