import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeRecord } from '../../../../test/support/make-record.ts';
import { encodeFacts, entryLength, keepText, writeEntry } from '../entry-codec.ts';
import type { CallRecord } from '../record.ts';
import { markerOf, newJournalId } from '../segment.ts';
import { SegmentReader } from '../segment-reader.ts';
import { BatchDraft } from './batch.ts';

const marker = markerOf(newJournalId());
const PLANTED = 'planted-secret';

function rowOf(record: CallRecord) {
  const facts = encodeFacts(record);
  const text = keepText(Buffer.from(JSON.stringify({ text: PLANTED })), 1000);
  const entry = { facts, factsBytes: Buffer.byteLength(facts), input: text, output: text, textsDropped: false };
  const bytes = Buffer.alloc(entryLength(entry));
  writeEntry(bytes, 0, entry, { marker, appendedAt: 1 });
  const source = { read: (offset: number, count: number) => bytes.subarray(offset, offset + count) };
  const draft = new BatchDraft(new SegmentReader(source, marker), 0);
  draft.grow(1, bytes.length);
  return draft.batch.rows[0]?.row;
}

test('promise 12: of a record that cannot be redacted the facts are stored, and nothing that anybody wrote', () => {
  const value = { text: PLANTED };
  const patch = { op: 'add', path: '/a', value, by: PLANTED } as never;
  const [attempt] = makeRecord().attempts;
  const detail = { note: PLANTED };
  const record = makeRecord({
    policy: { bodies: 'redacted', sample: 1, retentionClass: '', search: true },
    requestModel: PLANTED,
    metadata: value,
    patches: [patch],
    ...(attempt ? { attempts: [{ ...attempt, patches: [patch] }] } : {}),
    spans: [{ kind: 'guard', name: PLANTED, startMs: 0, durationMs: 1, status: 'ok', detail }],
    error: { code: 'provider_error' as never, message: PLANTED, origin: 'provider' },
    // What is no text cannot be redacted.
    warnings: [PLANTED, 1 as never],
  });
  const row = rowOf(record);
  assert.equal(row?.traceId, record.traceId);
  assert.equal(row?.costNanoUsd, rowOf(makeRecord({ costNanoUsd: record.costNanoUsd }))?.costNanoUsd);
  const json = JSON.stringify(row, (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part));
  assert.doesNotMatch(json, new RegExp(PLANTED));
  assert.match(json, /could not be redacted/);
});
