import { parseJson } from '../../../core/json.ts';
import type { AnswerContent, StoredAnswer } from './stored-answer.ts';

/**
 * One answer as bytes: the version of this form, how long its head is, the head as JSON (everything but what is large),
 * and the rest: what came in one piece as it came, events and vectors as JSON.
 */
const VERSION = 1;
const HEAD_AT = 8;

type Head = Omit<StoredAnswer, 'content'> & { readonly of: ContentHead };

type ContentHead =
  | { readonly kind: 'bytes'; readonly contentType: string }
  | { readonly kind: 'events'; readonly rewritten: boolean }
  | { readonly kind: 'vectors' };

/** @param memory of just so many bytes; memory of its own where absent */
export function encodeAnswer(
  { content, ...rest }: StoredAnswer,
  memory: (length: number) => Buffer = (length) => Buffer.allocUnsafeSlow(length),
): Buffer {
  const head = JSON.stringify({ ...rest, of: headOf(content) });
  const body = content.kind === 'bytes' ? content.body : JSON.stringify(textOf(content));
  const headLength = Buffer.byteLength(head);
  const bodyLength = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  const encoded = memory(HEAD_AT + headLength + bodyLength);
  encoded.writeUInt32LE(VERSION, 0);
  encoded.writeUInt32LE(headLength, 4);
  encoded.write(head, HEAD_AT);
  if (typeof body === 'string') encoded.write(body, HEAD_AT + headLength);
  else encoded.set(body, HEAD_AT + headLength);
  return encoded;
}

/**
 * The other way. A body in one piece is a part of these bytes, which must not change any more.
 * @returns undefined where the bytes are of another version, damaged, or no answer
 */
export function decodeAnswer(encoded: Buffer): StoredAnswer | undefined {
  const head = headIn(encoded);
  if (!head) return undefined;
  const { of, ...rest } = head;
  const content = contentOf(of, encoded.subarray(HEAD_AT + encoded.readUInt32LE(4)));
  return content && { ...rest, content };
}

/** Only by what an answer can be deleted, without the answer. */
export function decodeLabels(encoded: Buffer): Pick<StoredAnswer, 'key' | 'labels'> | undefined {
  return headIn(encoded);
}

function headIn(encoded: Buffer): Head | undefined {
  if (encoded.length < HEAD_AT || encoded.readUInt32LE(0) !== VERSION) return undefined;
  const end = HEAD_AT + encoded.readUInt32LE(4);
  if (end > encoded.length) return undefined;
  // Only what encodeAnswer wrote comes here; of another version it would have said so.
  return parseJson(encoded.toString('utf8', HEAD_AT, end)) as unknown as Head | undefined;
}

function headOf(content: AnswerContent): ContentHead {
  switch (content.kind) {
    case 'bytes':
      return { kind: 'bytes', contentType: content.contentType };
    case 'events':
      return { kind: 'events', rewritten: content.rewritten };
    default:
      return { kind: 'vectors' };
  }
}

function textOf(content: Exclude<AnswerContent, { kind: 'bytes' }>): unknown {
  return content.kind === 'events' ? content.events : content.answer;
}

function contentOf(head: ContentHead, body: Buffer): AnswerContent | undefined {
  if (head.kind === 'bytes') return { ...head, body };
  const parsed: unknown = parseJson(body.toString('utf8'));
  if (parsed === undefined) return undefined;
  if (head.kind === 'events') return { ...head, events: parsed as Events };
  return { kind: 'vectors', answer: parsed as Vectors };
}

type Events = Extract<AnswerContent, { kind: 'events' }>['events'];
type Vectors = Extract<AnswerContent, { kind: 'vectors' }>['answer'];
