import { crc32 } from 'node:zlib';

import { isDeeperThan } from '../../core/json.ts';
import type { CallRecord, CallTexts } from './record.ts';

/**
 * How a record travels from the request thread to the disk and on to the database: a head of fixed size, then the facts
 * as JSON, then the bytes of the two texts as they came. Nothing of a text is looked at on the request thread.
 *
 * Head, little-endian: marker (8 bytes), checksum of all that follows it (u32), length of the whole entry (u32), when it
 * was appended (f64, epoch milliseconds), then u32 each: facts length, input kept, input whole, output kept, output
 * whole, flags.
 */
export const HEAD_BYTES = 48;

/** What every entry of a journal begins with. It is random, so that no text can hold what looks like an entry. */
export const MARKER_BYTES = 8;

const AT = { checksum: 8, length: 12, appendedAt: 16, facts: 24, input: 28, output: 36, flags: 44 } as const;

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

/** JSON can be written to some depth, which depends on how the value was made; this is less. */
const MOST_DEPTH = 1000;

/** JSON of the record. What a client sent and is nested too deeply is left out, with a warning. */
export function encodeFacts(record: CallRecord): string {
  try {
    return JSON.stringify(isDeeperThan(record.metadata, MOST_DEPTH) ? shallow(record) : record);
  } catch {
    return JSON.stringify(shallow(record));
  }
}

function shallow(record: CallRecord): CallRecord {
  return {
    ...record,
    metadata: undefined,
    patches: [],
    attempts: record.attempts.map((attempt) => ({ ...attempt, patches: [] })),
    warnings: [...record.warnings, 'Metadata and patches were not recorded: they are nested too deeply.'],
  };
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

/** What an entry carries beside the record. */
export interface EntryStamp {
  readonly marker: Uint8Array;
  /** Epoch milliseconds. */
  readonly appendedAt: number;
}

/** A long text that is not copied: it belongs between what is written before a position and what is from there on. */
export interface Apart {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** A shorter text is copied: a piece of its own costs more. */
const MOST_COPIED = 16 * 1024;

/** A small part of a large piece of memory would keep all of it. */
function staysApart({ bytes }: KeptText): boolean {
  return bytes.length > MOST_COPIED && bytes.buffer.byteLength <= 2 * bytes.length;
}

/** How much of an entry is copied where long texts stay apart. */
export function copiedLength(entry: EncodedEntry): number {
  const { input, output } = entry;
  const apart =
    (input && staysApart(input) ? input.bytes.length : 0) + (output && staysApart(output) ? output.bytes.length : 0);
  return entryLength(entry) - apart;
}

/**
 * Writes one entry, for which there must be room.
 * @param apart takes long texts; without it they are written, too
 * @returns the position after it
 */
export function writeEntry(
  target: Buffer,
  start: number,
  entry: EncodedEntry,
  stamp: EntryStamp,
  apart?: Apart[],
): number {
  const { facts, factsBytes, input, output } = entry;
  const flags = (input ? HAS_INPUT : 0) | (output ? HAS_OUTPUT : 0) | (entry.textsDropped ? TEXTS_DROPPED : 0);
  target.set(stamp.marker, start);
  target.writeUInt32LE(entryLength(entry), start + AT.length);
  target.writeDoubleLE(stamp.appendedAt, start + AT.appendedAt);
  target.writeUInt32LE(factsBytes, start + AT.facts);
  target.writeUInt32LE(input?.bytes.length ?? 0, start + AT.input);
  target.writeUInt32LE(input?.wholeLength ?? 0, start + AT.input + 4);
  target.writeUInt32LE(output?.bytes.length ?? 0, start + AT.output);
  target.writeUInt32LE(output?.wholeLength ?? 0, start + AT.output + 4);
  target.writeUInt32LE(flags, start + AT.flags);
  let at = start + HEAD_BYTES;
  target.write(facts, at, factsBytes, 'utf8');
  at += factsBytes;
  const before = apart?.length ?? 0;
  if (input) at = writeText(target, at, input, apart);
  if (output) at = writeText(target, at, output, apart);
  target.writeUInt32LE(checksumOf(target, start, at, apart?.slice(before)), start + AT.checksum);
  return at;
}

function writeText(target: Buffer, at: number, text: KeptText, apart: Apart[] | undefined): number {
  if (apart && staysApart(text)) {
    apart.push({ at, bytes: text.bytes });
    return at;
  }
  target.set(text.bytes, at);
  return at + text.bytes.length;
}

/** @param apart counts as if it stood in its place */
function checksumOf(source: Uint8Array, start: number, end: number, apart: readonly Apart[] = []): number {
  let checksum = 0;
  let from = start + AT.length;
  for (const { at, bytes } of apart) {
    checksum = crc32(bytes, crc32(source.subarray(from, at), checksum));
    from = at;
  }
  return crc32(source.subarray(from, end), checksum);
}

/** What a head says: how long its entry is, and when it was appended. */
export interface EntryHead {
  readonly length: number;
  readonly appendedAt: number;
}

/** The head at a position, for which there must be room; undefined where none is there, or its lengths contradict each other. */
export function readHead(source: Buffer, at: number, marker: Uint8Array): EntryHead | undefined {
  if (source.compare(marker, 0, MARKER_BYTES, at, at + MARKER_BYTES) !== 0) return undefined;
  const length = source.readUInt32LE(at + AT.length);
  return length === lengthBy(source, at) ? { length, appendedAt: source.readDoubleLE(at + AT.appendedAt) } : undefined;
}

/** By its parts. */
function lengthBy(source: Buffer, at: number): number {
  const parts = source.readUInt32LE(at + AT.facts) + source.readUInt32LE(at + AT.input);
  return HEAD_BYTES + parts + source.readUInt32LE(at + AT.output);
}

/** Whether the entry at a position, which must be there as a whole, is as it was written. */
export function isWhole(source: Buffer, at: number, length: number): boolean {
  return checksumOf(source, at, at + length) === source.readUInt32LE(at + AT.checksum);
}

/** The entry at a position, where it must be as a whole; its texts are views. */
export function decodeEntry(source: Buffer, at: number): JournalEntry {
  const factsEnd = at + HEAD_BYTES + source.readUInt32LE(at + AT.facts);
  const inputEnd = factsEnd + source.readUInt32LE(at + AT.input);
  const outputEnd = inputEnd + source.readUInt32LE(at + AT.output);
  const flags = source.readUInt32LE(at + AT.flags);
  const text = (flag: number, start: number, end: number, whole: number): KeptText | undefined =>
    (flags & flag) === 0
      ? undefined
      : { bytes: source.subarray(start, end), wholeLength: source.readUInt32LE(at + whole) };
  return {
    record: JSON.parse(source.toString('utf8', at + HEAD_BYTES, factsEnd)) as CallRecord,
    input: text(HAS_INPUT, factsEnd, inputEnd, AT.input + 4),
    output: text(HAS_OUTPUT, inputEnd, outputEnd, AT.output + 4),
    textsDropped: (flags & TEXTS_DROPPED) !== 0,
  };
}

/** All entries of a chunk that never left memory, in order; the texts are views of it. @throws RangeError where it is torn */
export function readEntries(chunk: Uint8Array): JournalEntry[] {
  const source = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const entries: JournalEntry[] = [];
  for (let at = 0; at < source.length; at += lengthBy(source, at)) {
    if (at + lengthBy(source, at) > source.length) throw new RangeError('the chunk ends inside an entry');
    entries.push(decodeEntry(source, at));
  }
  return entries;
}
