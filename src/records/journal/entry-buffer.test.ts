import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import { makeRecord } from '../../../test/support/make-record.ts';
import { CHUNK_BYTES, EntryBuffer, lengthOf, piecesOf, wholeOf } from './entry-buffer.ts';
import {
  type EncodedEntry,
  type KeptText,
  copiedLength,
  encodeFacts,
  entryLength,
  readEntries,
  writeEntry,
} from './entry-codec.ts';

const STAMP = { marker: Buffer.from('a marker'), appendedAt: 0 };

function entryOf(inputBytes: number): EncodedEntry {
  const facts = encodeFacts(makeRecord());
  const input = { bytes: Buffer.alloc(inputBytes, 'x'), wholeLength: inputBytes };
  return { facts, factsBytes: facts.length, input, output: undefined, textsDropped: false };
}

test('a chunk holds its entries and nothing else, and its memory can be moved', () => {
  for (const inputBytes of [0, 1000, 100_000, CHUNK_BYTES + 1, 3 * CHUNK_BYTES]) {
    const buffer = new EntryBuffer();
    buffer.add(entryOf(inputBytes), STAMP, 7);
    const chunk = buffer.take();
    const { bytes, records, since } = chunk;
    assert.deepEqual([records, since, lengthOf(chunk)], [1, 7, entryLength(entryOf(inputBytes))]);
    const whole = Buffer.from(wholeOf(chunk));
    structuredClone(bytes, { transfer: [bytes.buffer] });
    assert.equal(bytes.length, 0);
    assert.equal(readEntries(whole)[0]?.input?.bytes.length, inputBytes);
    assert.ok(buffer.isEmpty);
  }
});

test('the buffer goes on after a chunk was moved away', () => {
  const buffer = new EntryBuffer();
  for (let round = 0; round < 3; round += 1) {
    let added = 0;
    while (buffer.hasRoomFor(entryLength(entryOf(1000)))) {
      buffer.add(entryOf(1000), STAMP, round);
      added += 1;
    }
    const { bytes } = buffer.take();
    assert.ok(bytes.length <= CHUNK_BYTES && bytes.length > CHUNK_BYTES / 2);
    assert.equal(readEntries(structuredClone(bytes, { transfer: [bytes.buffer] })).length, added);
  }
});

test('promise 11: where much waits, it is not larger than it says', () => {
  const buffer = new EntryBuffer();
  const sizes = Array.from({ length: 20 }, () => {
    buffer.add(entryOf(100), STAMP, 0);
    return buffer.take().bytes;
  });
  const lent = sizes.filter(({ buffer: memory }) => memory.byteLength === CHUNK_BYTES);
  assert.equal(lent.length, 8);
  assert.ok(
    sizes.every(({ buffer: memory, length }) => memory.byteLength === CHUNK_BYTES || memory.byteLength === length),
  );
  for (const { buffer: memory } of sizes) buffer.recycle(memory);
  buffer.add(entryOf(100), STAMP, 0);
  assert.equal(buffer.take().bytes.buffer.byteLength, CHUNK_BYTES, 'what came back is lent again');
});

test('memory that comes back is filled again', () => {
  const buffer = new EntryBuffer();
  const fill = () => {
    buffer.add(entryOf(1000), STAMP, 0);
    return buffer.take().bytes.buffer;
  };
  const first = fill();
  buffer.recycle(first);
  const second = fill();
  assert.notEqual(second, first);
  assert.equal(fill(), first);
});

/** A text in memory of its own, or in more of it than is its own. */
const anyText = fc.option(
  fc.tuple(fc.oneof(fc.nat({ max: 100 }), fc.integer({ min: 16_000, max: 40_000 })), fc.constantFrom(1, 2, 5)),
  { nil: undefined },
);

function textOf(drawn: readonly [length: number, share: number] | undefined, sign: string): KeptText | undefined {
  if (!drawn) return undefined;
  const [length, share] = drawn;
  return { bytes: Buffer.alloc(length * share, sign).subarray(0, length), wholeLength: length };
}

test('with long texts apart the same bytes go to the disk, and every entry is whole', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(anyText, anyText), { minLength: 1, maxLength: 6 }), (drawn) => {
      const facts = encodeFacts(makeRecord());
      const entries = drawn.map(([input, output]): EncodedEntry => {
        const texts = { input: textOf(input, 'i'), output: textOf(output, 'o') };
        return { facts, factsBytes: facts.length, textsDropped: false, ...texts };
      });
      const buffer = new EntryBuffer();
      const plain = Buffer.alloc(entries.reduce((sum, entry) => sum + entryLength(entry), 0));
      let at = 0;
      for (const entry of entries) {
        buffer.add(entry, STAMP, 0);
        at = writeEntry(plain, at, entry, STAMP);
      }
      const chunk = buffer.take();
      assert.ok(plain.equals(Buffer.concat(piecesOf(chunk))));
      assert.ok(plain.equals(wholeOf(chunk)));
      assert.equal(lengthOf(chunk), plain.length);
      assert.equal(lengthOf(chunk) - chunk.bytes.length, apartOf(entries));
    }),
  );
});

function apartOf(entries: readonly EncodedEntry[]): number {
  return entries.reduce((sum, entry) => sum + entryLength(entry) - copiedLength(entry), 0);
}

test('promise 11: a small part of much memory is copied, and what is apart in one chunk is bounded', () => {
  const small = entryOf(20_000);
  assert.equal(copiedLength(small), entryLength(small) - 20_000);
  const part = { ...small, input: { bytes: Buffer.alloc(1_000_000).subarray(0, 20_000), wholeLength: 1_000_000 } };
  assert.equal(copiedLength(part), entryLength(part));
  const buffer = new EntryBuffer();
  let entries = 0;
  for (; buffer.hasRoomFor(copiedLength(entryOf(100_000))); entries += 1) buffer.add(entryOf(100_000), STAMP, 0);
  assert.equal(entries, 11);
  buffer.take();
  assert.ok(buffer.hasRoomFor(1));
  buffer.add(entryOf(10), STAMP, 0);
  assert.equal(buffer.take().apart, undefined, 'the next chunk has none of the last one');
});
