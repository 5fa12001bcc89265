import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { BodyPatch } from '../../core/body-patch.ts';
import { KEPT_WHOLE, makeAttemptRecord, makeRecord } from '../../../test/support/make-record.ts';
import type { JournalEntry } from '../journal/entry-codec.ts';
import type { BodyPolicy, CallRecord } from '../journal/record.ts';
import { keptTexts } from './kept-texts.ts';

const SAID = 'bob@example.com with sk-abcdefghijklmnopqrstuvwx';

function entryOf(bodies: BodyPolicy, parts: Partial<CallRecord> = {}): JournalEntry {
  const bytes = Buffer.from(JSON.stringify({ content: SAID }));
  const record = makeRecord({
    policy: { ...KEPT_WHOLE, bodies },
    error: { code: 'request_invalid', message: `no ${SAID}`, origin: 'client' },
    warnings: [SAID],
    metadata: { to: SAID, team: 'x' },
    patches: [{ op: 'set', path: '/user', value: SAID }],
    attempts: [makeAttemptRecord({ patches: [{ op: 'set', path: '/model', value: 'gpt-5' }] })],
    ...parts,
  });
  return { record, input: { bytes, wholeLength: bytes.length }, output: undefined, textsDropped: false };
}

const textOf = (entry: JournalEntry): string => Buffer.from(entry.input?.bytes ?? []).toString();

describe('keptTexts', () => {
  it('promise 12: redacts texts and what was written into the facts', () => {
    const kept = keptTexts(entryOf('redacted'));
    assert.equal(textOf(kept), '{"content":"[email] with sk-[redacted]"}');
    assert.equal(kept.input?.wholeLength, kept.input?.bytes.length);
    assert.equal(kept.record.error?.message, 'no [email] with sk-[redacted]');
    assert.deepEqual(kept.record.warnings, ['[email] with sk-[redacted]']);
    assert.deepEqual(kept.record.metadata, { to: '[email] with sk-[redacted]', team: 'x' });
    assert.deepEqual(kept.record.patches, [{ op: 'set', path: '/user', value: '[email] with sk-[redacted]' }]);
    assert.deepEqual(kept.record.attempts[0]?.patches, [{ op: 'set', path: '/model', value: 'gpt-5' }]);
  });

  it('promise 12: keeps whole texts whole, but no keys in the facts', () => {
    const attempts = [makeAttemptRecord({ patches: [{ op: 'set', path: '/user', value: SAID }] })];
    const span = { kind: 'tool', name: 't', startMs: 0, durationMs: 1, status: 'ok' } as const;
    const entry = entryOf('full', { attempts, spans: [{ ...span, detail: { name: SAID } }] });
    const kept = keptTexts(entry);
    assert.deepEqual(kept.input, entry.input);
    const clean = 'bob@example.com with sk-[redacted]';
    assert.deepEqual(kept.record.metadata, { to: clean, team: 'x' });
    assert.deepEqual(kept.record.patches, [{ op: 'set', path: '/user', value: clean }]);
    assert.deepEqual(kept.record.attempts[0]?.patches, [{ op: 'set', path: '/user', value: clean }]);
    assert.deepEqual(kept.record.spans[0]?.detail, { name: clean });
    assert.equal(kept.record.error?.message, 'no bob@example.com with sk-[redacted]');
    assert.deepEqual(kept.record.warnings, ['bob@example.com with sk-[redacted]']);
  });

  it('keeps no texts as parts of patches where none are kept', () => {
    const long: BodyPatch = { op: 'set', path: '/messages', value: [{ content: 'x'.repeat(200) }] };
    const kept = keptTexts(entryOf('none', { patches: [long, { op: 'set', path: '/n', value: 1 }] }));
    assert.deepEqual(kept.record.patches, [
      { op: 'set', path: '/messages', value: '[not kept]' },
      { op: 'set', path: '/n', value: 1 },
    ]);
  });

  it('leaves out half of something at the end of a text that was cut', () => {
    for (const half of ['4111 1111 1111 1', 'ann.lee@exam', 'sk-abcde', '+86 138 1234 5']) {
      const bytes = Buffer.from(`{"content":"so it is ${half}`);
      const kept = keptTexts({ ...entryOf('redacted'), input: { bytes, wholeLength: bytes.length + 10 } });
      assert.equal(textOf(kept).trimEnd(), '{"content":"so it is');
      assert.equal((kept.input?.wholeLength ?? 0) - (kept.input?.bytes.length ?? 0), 10, 'it still counts as cut');
    }
  });

  it('does not copy what stays as it is', () => {
    const bytes = Buffer.from('{"content":"你好"}');
    const entry = { ...entryOf('redacted'), input: { bytes, wholeLength: bytes.length } };
    assert.equal(keptTexts(entry).input?.bytes, bytes);
  });
});
