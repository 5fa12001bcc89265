import { hash } from 'node:crypto';

import type { Backlog } from './backlog.ts';
import { type EncodedEntry, HEAD_BYTES, encodeFacts, keepText } from './entry-codec.ts';
import type { CallRecord, CallTexts } from './record.ts';
import { keptShare, placeOf } from './size-policy.ts';

export interface AdmissionOptions {
  /** Most bytes that wait for the database, on the disk and in memory together. */
  readonly maxBytes: number;
  /** Most bytes that wait for the disk. */
  readonly maxUnsyncedBytes: number;
  /** The most that is kept of one input and of one output; a longer one is cut and says so. */
  readonly maxBodyBytes: number;
  /** Something begins to be left out, or is not left out any more. */
  changed(dropping: Dropping): void;
}

/** What is left out of what comes in now. */
export type Dropping = 'nothing' | 'texts' | 'records';

/** Decides what of a record enters the journal: by its project's policy, and by how full the journal is. */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #backlog: Pick<Backlog, 'bytes' | 'unsyncedBytes'>;
  /** Records that were taken without their texts, since there was too little room. */
  droppedTexts = 0;
  /** Records that were not taken. */
  droppedRecords = 0;
  #dropping: Dropping = 'nothing';

  constructor(options: AdmissionOptions, backlog: Pick<Backlog, 'bytes' | 'unsyncedBytes'>) {
    this.#options = options;
    this.#backlog = backlog;
  }

  /** What is to be written; undefined where there is no room. @throws where the record is none that JSON can write */
  admit(record: CallRecord, texts: CallTexts): EncodedEntry | undefined {
    const facts = encodeFacts(record);
    const factsBytes = Buffer.byteLength(facts);
    const { sample } = record.policy;
    if (!isIn(record, sample) || !hasTexts(record, texts)) return this.#bare(facts, factsBytes, false);
    const isKept = (fill: number): boolean => fill <= 1 && isIn(record, sample * keptShare(fill));
    // Hashing a long text takes time, so it is done only for one that has a chance.
    if (!isKept(this.#fillWith(HEAD_BYTES + factsBytes))) return this.#bare(facts, factsBytes, true);
    const kept = textsOf(record, texts);
    const input = keepText(kept.input, this.#options.maxBodyBytes);
    const output = keepText(kept.output, this.#options.maxBodyBytes);
    const textBytes = (input?.bytes.length ?? 0) + (output?.bytes.length ?? 0);
    const fill = this.#fillWith(HEAD_BYTES + factsBytes + textBytes);
    if (!isKept(fill)) return this.#bare(facts, factsBytes, true);
    return this.#fitted({ facts, factsBytes, input, output, textsDropped: false }, fill);
  }

  /** How full the journal is, 0 to 1. */
  get fill(): number {
    return Math.min(1, this.#fillWith(0));
  }

  /** There is room again: says so once. */
  relax(): void {
    if (this.#dropping !== 'nothing' && keptShare(this.#fillWith(0)) === 1) this.#note('nothing');
  }

  #bare(facts: string, factsBytes: number, textsDropped: boolean): EncodedEntry | undefined {
    const entry = { facts, factsBytes, input: undefined, output: undefined, textsDropped };
    return this.#fitted(entry, this.#fillWith(HEAD_BYTES + factsBytes));
  }

  #fitted(entry: EncodedEntry, fill: number): EncodedEntry | undefined {
    if (fill > 1) {
      this.droppedRecords += 1;
      this.#note('records');
      return undefined;
    }
    if (entry.textsDropped) {
      this.droppedTexts += 1;
      if (this.#dropping === 'nothing') this.#note('texts');
    }
    return entry;
  }

  /** How full the journal is with so many bytes more: over 1 they do not fit. */
  #fillWith(bytes: number): number {
    const { maxBytes, maxUnsyncedBytes } = this.#options;
    return Math.max((this.#backlog.bytes + bytes) / maxBytes, (this.#backlog.unsyncedBytes + bytes) / maxUnsyncedBytes);
  }

  #note(dropping: Dropping): void {
    if (this.#dropping === dropping) return;
    this.#dropping = dropping;
    this.#options.changed(dropping);
  }
}

/** Whether the record is in so large a part of all of them. */
function isIn({ traceId }: CallRecord, share: number): boolean {
  return share >= 1 || placeOf(traceId) < share;
}

function hasTexts({ policy }: CallRecord, { input, output }: CallTexts): boolean {
  if (policy.bodies === 'none') return false;
  return policy.bodies === 'hashed' ? Boolean(input ?? output) : Boolean(input?.length) || Boolean(output?.length);
}

function textsOf({ policy }: CallRecord, texts: CallTexts): CallTexts {
  if (policy.bodies !== 'hashed') return texts;
  return { input: hashOf(texts.input), output: hashOf(texts.output) };
}

/** Of the whole text, however long it is: the same text has the same hash. */
function hashOf(text: CallTexts['input']): CallTexts['input'] {
  if (text === undefined) return undefined;
  return Buffer.from(JSON.stringify({ sha256: hash('sha256', text, 'hex'), bytes: text.length }));
}
