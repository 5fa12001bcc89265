import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../test/support/fast-check.ts';

import { REDACTED, redactSecrets } from './redaction.ts';

const tail = fc.stringMatching(/^[A-Za-z0-9_-]{20,60}$/);
const prefix = fc.constantFrom(
  'cw-',
  'cwo-',
  'cwa-',
  'sk-',
  'sk-ant-api03-',
  'sk-proj-',
  'AIza',
  'gsk_',
  'xai-',
  'hf_',
);
const secretKey = fc.tuple(prefix, tail).map(([start, rest]) => start + rest);
/** Text that does not end in a letter, so that a key after it is not the inside of a word. */
const before = fc.string({ unit: 'binary' }).map((text) => text.replace(/[A-Za-z]+$/, ''));
const after = fc.string({ unit: 'binary' });

test('promise 12: a key anywhere in a text is redacted, whatever stands around it', () => {
  fc.assert(
    fc.property(before, secretKey, after, (left, key, right) => {
      assert.ok(!redactSecrets(`${left}${key} ${right}`).includes(key));
    }),
  );
});

test('promise 12: in a JSON line every secret goes, by its look or by its name, and the line stays JSON', () => {
  const name = fc.constantFrom('authorization', 'x-api-key', 'apiKey', 'api_key', 'cookie', 'Set-Cookie', 'password');
  fc.assert(
    fc.property(before, secretKey, after, name, fc.string({ minLength: 8 }), (left, key, right, field, value) => {
      const secret = `V4LUE${value}`;
      const line = JSON.stringify({
        text: `${left}\n${key}${right}`,
        deep: [{ [field]: secret, list: [{ [field]: [secret] }] }],
      });
      const clean = redactSecrets(line);
      assert.ok(!clean.includes(key));
      assert.ok(!clean.includes('V4LUE'));
      assert.doesNotThrow(() => JSON.parse(clean) as unknown);
    }),
  );
});

const CASES: readonly (readonly [string, string])[] = [
  [String.raw`\nBearer abc`, String.raw`\nBearer [redacted]`],
  ['Authorization: Bearer abc.def', `Authorization: Bearer ${REDACTED}`],
  ['postgres://me:p%40ss@db.example/x', `postgres://${REDACTED}@db.example/x`],
  ['https://user:S3cret/Pass99@host/v1', `https://${REDACTED}@host/v1`],
  [String.raw`https:\/\/user:S3cret\/Pass99@host\/v1`, String.raw`https:\/\/[redacted]@host\/v1`],
  ['https://host/v1?a=1&api_key=S3cretPass99&b=2', `https://host/v1?a=1&api_key=${REDACTED}&b=2`],
  ['redis://:a@b@host:6379', `redis://${REDACTED}@host:6379`],
  ['GET /v1beta/models?key=abc123&alt=sse', `GET /v1beta/models?key=${REDACTED}&alt=sse`],
  ['Authorization: Basic hunter2', `Authorization: Basic ${REDACTED}`],
  ['basic dXNlcjpwYXNz', `basic ${REDACTED}`],
  ['"db_password":12345,', `"db_password":"${REDACTED}",`],
  ['密码：hunter2', `密码：${REDACTED}`],
  ['xoxb-1234567890-abcdef', `xoxb-${REDACTED}`],
  ['x-api-key: 0123456789abcdef', `x-api-key: ${REDACTED}`],
  [String.raw`body {\"api_key\":\"hunter2\"}`, String.raw`body {\"api_key\":\"[redacted]\"}`],
  ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl', REDACTED],
];

for (const [text, clean] of CASES) {
  test(`promise 12: ${text.slice(0, 24)}… is cleaned`, () => assert.equal(redactSecrets(text), clean));
}

test('ordinary text stays as it is', () => {
  for (const text of [
    'task-force-for-the-improvement-of-disk-usage',
    'model openai/gpt-5-mini answered 429 at https://api.example/v1',
    '{"input_tokens":12,"key":"name"}',
    'http://127.0.0.1:4873/@scope/pkg?page_size=5&max_tokens=9',
    'a basic understanding of bearer tokens, ASIA-PACIFIC-REGION-4, PWD=/root/app',
  ]) {
    assert.equal(redactSecrets(text), text);
  }
});

test('hostile text costs linear time', () => {
  const hostile = [
    'eyJ',
    'a',
    'sk-',
    '://',
    '"apiKey":"',
    String.raw`\\"`,
    'authorization:',
    '?key=',
    '://a:/',
    '&a.',
    '\\',
  ].map((piece) => `${piece.repeat(200_000 / piece.length)} password`);
  const started = performance.now();
  for (const text of hostile) redactSecrets(text);
  assert.ok(performance.now() - started < 5000);
});
