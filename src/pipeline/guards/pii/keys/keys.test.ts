import assert from 'node:assert/strict';
import { test } from 'node:test';

import { piiScanner } from '../scanner.ts';

const scanner = piiScanner({ entities: [], except: [], own: new Map(), region: 'CN', allow: [] });
const found = (text: string): string[] =>
  scanner.scan(text).findings.map(({ category, start, end }) => `${category} ${text.slice(start, end)}`);

const LINE = `MIIEowIBAAKCAQEA${'aB3/+x'.repeat(8)}`;
const PROC = 'Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,A1\n\n';

test('a private key is covered to its end, whatever stands in it', () => {
  const keys = [
    `-----BEGIN RSA PRIVATE KEY-----\n${PROC}${LINE}\nab==\n-----END RSA PRIVATE KEY-----`,
    `-----BEGIN PGP PRIVATE KEY BLOCK-----\nComment: GPGTools - https://x.org\n\n${LINE}\n=ab\n-----END PGP PRIVATE KEY BLOCK-----`,
    `-----BEGIN PRIVATE KEY-----\\n" +\n  "${LINE}\\n" +\n  "ab==\\n" + "-----END PRIVATE KEY-----`,
    `-----BEGIN PRIVATE KEY-----\n${`${LINE}\n`.repeat(400)}-----END PRIVATE KEY-----`,
  ];
  for (const key of keys) assert.deepEqual(found(`key: ${key} and more`), [`PRIVATE_KEY ${key}`]);
});

test('one whose end is missing is covered as far as it looks like one', () => {
  const begun = `-----BEGIN RSA PRIVATE KEY-----\n${PROC}${LINE}\n${LINE}`;
  assert.deepEqual(found(`${begun}\nThis is text.`), [`PRIVATE_KEY ${begun}`]);
  assert.deepEqual(found(`${begun}\nab==\nThis is text.`), [`PRIVATE_KEY ${begun}\nab==`]);
  assert.deepEqual(found(`${begun}\n`), [`PRIVATE_KEY ${begun}\n`]);
  assert.deepEqual(found(`${begun}\n\n${begun}`), [`PRIVATE_KEY ${begun}\n\n`, `PRIVATE_KEY ${begun}`]);
});

test('long secrets are covered to their end', () => {
  const long = 'aB3x'.repeat(3000);
  for (const [before, secret] of [
    ['secret: "', long],
    ['Bearer ', long],
    ['', `sk-${long}`],
    ['', `eyJhbGciOiJIUzI1NiJ9.${long}.${long}`],
    ['', `eyJpZCI6MTIzNDU2fQ.${long}`],
    // Its rest is still to come.
    ['', 'eyJhbGciOiJIUzI1NiIsInR5'],
  ] as const)
    assert.deepEqual(found(`see ${before}${secret}" there`), [`SECRET ${secret}`]);
  assert.deepEqual(found('cursor eyJpZCI6MTIzNDU2fQ there'), []);
});

test('words and calls in the place of a password are none, what begins like them is one', () => {
  for (const password of ['truelove99!', 'Yourself#42', 'nullPointer9', 'Stringer99!', 'Abc(123!xyz'])
    assert.deepEqual(found(`password: ${password} .`), [`SECRET ${password}`]);
  for (const none of [
    'your_password',
    'your-api-key-here',
    'null}',
    'getPass("a1")',
    'os.environ["X1"]',
    'foo(bar1, 2)',
  ])
    assert.deepEqual(found(`password: ${none} .`), [], none);
});

test('user and password of an address are covered to its last @', () => {
  assert.deepEqual(found('mongodb://user:p@ss:w0rd@db'), ['URL_CREDENTIALS user:p@ss:w0rd']);
  assert.deepEqual(found('mysql://root:{x}9pw@h'), ['URL_CREDENTIALS root:{x}9pw']);
  assert.deepEqual(found('postgres://app:s3cret@db.example.com/x'), ['URL_CREDENTIALS app:s3cret']);
  for (const secret of ['${PW}', '{{pw}}', 'xxx', '***']) assert.deepEqual(found(`http://u:${secret}@h`), []);
});

test('the rest of what overlaps is covered as well', () => {
  assert.deepEqual(found('secret: 110105 19900307 0017 .'), ['SECRET 110105 19900307 0017']);
  assert.deepEqual(found('token: 622202 1234567890128 .'), ['SECRET 622202 1234567890128']);
});

test('addresses of mail are covered whole, also in other scripts and in URLs', () => {
  for (const address of [
    "o'brien@example.com",
    'john#doe@example.com',
    'user@例え.jp',
    '用户@example.com',
    'john@example。com',
    'john%40example.com',
  ])
    assert.deepEqual(found(`to=${address}, and`), [`EMAIL ${address}`]);
  assert.deepEqual(found("{'to': 'john@example.com'}"), ['EMAIL john@example.com']);
  assert.deepEqual(found('请发到john@example.com。Thanks'), ['EMAIL john@example.com']);
  assert.deepEqual(found('@小明 你好'), []);
});
