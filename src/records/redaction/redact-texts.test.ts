import assert from 'node:assert/strict';
import { test } from 'node:test';

import { redactTexts } from './redact-texts.ts';

/** Numbers are made up, with check digits that fit; card numbers are those that networks publish for tests. */
const FOUND: readonly (readonly [text: string, clean: string])[] = [
  ['my password is hunter2', 'my password is [redacted]'],
  ['Password: "hunter2", user: "ann"', 'Password: "[redacted]", user: "ann"'],
  ['**Password:** hunter2', '**Password:** [redacted]'],
  ['pwd=hunter2', 'pwd=[redacted]'],
  ['the password for the server is Hunter2!', 'the password for the server is [redacted]'],
  ['密码：hunter2，谢谢', '密码：[redacted]，谢谢'],
  ['我的口令是hunter2。', '我的口令是[redacted]。'],
  ['DB_PASSWORD=hunter2', 'DB_PASSWORD=[redacted]'],
  ['key sk-proj-abcdefghijklmnopqrst', 'key sk-[redacted]'],
  ['ghp_abcdefghijklmnopqrstuvwxyz0123456789', 'ghp_[redacted]'],
  ['AKIAIOSFODNN7EXAMPLE', 'AKIA[redacted]'],
  ['-----BEGIN PRIVATE KEY-----\nMIIE\nabc=\n-----END PRIVATE KEY-----', '-----BEGIN PRIVATE KEY-----[redacted]'],
  ['write to ann.lee+x@mail.example.com.', 'write to [email].'],
  ['邮箱是bob@example.com请联系', '邮箱是[email]请联系'],
  ['https://example.com/?to=bob%40example.com', 'https://example.com/?to=[email]'],
  ['jörg@bücher.example', '[email]'],
  ['card 4111 1111 1111 1111 123', 'card [card] 123'],
  ['4242-4242-4242-4242', '[card]'],
  ['卡号5555555555554444，', '卡号[card]，'],
  ['378282246310005 3782 822463 10005', '[card] [card]'],
  ['62 is not, 6200000000000005 is', '62 is not, [card] is'],
  ['+86 138 1234 5678, +1 (555) 223-4567, +44 20 7946 0958', '[phone], [phone], [phone]'],
  ['手机13812345678或138-1234-5678', '手机[phone]或[phone]'],
  ['(555) 223-4567 or 555-223-4567 or 010-62345678', '[phone] or [phone] or [phone]'],
  ['身份证11010519491231002X，', '身份证[id-number]，'],
  ['SSN 078-05-1120', 'SSN [id-number]'],
  ['GB82 WEST 1234 5698 7654 32 THANKS', '[iban] THANKS'],
  ['QA12 check de89370400440532013000', 'QA12 check [iban]'],
  ['CR05 0152 0200 1026 2840 66 and more', '[iban] and more'],
];

test('promise 12: what is secret or personal is found in running text', () => {
  for (const [text, clean] of FOUND) assert.equal(redactTexts(text), clean);
});

test('promise 12: and in JSON, by name and by form, also in JSON within JSON, escaped and cut', () => {
  const cases: readonly (readonly [text: string, clean: string])[] = [
    [String.raw`{"a":"bob\u0040example.com"}`, '{"a":"[email]"}'],
    [String.raw`{"a":"say \"hi\" to bob@example.com"}`, String.raw`{"a":"say \"hi\" to [email]"}`],
    ['{"card" : 4111111111111111, "n": 5}', '{"card" : "[card]", "n": 5}'],
    ['[18612345678,4111111111111111]', '["[phone]","[card]"]'],
    ['{"id":11010519491231002,"z":110101199003070118}', '{"id":11010519491231002,"z":"[id-number]"}'],
    ['{"password":"x","user":"y"}', '{"password":"[redacted]","user":"y"}'],
    ['{"dbPassword":12345,"password":true}', '{"dbPassword":"[redacted]","password":true}'],
    ['{"cookie":["a","b"],"c":["d"]}', '{"cookie":["[redacted]","[redacted]"],"c":["d"]}'],
    ['{"name":"password","value":"x y"}', '{"name":"password","value":"[redacted]"}'],
    ['{"bob@example.com":{"a":1}}', '{"[email]":{"a":1}}'],
    [
      String.raw`{"arguments":"{\"password\":\"x y\",\"card\":4111111111111111,\"to\":\"bob\\u0040example.com\"}"}`,
      String.raw`{"arguments":"{\"password\":\"[redacted]\",\"card\":\"[card]\",\"to\":\"[email]\"}"}`,
    ],
    ['{"messages":[{"content":"to bob@example.com and ', '{"messages":[{"content":"to [email] and '],
    [String.raw`{"a":"to bob\u0040example.com and \u00`, '{"a":"to [email] and '],
    ['"bob@example.com"', '"[email]"'],
  ];
  for (const [text, clean] of cases) assert.equal(redactTexts(text), clean);
});

