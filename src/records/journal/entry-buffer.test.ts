import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeRecord } from '../../../test/support/make-record.ts';
import { CHUNK_BYTES, EntryBuffer } from './entry-buffer.ts';
import { type EncodedEntry, encodeFacts, entryLength, readEntries } from './entry-codec.ts';

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
    const { bytes, records, since } = buffer.take();
    assert.deepEqual([records, since, bytes.length], [1, 7, entryLength(entryOf(inputBytes))]);
    const moved = structuredClone(bytes, { transfer: [bytes.buffer] });
    assert.equal(bytes.length, 0);
    assert.equal(readEntries(moved)[0]?.input?.bytes.length, inputBytes);
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
