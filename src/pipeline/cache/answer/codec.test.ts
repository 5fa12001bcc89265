import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { makeAnswer } from '../../../../test/support/make-answer.ts';
import { decodeAnswer, decodeLabels, encodeAnswer } from './codec.ts';
import type { AnswerContent, StoredAnswer } from './stored-answer.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const count = fc.nat(1_000_000);
const content: fc.Arbitrary<AnswerContent> = fc.oneof(
  fc.record({
    kind: fc.constant('bytes' as const),
    contentType: text,
    body: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  }),
  fc.record({
    kind: fc.constant('events' as const),
    events: fc.array(fc.record({ type: fc.constant('text-delta' as const), choice: count, index: count, text })),
    rewritten: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('vectors' as const),
    answer: fc.record({
      vectors: fc.array(fc.oneof(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true })), text)),
      usage: fc.record({ inputTokens: count }),
      model: text,
    }),
  }),
);
const answer: fc.Arbitrary<StoredAnswer> = fc
  .record({
    key: text,
    storedAt: count,
    expiresAt: count,
    responseModel: fc.option(text, { nil: undefined }),
    costNanoUsd: fc.option(count, { nil: undefined }),
    usage: fc.option(fc.record({ inputTokens: count, outputTokens: count }), { nil: undefined }),
    warnings: fc.array(text, { maxLength: 2 }),
    content,
    labels: fc.record({
      project: text,
      user: fc.option(text, { nil: undefined }),
      tags: fc.array(text, { maxLength: 3 }),
    }),
  })
  .map((parts) => makeAnswer(parts));

test('an answer is what it was, byte for byte', () => {
  fc.assert(
    fc.property(answer, (kept) => {
      const encoded = encodeAnswer(kept);
      // Beside other answers, in memory that is not its own.
      const around = Buffer.concat([Buffer.from('before'), encoded, Buffer.from('behind')]);
      const decoded = decodeAnswer(around.subarray(6, 6 + encoded.length));
      assert.deepEqual(plain(decoded), plain(kept));
      assert.deepEqual(plain(decodeLabels(encoded)?.labels), plain(kept.labels));
    }),
    { numRuns: 100 },
  );
});

/** Without what is undefined, and with bytes as text. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

test('what is no answer, or one of another version, is none', () => {
  const encoded = encodeAnswer(makeAnswer());
  const newer = Buffer.from(encoded);
  newer.writeUInt32LE(2, 0);
  const cut = encoded.subarray(0, 20);
  const damaged = encodeAnswer(makeAnswer({ content: { kind: 'events', events: [], rewritten: false } })).subarray(
    0,
    -1,
  );
  for (const bytes of [Buffer.alloc(0), Buffer.from('{"key":"a"}'), newer, cut, damaged, Buffer.alloc(100)]) {
    assert.equal(decodeAnswer(bytes), undefined);
  }
});

test('an answer keeps no memory but its own', () => {
  const large = Buffer.alloc(100_000, 'a');
  const body = large.subarray(0, 10);
  const encoded = encodeAnswer(makeAnswer({ content: { kind: 'bytes', contentType: 'text/plain', body } }));
  large.fill('b');
  const decoded = decodeAnswer(encoded);
  assert.ok(decoded?.content.kind === 'bytes');
  assert.equal(decoded.content.body.toString(), 'aaaaaaaaaa');
});
