import type { StoredAnswer } from '../../answer/stored-answer.ts';
import type { Gist } from '../compare/gist.ts';
import type { Traits } from '../vetoes/vetoes.ts';

/** A request that was answered, and may answer others that mean the same. */
export interface Entry {
  readonly id: string;
  /** Requests of which one may be given another's answer. */
  readonly partition: string;
  /** What is known of how often that is right is pooled in it. */
  readonly family: string;
  readonly asked: string;
  /** Of what is asked. */
  readonly traits: Traits;
  readonly gist: Gist;
  /** Entries of one family whose answers say the same have one name for them. */
  readonly answerName: string;
  readonly answer: StoredAnswer;
}

/** Roughly what an entry takes, its two vectors too. Bytes. */
export function sizeOf({ asked, gist, answer }: Entry): number {
  const { content } = answer;
  const body = content.kind === 'bytes' ? content.body.byteLength : 2 * JSON.stringify(content).length + EVENT_OVERHEAD;
  return body + 2 * asked.length + 2 * (gist.long?.text.length ?? 0) + ENTRY_OVERHEAD;
}

const EVENT_OVERHEAD = 1000;
/** Vectors of 512 dimensions here and in the index, and what maps take. */
const ENTRY_OVERHEAD = 6000;
