import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';

import { makeRecord } from '../../../test/support/make-record.ts';
import { encodeFacts, entryLength, keepText, writeEntry } from './entry-codec.ts';
import { SegmentReader } from './segment-reader.ts';
import { markerOf, newJournalId } from './segment.ts';

const marker = markerOf(newJournalId());

/** One encoded entry of a trace; its input may hold what looks like entries. */
function entryOf(traceId: string, input: Uint8Array): Buffer {
  const facts = encodeFacts(makeRecord({ traceId }));
  const factsBytes = Buffer.byteLength(facts);
  const entry = { facts, factsBytes, input: keepText(input, 1e9), output: undefined, textsDropped: false };
  const bytes = Buffer.alloc(entryLength(entry));
  writeEntry(bytes, 0, entry, { marker, appendedAt: 1000 });
  return bytes;
}

/** A file in memory, which counts how much is read of it. */
function readerOf(file: Buffer) {
  const source = {
    most: 0,
    read(offset: number, bytes: number) {
      source.most = Math.max(source.most, bytes);
      return Buffer.from(file.subarray(offset, offset + bytes));
    },
  };
  return { reader: new SegmentReader(source, marker), source };
}

function readAll(file: Buffer) {
  const { reader, source } = readerOf(file);
  const ids: string[] = [];
  let [at, damaged, torn] = [0, 0, 0];
  for (let found = reader.next(at, file.length); found; found = reader.next(at, file.length)) {
    assert.ok(found.end > at, 'it always gets on');
    if (found.kind === 'entry') ids.push(found.entry.record.traceId);
    else if (found.kind === 'damage') damaged += found.end - at;
    else torn += found.end - at;
    at = found.end;
  }
  return { ids, damaged, torn, most: source.most };
}

const anyEntries = fc
  .array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 6 })
  .map((inputs) => inputs.map((input, at) => entryOf(`t${at}`, input)));

const idsOf = (entries: readonly unknown[]) => entries.map((_, at) => `t${at}`);

test('promise 7: a file that was torn at any byte gives the entries before it, and nothing else', () => {
  fc.assert(
    fc.property(anyEntries, fc.nat(), (entries, choice) => {
      const file = Buffer.concat(entries);
      const length = choice % (file.length + 1);
      let whole = 0;
      let end = 0;
      for (const { length: bytes } of entries) {
        if (end + bytes > length) break;
        end += bytes;
        whole += 1;
      }
      const read = readAll(file.subarray(0, length));
      assert.deepEqual([read.ids, read.damaged, read.torn], [idsOf(entries).slice(0, whole), 0, length - end]);
    }),
    { numRuns: 300 },
  );
});

test('promise 7: a byte that is another loses at most the entry that it is in, and the damage is counted', () => {
  fc.assert(
    fc.property(anyEntries, fc.nat(), fc.integer({ min: 1, max: 255 }), (entries, choice, change) => {
      const file = Buffer.concat(entries);
      const at = choice % file.length;
      file[at] = (file[at] ?? 0) ^ change;
      let hit = 0;
      for (let end = 0; end + (entries[hit]?.length ?? 0) <= at; hit += 1) end += entries[hit]?.length ?? 0;
      const { ids, damaged, torn } = readAll(file);
      assert.deepEqual(
        ids,
        idsOf(entries).filter((_, index) => index !== hit),
      );
      assert.deepEqual([damaged, torn], [entries[hit]?.length, 0]);
    }),
    { numRuns: 500 },
  );
});

test('any bytes at all are read to their end', () => {
  const pieces = fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.constant(marker), fc.constant(entryOf('t', marker)));
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 8 }), fc.nat(), (parts, choice) => {
      const file = Buffer.concat(parts);
      const torn = file.subarray(0, choice % (file.length + 1));
      const read = readAll(torn);
      assert.ok(read.damaged + read.torn <= torn.length);
      assert.ok(read.ids.every((id) => id === 't'));
    }),
  );
});

test('promise 12: a text that holds an entry of another journal cannot become a record, whatever is damaged', () => {
  const other = Buffer.from(entryOf('forged', Buffer.alloc(0)));
  markerOf(newJournalId()).copy(other);
  const file = Buffer.concat([entryOf('a', other), entryOf('b', Buffer.alloc(0))]);
  file[0] = (file[0] ?? 0) ^ 1;
  assert.deepEqual(readAll(file).ids, ['b']);
});

test('promise 11: a length that is wild is not believed, and an entry larger than a window is read', () => {
  const large = entryOf('t0', Buffer.alloc(3 * 1024 * 1024, 'x'));
  const file = Buffer.concat([large, ...Array.from({ length: 3000 }, () => entryOf('more', Buffer.alloc(400)))]);
  const read = readAll(file);
  assert.equal(read.ids.length, 3001);
  assert.ok(read.most <= large.length);
  file.writeUInt32LE(0xffff_ffff, 12);
  const damaged = readAll(file);
  assert.deepEqual([damaged.ids.length, damaged.damaged], [3000, large.length]);
  assert.equal(damaged.most, 1024 * 1024);
});

test('heads are counted without reading what is between them', () => {
  const entries = [entryOf('a', Buffer.alloc(10)), entryOf('b', Buffer.alloc(20)), entryOf('c', Buffer.alloc(0))];
  const file = Buffer.concat(entries);
  const { reader } = readerOf(file);
  assert.deepEqual([reader.count(0, file.length), reader.count(entries[0]?.length ?? 0, file.length)], [3, 2]);
  assert.deepEqual(reader.peek(0, file.length), { appendedAt: 1000, end: entries[0]?.length });
  assert.equal(reader.peek(0, 20), undefined);
});
