import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';

import { TextDigests } from '../../../core/text-digests.ts';
import { canonicalForm } from './canonical.ts';

const LONG = 'a'.repeat(20_000);
const formOf = (content: string): string => canonicalForm({ messages: [{ role: 'user', content }] }, new Set()) ?? '';

test('long texts that differ have different forms, whatever they pretend to be', () => {
  const contents = [
    LONG,
    `${LONG} `,
    `${LONG.slice(0, 10_000)}b${LONG.slice(10_001)}`,
    `#${hash('sha256', LONG)}`,
    'a'.repeat(8192),
    'a'.repeat(8193),
    // Halves of pairs are no characters, and have no bytes.
    `${LONG}\ud800`,
    `${LONG}\ud801`,
    `${LONG}\ufffd`,
  ];
  assert.equal(new Set(contents.map(formOf)).size, contents.length);
});

test('a long text is not written out', () => {
  assert.ok(formOf(LONG).length < 200);
  assert.equal(formOf(LONG), formOf('a'.repeat(20_000)));
  assert.equal(formOf('short'), '{"messages":[{"content":"short","role":"user"}]}');
});

test('a digest that is known is not worked out again', () => {
  const digests = new TextDigests();
  digests.note(LONG, 'known');
  assert.equal(
    canonicalForm({ input: LONG, prompt: 'known' }, new Set(), digests),
    '{"input":#known,"prompt":"known"}',
  );
});
