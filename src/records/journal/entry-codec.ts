import type { CallRecord, CallTexts } from './record.ts';

/**
 * How a record travels from the request thread to the writer: a head of fixed size, then the facts as JSON,
 * then the bytes of the two texts as they came. Nothing of a text is looked at on the request thread.
 *
 * Head, little-endian u32 each: facts length, input kept, input whole, output kept, output whole, flags.
 */
export const HEAD_BYTES = 24;

const HAS_INPUT = 1;
const HAS_OUTPUT = 2;
const TEXTS_DROPPED = 4;

/** A text, or the beginning of one that was longer. */
export interface KeptText {
  readonly bytes: Uint8Array;
  readonly wholeLength: number;
}

/** One record as the writer gets it. Absent fields of the record were undefined. */
export interface JournalEntry {
  readonly record: CallRecord;
  readonly input: KeptText | undefined;
  readonly output: KeptText | undefined;
  /** The texts were there, but the queue was too full to keep them. */
  readonly textsDropped: boolean;
}

/** Facts that are ready to be written, and the texts that go with them. */
export interface EncodedEntry {
  readonly facts: string;
  readonly factsBytes: number;
  readonly input: KeptText | undefined;
  readonly output: KeptText | undefined;
  readonly textsDropped: boolean;
}

/** JSON of the record. What a client sent and JSON cannot write (nested too deeply) is left out, with a warning. */
export function encodeFacts(record: CallRecord): string {
  try {
    return JSON.stringify(record);
  } catch {
    return JSON.stringify({
      ...record,
      metadata: undefined,
      patches: [],
      attempts: record.attempts.map((attempt) => ({ ...attempt, patches: [] })),
      warnings: [...record.warnings, 'Metadata and patches were not recorded: they are nested too deeply.'],
    });
  }
}

/** The first `maxBytes` of a text; no copy is made. */
export function keepText(text: CallTexts['input'], maxBytes: number): KeptText | undefined {
  if (text === undefined) return undefined;
  const bytes = text.length <= maxBytes ? text : text.subarray(0, maxBytes);
  return { bytes, wholeLength: text.length };
}

export function entryLength({ factsBytes, input, output }: EncodedEntry): number {
  return HEAD_BYTES + factsBytes + (input?.bytes.length ?? 0) + (output?.bytes.length ?? 0);
}

/** Writes one entry, for which there must be room. @returns the position after it */
export function writeEntry(target: Buffer, start: number, entry: EncodedEntry): number {
  const { facts, factsBytes, input, output } = entry;
  const flags = (input ? HAS_INPUT : 0) | (output ? HAS_OUTPUT : 0) | (entry.textsDropped ? TEXTS_DROPPED : 0);
  target.writeUInt32LE(factsBytes, start);
  target.writeUInt32LE(input?.bytes.length ?? 0, start + 4);
  target.writeUInt32LE(input?.wholeLength ?? 0, start + 8);
  target.writeUInt32LE(output?.bytes.length ?? 0, start + 12);
  target.writeUInt32LE(output?.wholeLength ?? 0, start + 16);
  target.writeUInt32LE(flags, start + 20);
  let at = start + HEAD_BYTES;
  target.write(facts, at, factsBytes, 'utf8');
  at += factsBytes;
  if (input) {
    target.set(input.bytes, at);
    at += input.bytes.length;
  }
  if (output) {
    target.set(output.bytes, at);
    at += output.bytes.length;
  }
  return at;
}

/** All entries of a chunk, in order; the texts are views of it. @throws RangeError where the chunk is torn */
export function readEntries(chunk: Uint8Array): JournalEntry[] {
  const source = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const entries: JournalEntry[] = [];
  let at = 0;
  while (at < source.length) {
    const factsEnd = at + HEAD_BYTES + source.readUInt32LE(at);
    const inputEnd = factsEnd + source.readUInt32LE(at + 4);
    const outputEnd = inputEnd + source.readUInt32LE(at + 12);
    if (outputEnd > source.length) throw new RangeError('the chunk ends inside an entry');
    const flags = source.readUInt32LE(at + 20);
    entries.push({
      record: JSON.parse(source.toString('utf8', at + HEAD_BYTES, factsEnd)) as CallRecord,
      input: textAt(source, factsEnd, inputEnd, (flags & HAS_INPUT) !== 0 ? source.readUInt32LE(at + 8) : undefined),
      output: textAt(
        source,
        inputEnd,
        outputEnd,
        (flags & HAS_OUTPUT) !== 0 ? source.readUInt32LE(at + 16) : undefined,
      ),
      textsDropped: (flags & TEXTS_DROPPED) !== 0,
    });
    at = outputEnd;
  }
  return entries;
}

function textAt(source: Buffer, start: number, end: number, wholeLength: number | undefined): KeptText | undefined {
  return wholeLength === undefined ? undefined : { bytes: source.subarray(start, end), wholeLength };
}
