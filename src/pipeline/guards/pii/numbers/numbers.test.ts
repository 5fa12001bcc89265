import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../../../test/support/fast-check.ts';
import { piiScanner } from '../scanner.ts';

const scanner = piiScanner({ entities: [], except: [], own: new Map(), region: 'CN', allow: [] });
const found = (text: string): string[] =>
  scanner.scan(text).findings.map(({ category, start, end }) => `${category} ${text.slice(start, end)}`);

const FULL = [
  ['PHONE', '13800138000'],
  ['PHONE', '13900139000'],
  ['RESIDENT_ID', '110105199003070017'],
  ['CARD', '4111111111111111'],
] as const;

test('numbers that are known by themselves are found where a slash or a dash ties them to others', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...FULL),
      fc.constantFrom('/', '-'),
      fc.constantFrom(...FULL),
      (one, between, other) => {
        const expected = [one, other].map(([entity, value]) => `${entity} ${value}`);
        assert.deepEqual(found(`见 ${one[1]}${between}${other[1]}。`), expected);
      },
    ),
  );
  assert.deepEqual(found('Visa 4111111111111111/12/2027'), ['CARD 4111111111111111']);
  for (const none of ['4111-1111-1111-1111-22', '112-1380013-8000138-1']) assert.deepEqual(found(none), [], none);
});

test('a short word or an escape of a URL may stand at once beside a full number', () => {
  const texts = ['Tel13800138000', '微信同号v13800138000', 'tel=13800138000%20name', '%22tel%22%3A%2213800138000%22'];
  for (const text of texts) assert.deepEqual(found(text), ['PHONE 13800138000'], text);
  assert.deepEqual(found('微信v+86 13800138000'), ['PHONE +86 13800138000']);
  assert.deepEqual(found('身份证ID110105199003070017'), ['RESIDENT_ID 110105199003070017']);
  for (const none of [
    'a1b13800138000',
    'abcdefg13800138000',
    '13800138000a',
    '工单A13800138000',
    'x+12025550123',
    '刷卡单SF4291727350440',
  ])
    assert.deepEqual(found(none), [], none);
});

test('digits are one number over points, underscores, cells and lines', () => {
  for (const between of ['_', '·', '・', '\t', '\n', '\r\n']) {
    const number = ['138', '0013', '8000'].join(between);
    assert.deepEqual(found(`see ${number} there`), [`PHONE ${number}`]);
    const id = ['110105', '19900307', '0017'].join(between);
    assert.deepEqual(found(`see ${id} there`), [`RESIDENT_ID ${id}`]);
  }
});

test('rows of numbers are not torn up', () => {
  const row = fc.array(fc.nat({ max: 9998 }), { minLength: 6, maxLength: 12 });
  fc.assert(
    fc.property(row, fc.constantFrom(' ', '\t', '\n'), (numbers, between) => {
      assert.deepEqual(found(numbers.join(between)), []);
    }),
    { numRuns: 500 },
  );
  assert.deepEqual(found('4111 1111 1111 1111 2222 3333'), []);
  assert.deepEqual(found('138 1234 5678 9012 3456'), []);
  const [card, phone] = ['4111 1111 1111 1111', '138 0013 8000'];
  assert.deepEqual(found(`${card} 123`), [`CARD ${card}`]);
  assert.deepEqual(found(`card ${card} 12 2027`), [`CARD ${card}`]);
  assert.deepEqual(found(`${card} ${card}`), [`CARD ${card}`, `CARD ${card}`]);
  assert.deepEqual(found(`${phone} ${phone}`), [`PHONE ${phone}`, `PHONE ${phone}`]);
});

test('words of all days make no telephone number of any number', () => {
  const none = [
    'call setTimeout(fn, 1000000)',
    'text: 1700000000',
    'office 2024 1500',
    'HTTP call took 1234567 ns',
    'rev E10000001',
    'G12345678 is the part number',
    'OID 1.2.3.4',
    '§ 1.2.3.4',
    'digest be2871a09612345f',
  ];
  for (const text of none) assert.deepEqual(found(text), [], text);
  assert.deepEqual(found('call me at 4673395'), ['PHONE 4673395']);
  assert.deepEqual(found('office: 467-3395'), ['PHONE 467-3395']);
  assert.deepEqual(found('合同已签 E12345678'), ['PASSPORT E12345678']);
});

test('on streams a number waits for its extension, and what else has begun is held', () => {
  const begun = [
    '13800138000 转',
    '13800138000x1',
    '13800138000 ext. 12',
    '://u:p,a(ss)w0rd',
    '-----BEGIN RSA PRIVATE KEY-',
  ];
  for (const text of begun) assert.ok(scanner.held(`see ${text}`) >= text.length, text);
});
