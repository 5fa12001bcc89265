import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { MOST_HELD_LOOK } from '../scan/scanner.ts';
import { piiScanner } from './scanner.ts';
import { PII_ENTITIES, type PiiSettings } from './settings.ts';

type Given = Partial<Parameters<typeof piiScanner>[0]>;

const scannerOf = (given: Given = {}) =>
  piiScanner({ entities: [], except: [], own: new Map(), region: 'CN', allow: [], ...given });
const scanner = scannerOf();
const everything = scannerOf({ entities: [...PII_ENTITIES] });

const found = (text: string, by = scanner): string[] =>
  by.scan(text).findings.map(({ category, start, end }) => `${category} ${text.slice(start, end)}`);

/** Each stands by itself, whatever is around it. */
const VALUES: readonly (readonly [entity: string, value: string])[] = [
  ['PHONE', '13812345678'],
  ['PHONE', '138-1234-5678'],
  ['PHONE', '+86 138 1234 5678'],
  ['PHONE', '+44 7700 900123'],
  ['PHONE', '+46 (0)8 928 571 38'],
  ['PHONE', '(602)272-9781'],
  ['PHONE', '010-65529988'],
  ['PHONE', '１３８１２３４５６７８'],
  ['PHONE', '138\u200b1234\u200b5678'],
  ['EMAIL', 'anna.berg+x@mail.example.co.uk'],
  ['RESIDENT_ID', '11010519491231002X'],
  ['RESIDENT_ID', '110105 19491231 002x'],
  ['CARD', '4111111111111111'],
  ['CARD', '4111 1111 1111 1111'],
  ['CARD', '378282246310005'],
  ['IBAN', 'GB29 NWBK 6016 1331 9268 19'],
  ['IBAN', 'DE89370400440532013000'],
  ['SSN', '536-90-4399'],
  ['NATIONAL_ID', 'A123456(3)'],
  ['NATIONAL_ID', 'S1234567D'],
  ['NATIONAL_ID', 'RSSMRA85T10A562S'],
  ['NATIONAL_ID', '111.444.777-35'],
  ['NATIONAL_ID', '2341 2341 2346'],
  ['NATIONAL_ID', '12345678Z'],
  ['NATIONAL_ID', 'AB 12 34 56 C'],
  ['NATIONAL_ID', 'ABCPE1234F'],
  ['PASSPORT', 'E12345678'],
  ['IP', '86.121.97.248'],
  ['IP', '2001:db8:85a3::8a2e:370:7334'],
  ['SECRET', 'sk-proj-abcd1234efgh5678ijkl'],
  ['SECRET', `ghp_${'a1B2'.repeat(9)}`],
  ['SECRET', `AKIA${'A1B2'.repeat(4)}`],
  ['PLATE', '京A12345'],
  ['PLATE', '沪AD12345'],
  ['PLATE', '云A12345'],
  ['PRIVATE_KEY', '-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----'],
];

/** Texts in which nothing is, and that end and begin without a letter or a digit. */
const calm = fc
  .array(
    fc.constantFrom('The report is ready.', '今天天气很好，', 'see page', '；', 'naïve café', '合同已签', 'a, b and c'),
    {
      maxLength: 4,
    },
  )
  .map((words) => words.join(' '));

test('a value is found where it stands, all of it and nothing else', () => {
  fc.assert(
    fc.property(calm, fc.constantFrom(...VALUES), calm, (before, [entity, value], after) => {
      const text = `${before} ${value} ${after}`;
      assert.deepEqual(found(text), [`${entity} ${value}`]);
    }),
    { numRuns: 400 },
  );
});

test('a value within a longer word or number is none', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(
        '13812345678',
        '4111111111111111',
        '110105194912310021',
        '86.121.97.248',
        '京A12345',
        'E12345678',
      ),
      fc.constantFrom('7', 'x', '4k'),
      (value, more) => {
        assert.deepEqual(found(`see ${value}${more} there`), []);
        // A short word may stand at once before a number that is known by itself.
        if (more === 'x') return;
        if (!value.startsWith('京')) assert.deepEqual(found(`see ${more}${value} there`), []);
      },
    ),
  );
});

