import { parseJson } from '../../../core/json.ts';
import type { AnswerContent, StoredAnswer } from './stored-answer.ts';

/**
 * One answer as bytes: the version of this form, how long its head is, the head as JSON (everything but what is large),
 * and the rest: what came in one piece as it came, events and vectors as JSON.
 */
const VERSION = 1;
const HEAD_AT = 8;
/** Bytes of a code unit in UTF-8. */
const MOST_OF_CHARACTER = 3;

type Head = Omit<StoredAnswer, 'content'> & { readonly of: ContentHead };

type ContentHead =
  | { readonly kind: 'bytes'; readonly contentType: string }
  | { readonly kind: 'events'; readonly rewritten: boolean }
  | { readonly kind: 'vectors' };

/** @param scratch written to where it is large enough; memory of its own is taken else */
export function encodeAnswer(answer: StoredAnswer, scratch?: Buffer): Buffer {
  const head = JSON.stringify(headOf(answer));
  const { content } = answer;
  const body = content.kind === 'bytes' ? content.body : JSON.stringify(textOf(content));
  const most = HEAD_AT + (head.length + body.length) * MOST_OF_CHARACTER;
  if (scratch && most <= scratch.length) return write(scratch, head, body);
  const bodyLength = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  return write(Buffer.allocUnsafeSlow(HEAD_AT + Buffer.byteLength(head) + bodyLength), head, body);
}

function write(into: Buffer, head: string, body: string | Buffer): Buffer {
  const headLength = into.write(head, HEAD_AT);
  into.writeUInt32LE(VERSION, 0);
  into.writeUInt32LE(headLength, 4);
  const bodyAt = HEAD_AT + headLength;
  if (typeof body === 'string') return into.subarray(0, bodyAt + into.write(body, bodyAt));
  into.set(body, bodyAt);
  return into.subarray(0, bodyAt + body.length);
}

/** Member by member: this is made for each answer that is kept. */
function headOf(answer: StoredAnswer): Head {
  const { key, partition, labels, storedAt, expiresAt, target, responseModel, simulated } = answer;
  const { finishReason, usage, costNanoUsd, warnings, content } = answer;
  const of = formOf(content);
  return {
    key,
    partition,
    labels,
    storedAt,
    expiresAt,
    target,
    responseModel,
    simulated,
    finishReason,
    usage,
    costNanoUsd,
    ...(warnings && { warnings }),
    of,
  };
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

function formOf(content: AnswerContent): ContentHead {
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
