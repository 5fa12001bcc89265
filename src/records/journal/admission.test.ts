import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';

import { makeRecord } from '../../../test/support/make-record.ts';
import { Admission, type AdmissionOptions, type Dropping } from './admission.ts';
import { entryLength } from './entry-codec.ts';
import { keptShare, placeOf } from './size-policy.ts';

const body = Buffer.from(JSON.stringify({ text: 'x'.repeat(500) }));
const TEXTS = { input: body, output: body };
const OPTIONS = { maxBytes: 1_000_000, maxUnsyncedBytes: Number.MAX_SAFE_INTEGER, maxBodyBytes: 1000 };

function admissionWith(options: Partial<AdmissionOptions> = {}) {
  const backlog = { bytes: 0, unsyncedBytes: 0 };
  const said: Dropping[] = [];
  const changed = (dropping: Dropping) => void said.push(dropping);
  return { backlog, said, admission: new Admission({ ...OPTIONS, changed, ...options }, backlog) };
}

test('all texts are kept up to half, none from four fifths on, and in between fewer and fewer', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 2, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (fill, more) => {
        const share = keptShare(fill);
        assert.ok(share >= 0 && share <= 1);
        assert.ok(keptShare(fill + more) <= share);
        if (fill <= 0.5) assert.equal(share, 1);
        if (fill >= 0.8) assert.equal(share, 0);
      },
    ),
  );
  assert.ok(Math.abs(keptShare(0.65) - 0.5) < 1e-9);
});

test('traces are spread evenly, and each stands at the same place everywhere', () => {
  const places = Array.from({ length: 10_000 }, () => placeOf(makeRecord().traceId));
  for (const part of [0.1, 0.5, 0.9]) {
    const below = places.filter((place) => place < part).length / places.length;
    assert.ok(Math.abs(below - part) < 0.02, `${below}`);
  }
  assert.equal(placeOf('0193f2a1b7c84d9e8f00112233445566'), placeOf('0193f2a1b7c84d9e8f00112233445566'));
});

test('promise 11: whatever comes, the journal stays within its size, and facts are taken for longer than texts', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 3000 }), { minLength: 1, maxLength: 200 }), (lengths) => {
      const { admission, backlog } = admissionWith({ maxBytes: 100_000, maxBodyBytes: 10_000 });
      let [whole, bare] = [0, 0];
      for (const length of lengths) {
        const before = backlog.bytes;
        const input = Buffer.alloc(length, 'x');
        const entry = admission.admit(makeRecord(), { input, output: undefined });
        if (!entry) continue;
        backlog.bytes += entryLength(entry);
        assert.ok(backlog.bytes <= 100_000);
        if (entry.textsDropped) bare += 1;
        else whole += 1;
        if (backlog.bytes <= 50_000) assert.equal(entry.textsDropped, false);
        if (before > 80_000 && length > 0) assert.equal(entry.textsDropped, true);
      }
      assert.equal(admission.droppedTexts, bare);
      assert.equal(whole + bare + admission.droppedRecords, lengths.length);
    }),
    { numRuns: 50 },
  );
});

test('a full journal that another record still fits into takes it without its texts', () => {
  const { admission, backlog } = admissionWith();
  backlog.bytes = OPTIONS.maxBytes - 2500;
  const entry = admission.admit(makeRecord(), TEXTS);
  assert.deepEqual([entry?.input, entry?.output, entry?.textsDropped], [undefined, undefined, true]);
  backlog.bytes = OPTIONS.maxBytes - 100;
  assert.equal(admission.admit(makeRecord(), TEXTS), undefined);
  assert.deepEqual([admission.droppedTexts, admission.droppedRecords], [1, 1]);
});

test('a disk that takes nothing fills the memory, to which the same holds', () => {
  const { admission, backlog } = admissionWith({ maxUnsyncedBytes: 10_000 });
  backlog.unsyncedBytes = 9000;
  assert.equal(admission.admit(makeRecord(), TEXTS)?.textsDropped ?? true, true);
  backlog.unsyncedBytes = 10_000;
  assert.equal(admission.admit(makeRecord(), TEXTS), undefined);
});

test('a sample keeps the texts of its part, which is no loss; when room gets short the part shrinks', () => {
  const policy = { bodies: 'full', sample: 0.5, retentionClass: '', search: true } as const;
  const { admission, backlog } = admissionWith();
  const keptOf = (count: number) =>
    Array.from({ length: count }, () => admission.admit(makeRecord({ policy }), TEXTS)).filter((entry) => entry?.input);
  assert.ok(Math.abs(keptOf(2000).length - 1000) < 100);
  assert.equal(admission.droppedTexts, 0);
  backlog.bytes = OPTIONS.maxBytes * 0.65;
  assert.ok(Math.abs(keptOf(2000).length - 500) < 100);
  assert.ok(Math.abs(admission.droppedTexts - 500) < 100);
});

test('what is left out anyway is not hashed', () => {
  // Whoever hashes this fails.
  const texts = { input: { length: 500 } as unknown as Uint8Array, output: undefined };
  const hashed = { bodies: 'hashed', sample: 1, retentionClass: '', search: true } as const;
  const { admission, backlog } = admissionWith();
  assert.throws(() => admission.admit(makeRecord({ policy: hashed }), texts));
  const sampledOut = admission.admit(makeRecord({ policy: { ...hashed, sample: 0 } }), texts);
  assert.deepEqual([sampledOut?.input, sampledOut?.textsDropped], [undefined, false]);
  backlog.bytes = OPTIONS.maxBytes * 0.9;
  const full = admission.admit(makeRecord({ policy: hashed }), texts);
  assert.deepEqual([full?.input, full?.textsDropped], [undefined, true]);
});

test('it says once what is left out, and once that nothing is any more', () => {
  const { admission, backlog, said } = admissionWith();
  for (const bytes of [0, 0.9, 0.9, 1, 1, 0.9]) {
    backlog.bytes = OPTIONS.maxBytes * bytes;
    admission.admit(makeRecord(), TEXTS);
    admission.relax();
  }
  backlog.bytes = OPTIONS.maxBytes * 0.4;
  admission.relax();
  admission.relax();
  assert.deepEqual(said, ['texts', 'records', 'nothing']);
});
