import assert from 'node:assert/strict';
import { test } from 'node:test';

import { redactSecrets } from './redaction.ts';
import { secretSpans } from './secret-spans.ts';

const LINES = [
  'authorization: Bearer abcdefghijklmnop',
  'see https://user:pass@example.com/a?key=12345678&x=1',
  '"apiKey": "one", "password": 12345',
  'sk-abcdefghijklmnop and hf_abcdefghijklmnop',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc-def',
  '-----BEGIN PRIVATE KEY-----\nMIIabc\n-----END PRIVATE KEY-----',
  'nothing to see here',
];

test('what is at the spans is what is taken out, and nothing is left to take out without it', () => {
  const text = LINES.join('\n');
  const spans = secretSpans(text);
  let rest = text;
  for (const { start, end } of spans.toReversed()) rest = `${rest.slice(0, start)}${rest.slice(end)}`;
  for (const secret of ['abcdefghijklmnop', 'user:pass', '12345678', 'one"', 'MIIabc', 'abc-def'])
    assert.ok(!rest.includes(secret), secret);
  for (const kept of ['authorization', '@example.com', '&x=1', 'nothing to see here'])
    assert.ok(rest.includes(kept), kept);
});

test('a text without secrets has none', () => {
  assert.deepEqual(secretSpans('models: { chat: { target: openai/gpt-5 } }'), []);
  assert.equal(redactSecrets(LINES.at(-1) ?? ''), LINES.at(-1));
});

test('by form alone, names say nothing', () => {
  assert.deepEqual(secretSpans('password: hunter2', 'by-form'), []);
  assert.deepEqual(secretSpans('password: hunter2'), [{ start: 10, end: 17 }]);
});
