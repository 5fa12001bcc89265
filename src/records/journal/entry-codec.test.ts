import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';

import { anyBody, anyRecord, makeRecord } from '../../../test/support/make-record.ts';
import type { JsonObject } from '../../core/json.ts';
import { type EncodedEntry, encodeFacts, entryLength, keepText, readEntries, writeEntry } from './entry-codec.ts';

const STAMP = { marker: Buffer.from('a marker'), appendedAt: 1_700_000_000_000 };
const orAbsent = fc.option(anyBody, { nil: undefined });

const anyEntry: fc.Arbitrary<EncodedEntry> = fc
  .tuple(anyRecord, orAbsent, orAbsent, fc.nat({ max: 300 }), fc.boolean())
  .map(([record, input, output, maxBytes, textsDropped]) => {
    const facts = encodeFacts(record);
    return {
      facts,
      factsBytes: Buffer.byteLength(facts),
      input: keepText(input, maxBytes),
      output: keepText(output, maxBytes),
      textsDropped,
    };
  });

test('what is written is read, entry by entry, byte by byte', () => {
  fc.assert(
    fc.property(fc.array(anyEntry, { maxLength: 5 }), (entries) => {
      const chunk = Buffer.alloc(entries.reduce((sum, entry) => sum + entryLength(entry), 0));
      let at = 0;
      for (const entry of entries) at = writeEntry(chunk, at, entry, STAMP);
      assert.equal(at, chunk.length);
      const read = readEntries(chunk);
      assert.equal(read.length, entries.length);
      entries.forEach((entry, index) => {
        const { record, input, output, textsDropped } = read[index] ?? assert.fail();
        assert.deepEqual(record, JSON.parse(entry.facts));
        assert.equal(textsDropped, entry.textsDropped);
        for (const [got, sent] of [
          [input, entry.input],
          [output, entry.output],
        ] as const) {
          assert.equal(got?.wholeLength, sent?.wholeLength);
          assert.deepEqual(got && Buffer.from(got.bytes), sent && Buffer.from(sent.bytes));
        }
      });
    }),
  );
});

test('a torn chunk is an error, not a wrong record', () => {
  const facts = encodeFacts(makeRecord());
  const entry = { facts, factsBytes: facts.length, input: undefined, output: undefined, textsDropped: false };
  const chunk = Buffer.alloc(entryLength(entry));
  writeEntry(chunk, 0, entry, STAMP);
  assert.throws(() => readEntries(chunk.subarray(0, -1)), RangeError);
  assert.throws(() => readEntries(chunk.subarray(0, 10)), RangeError);
});

test('metadata too deep for JSON is left out with a warning; the record stays', () => {
  let metadata: JsonObject = {};
  for (let level = 0; level < 200_000; level += 1) metadata = { in: metadata };
  const record = makeRecord({ metadata });
  const read = JSON.parse(encodeFacts(record)) as typeof record;
  assert.equal(read.traceId, record.traceId);
  assert.equal(read.metadata, undefined);
  assert.match(read.warnings[0] ?? '', /nested too deeply/);
});