const DIGITS = Array.from({ length: 10 }, (_none, digit) => String(digit));
const PIECES = '+ - . ( ) @ : / a Z GB29 京A \u200b １ 中 card :// sk-'.split(' ');
const signs = fc.constantFrom(...DIGITS, ...PIECES, ' ', '\n');
const values = fc.constantFrom(...VALUES.map(([, value]) => value));
const wild = fc.oneof(
  fc.array(fc.oneof(values, signs), { maxLength: 6 }).map((parts) => parts.join('')),
  fc.array(signs, { maxLength: 60 }).map((parts) => parts.join('')),
  fc.string(),
);

test('findings are in order, do not overlap, and lie within the text', () => {
  fc.assert(
    fc.property(wild, (text) => {
      let last = 0;
      for (const { start, end, score } of everything.scan(text).findings) {
        assert.ok(start >= last && end > start && end <= text.length);
        assert.ok(score > 0 && score <= 1);
        last = end;
      }
    }),
    { numRuns: 1000 },
  );
});

test('what has begun and has not ended is held back, however a value is cut', () => {
  fc.assert(
    fc.property(calm, fc.constantFrom(...VALUES), fc.nat(), (before, [entity, value], cut) => {
      if (entity === 'PRIVATE_KEY') return;
      const part = value.slice(0, 1 + (cut % value.length));
      assert.ok(scanner.held(`${before} ${part}`.slice(-MOST_HELD_LOOK)) >= part.length);
    }),
    { numRuns: 400 },
  );
});

test('of a sentence that has ended nothing is held back', () => {
  assert.equal(scanner.held('It is done. '), 0);
  assert.equal(scanner.held('今天天气很好'), 0);
});

test('wrong checksums, other numbers, and what nobody owns are left alone', () => {
  const others = [
    '110105194912310021 is none',
    'card 4111111111111112',
    'GB29 NWBK 6016 1331 9268 18',
    '订单号 13812345678 已发货',
    'order 4111111111111111',
    '总价13812345678元',
    'On 2024-05-06 10:11:12 it was 1,138,123.45',
    '127.0.0.1 and 255.255.255.0',
    'version 10.2.3.4',
    'logo@2x.png',
    'git@github.com:org/repo.git',
    'https://example.com/a',
    'std::vector<int> a::b',
    'password: ${PASSWORD}',
    '666-12-3456',
    'Flug E1234 am 12.05.2024',
    '3.14159265358979323846',
  ];
  for (const text of others) assert.deepEqual(found(text), [], text);
});

test('weak forms are found where a word says what they are', () => {
  const named: readonly (readonly [text: string, expected: string])[] = [
    ['Phone: 467 3395', 'PHONE 467 3395'],
    ['身份证 110105491231002', 'RESIDENT_ID 110105491231002'],
    ['my SIN is 130692544', 'NATIONAL_ID 130692544'],
    ['TFN 123 456 782', 'NATIONAL_ID 123 456 782'],
    ['Steuer-ID 86095742719', 'NATIONAL_ID 86095742719'],
    ['マイナンバー 123456789018', 'NATIONAL_ID 123456789018'],
    ['passport no. 536904399', 'PASSPORT 536904399'],
    ["driver's license F162823540116", 'DRIVER_LICENSE F162823540116'],
    ['card 4370097502556', 'CARD 4370097502556'],
    ['the password is hunter2024', 'SECRET hunter2024'],
    ['密码：Abc!2345', 'SECRET Abc!2345'],
    ['postgres://app:s3cret@db/x', 'URL_CREDENTIALS app:s3cret'],
  ];
  for (const [text, expected] of named) assert.deepEqual(found(text), [expected]);
  for (const text of ['467 3395', '130692544', '536904399', '4370097502556']) assert.deepEqual(found(text), []);
});

test('of what overlaps the longer and the surer stays', () => {
  assert.deepEqual(found('13812345678@example.com'), ['EMAIL 13812345678@example.com']);
  assert.deepEqual(found('https://u:13812345678@mail.example.com/'), ['URL_CREDENTIALS u:13812345678']);
});

