import type { AnswerContent, StoredAnswer } from '../../answer/stored-answer.ts';
import type { Gist } from '../compare/gist.ts';

/** A request that was answered, and may answer others that mean the same. */
export interface Entry {
  readonly id: string;
  /** Requests of which one may be given another's answer. */
  readonly partition: string;
  /** What is known of how often that is right is pooled in it. */
  readonly family: string;
  readonly asked: string;
  /** Of its vector, which the index has. */
  readonly dimensions: number;
  readonly gist: Gist;
  /** Entries of one family whose answers say the same have one name for them. */
  readonly answerName: string;
  readonly answer: StoredAnswer;
}

/** As measured: what an entry takes beside what is counted by length, and an index that has its first vector. */
const ENTRY_BYTES = 1300;
export const PARTITION_BYTES = 800;
/** An event of an answer without its text. */
const EVENT_BYTES = 85;
const NUMBER_BYTES = 4;
/** An index has room for some more vectors. */
const INDEX_ROOM = 1.1;
const WIDE = /[^\0-\xff]/;

/** What an entry takes, with its vectors here and in the index. Bytes, within a fifth. */
export function sizeOf({ asked, dimensions, gist, answer }: Entry): number {
  const { text = '', made } = gist.long ?? {};
  const vectors = NUMBER_BYTES * (Math.ceil(dimensions * INDEX_ROOM) + (made?.vector.length ?? 0));
  return ENTRY_BYTES + vectors + textBytes(asked) + textBytes(text) + contentBytes(answer.content);
}

function contentBytes(content: AnswerContent): number {
  if (content.kind === 'bytes') return content.body.byteLength;
  if (content.kind === 'vectors') return textBytes(JSON.stringify(content));
  let sum = 0;
  for (const event of content.events) {
    const text = event.type === 'text-delta' || event.type === 'reasoning-delta' ? event.text : JSON.stringify(event);
    sum += EVENT_BYTES + textBytes(text);
  }
  return sum;
}

/** A text takes twice as much as soon as one of its characters is beyond Latin-1. */
function textBytes(text: string): number {
  return WIDE.test(text) ? 2 * text.length : text.length;
}