const KEPT: readonly string[] = [
  '0199a3f2c7d17b2c8d3e4f5a6b7c8d9e',
  '550e8400-e29b-41d4-a716-446655440000',
  '12345678-1234-4111-9111-411111111111',
  '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  'chatcmpl-9xQ2fJ4111111111111111aB',
  'call_4111111111111111',
  'toolu_01A09q90qw90lq917835lq9',
  'resp_68a1b2c3d4e5f60718293a4b5c6d7e8f9',
  'claude-sonnet-4-5-20250929 gpt-4o-2024-08-06 qwen3-235b-a22b-instruct-2507',
  '2026-11-21T10:00:00.123456789Z 2026-11-21 10:00:00 20261121100000',
  '1735689600 1735689600123 1735689600123456 1735689600123456789',
  '$1,299.00 12345.67 0.4111111111111111 3.141592653589793 4111111111111111.5 1e21',
  '192.168.100.200 10.0.0.1:8080 fe80::1',
  'ISBN 978-3-16-148410-0 version 1.22.333-4444 +0800 C++17',
  'import { x } from "@scope/pkg"; @Override icon@2x.png npm i react@19.0.0',
  'The password is wrong. A password is required, and your password was reset. 密码是什么？密码错误',
  'max_tokens is 4096, the key is in the door, PWD=/root/app, basic ideas',
  'the-basic-authorization-model of sk-learn and task-force-for-the-improvement',
  '#4532015112830360 of 9876543210, order 1234-5678-9012',
  '{"id":1735689600123,"created":1735689600,"usage":{"total_tokens":123456789012},"password":{"type":"string"}}',
  '{"seed":4532015112830360,"logprob":-0.4111111111111111,"vector":[0.0123456789012345,-1.5e-7]}',
  '{"has_password":true,"next_token":"abc","a":null}',
  `{"image_url":{"url":"data:image/png;base64,${'4111111111111111+13812345678/'.repeat(20)}"}}`,
  `{"data":"${'/4111111111111111+13812345678/AIzaaaaaaaaaaaaaaaa'.repeat(20)}=="}`,
  '[redacted] [email] [card]',
  '',
];

test('ids, times, amounts, models and the bytes of images stay as they are', () => {
  for (const text of KEPT) {
    assert.equal(redactTexts(text), text);
    assert.equal(redactTexts(JSON.stringify({ a: [text] })), JSON.stringify({ a: [text] }));
  }
});

test('promise 11: hostile text costs linear time', () => {
  const pieces = [
    '@',
    'a@a.',
    `${'a'.repeat(64)}@`,
    '1 ',
    '123-45-6789 ',
    'AA11 ',
    'password a b is ',
    '密码是',
    'eyJ',
  ];
  const ofJson = [
    String.raw`\u0040`,
    '{"a":"',
    '["',
    '[',
    String.raw`\"`,
    '"apiKey":',
    '[1,',
    String.raw`{"a":"{\"b\":`,
  ];
  const started = performance.now();
  for (const piece of [...pieces, ...ofJson]) {
    for (const before of ['', '{"a":"', '[']) redactTexts(before + piece.repeat(262_144 / piece.length));
  }
  assert.ok(performance.now() - started < 15_000);
});

test('short texts are redacted however often they come, and however many came before', () => {
  for (let round = 0; round < 3; round += 1) {
    assert.equal(redactTexts('bench-1'), 'bench-1');
    assert.equal(redactTexts('ann.lee@example.com'), '[email]');
    for (let at = 0; at < 1100; at += 1) assert.equal(redactTexts(`model-${at}`), `model-${at}`);
  }
});

test('beside a long number that is nobody’s, texts are redacted in texts at any depth', () => {
  const deep = JSON.stringify({
    created: 1700000000,
    a: 'plain',
    b: JSON.stringify({ c: 'card 4111111111111111 it is' }),
  });
  const escaped = deep.replace('4111', String.raw`\\u0034111`);
  for (const text of [deep, escaped]) {
    const clean = JSON.parse(redactTexts(text)) as { created: number; a: string; b: string };
    assert.deepEqual([clean.created, clean.a, JSON.parse(clean.b)], [1700000000, 'plain', { c: 'card [card] it is' }]);
  }
});