test('settings say what is looked for, and what is allowed', () => {
  const text = 'write to anna@example.com or 138 1234 5678';
  assert.deepEqual(found(text, scannerOf({ entities: ['EMAIL'] })), ['EMAIL anna@example.com']);
  assert.deepEqual(found(text, scannerOf({ except: ['EMAIL'] })), ['PHONE 138 1234 5678']);
  assert.deepEqual(found(text, scannerOf({ allow: ['Anna@Example.com', '13812345678'] })), []);
  assert.deepEqual(found('0121 496 0018 here'), []);
  assert.deepEqual(found('0121 496 0018 here', scannerOf({ region: 'GB' })), ['PHONE 0121 496 0018']);
});

test('persons and addresses are found where they are asked for', () => {
  assert.deepEqual(found('Dear Mr. Hans Meier, 联系人：李雷', scanner), []);
  assert.deepEqual(found('Dear Mr. Hans Meier, 联系人：李雷', everything), ['PERSON Hans Meier', 'PERSON 李雷']);
  assert.deepEqual(found('住在北京市朝阳区建国路88号3栋502室。', everything), [
    'ADDRESS 北京市朝阳区建国路88号3栋502室',
  ]);
  assert.deepEqual(found('at 12 North Main Street, it', everything), ['ADDRESS 12 North Main Street']);
});

const own = (pattern: string, check: 'none' | 'luhn' = 'none'): PiiSettings['own'] =>
  new Map([['EMPLOYEE', { pattern, check, ignoreCase: true }]]);

test('own kinds are found all over a text, checked, and held back', () => {
  const employees = scannerOf({ own: own('EMP-\\d{6}') });
  const text = `${'x '.repeat(510)}emp-123456 ${'y '.repeat(2000)}EMP-654321`;
  assert.deepEqual(found(text, employees), ['EMPLOYEE emp-123456', 'EMPLOYEE EMP-654321']);
  assert.equal(employees.held('see EMP-12') >= 6, true);
  const members = scannerOf({ own: own('M\\d{4} \\d{4}', 'luhn') });
  assert.deepEqual(found('M1234 5674', members), []);
  const long = `EMP${'1'.repeat(1500)}`;
  assert.deepEqual(found(`${long} ${'y '.repeat(2000)}`, scannerOf({ own: own('EMP1+') })), [`EMPLOYEE ${long}`]);
  assert.deepEqual(found(`${'x'.repeat(1000)}EMP${'1'.repeat(40)} y`, scannerOf({ own: own('EMP1+$') })), []);
  const digits = scannerOf({ own: own('7\\d{3} \\d{4}', 'luhn') });
  assert.deepEqual(found('7992 7398 and 7992 7397', digits), ['EMPLOYEE 7992 7398']);
});

test('no end of a text takes long', () => {
  for (const unit of ['A', 'a', '12 a', '1', '1 ', 'Aa ', '市', '-', 'A1 ', '12 Ab, ', "12 A'", '12 aaaaaaaaaa']) {
    for (const last of ['', '!', '#', '，']) {
      const end = `12 ${unit.repeat(MOST_HELD_LOOK)}${last}`.slice(-MOST_HELD_LOOK);
      const whole = `12 ${end.slice(3)}`;
      const began = process.cpuUsage();
      everything.held(end);
      everything.held(whole);
      const { user } = process.cpuUsage(began);
      assert.ok(user < 50_000, `${unit} ${last}: ${user} µs`);
    }
  }
});

test('no text of 32 KB takes long', () => {
  const size = 32_768;
  const units = [
    '+1234567 ',
    '12 ',
    '1 ',
    '13812345678 ',
    'a@',
    '.a@a-',
    '-eyJ',
    'sk-1',
    'sk-',
    '://',
    '1:',
    'password:',
    'GB29 NWBK 6016 1331 9268 1 ',
    'call 123456 ',
    '4111 1111 1111 1111 ',
    '(1',
    '\u200b1',
    '１',
    '京A1',
    '路',
    '市区',
    'A',
    'Aa ',
    '-----BEGIN PRIVATE KEY-----',
    '12 Main ',
    'bearer 1',
    'eyJ1',
    '①',
    '1\n',
    '4111 ',
    '中@',
  ];
  for (const unit of units) {
    const text = unit.repeat(Math.ceil(size / unit.length)).slice(0, size);
    const began = process.cpuUsage();
    everything.scan(text);
    const { user } = process.cpuUsage(began);
    // Ten times what it takes on a slow machine; what is not linear takes seconds.
    assert.ok(user < 500_000, `${unit}: ${user} µs`);
  }
});
