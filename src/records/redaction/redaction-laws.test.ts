import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import { mayHoldNumbers, redactNumbers, redactWholeNumber } from './number-runs.ts';
import { redactTexts } from './redact-texts.ts';

const CARDS = ['4111111111111111', '4111 1111 1111 1111', '5555-5555-5555-4444', '378282246310005', '6200000000000005'];
const OTHERS = [
  'ann.lee@example.com',
  '+86 138 1234 5678',
  '13812345678',
  '11010519491231002X',
  '110101199003070118',
  '078-05-1120',
  'DE89 3704 0044 0532 0130 00',
  'sk-proj-abcdefghijklmnopqrstuvwx',
  'cw-abcdefghijklmnopqrstuvwxyz012345',
  'Bearer abcdefghijklmnop',
  'password: hunter2hunter2',
  '密码：hunter2hunter2',
];
const planted = fc.constantFrom(...CARDS, ...OTHERS);
/** What must not be left of it. */
const coreOf = (item: string): string => item.replace(/^(?:sk-|cw-|Bearer |password: |密码：)/, '');

/** Text that no word or number at its end runs on from. */
const before = fc.string({ unit: 'binary', maxLength: 40 }).map((text) => `${text} `);
const after = fc.string({ unit: 'binary', maxLength: 40 }).map((text) => ` ${text.replace(/^[\s\d()+.-]+/, '')}`);
const text = fc.tuple(before, planted, after).map(([left, item, right]) => ({ item, text: left + item + right }));

const { tree: anyTree } = fc.letrec<{ tree: unknown; leaf: unknown }>((tie) => ({
  leaf: fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.integer(),
    fc.double({ noNaN: true }),
    fc.boolean(),
    fc.constant(null),
  ),
  tree: fc.oneof(
    { depthSize: 'small' },
    tie('leaf'),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(fc.string({ unit: 'binary' }), tie('tree'), { maxKeys: 4 }),
  ),
}));

/** Every way in which the same JSON can be written. */
const written = (value: unknown, way: number): string => {
  const plain = JSON.stringify(value, undefined, way === 1 ? 2 : 0);
  if (way !== 2) return plain;
  return plain.replaceAll(/[^\x20-\x7E]|[@%]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
};
const way = fc.integer({ min: 0, max: 2 });

function lacks(clean: string, item: string): void {
  assert.ok(!clean.includes(coreOf(item)), clean);
}

test('promise 12: what is planted anywhere in a text is gone', () => {
  fc.assert(fc.property(text, (one) => lacks(redactTexts(one.text), one.item)));
});

test('promise 12: what is planted anywhere in JSON is gone, and it is JSON with the same members', () => {
  fc.assert(
    fc.property(anyTree, text, fc.integer({ min: 0, max: 3 }), way, (tree, one, place, writing) => {
      const number = /^\d{11,18}$/.test(one.item) ? Number(one.item) : one.text;
      const holder = [
        { a: tree, b: one.text },
        [tree, { deep: [one.text, tree] }],
        { arguments: JSON.stringify({ said: one.text, tree }) },
        { n: Number.isSafeInteger(number) ? number : one.text, tree },
      ][place];
      const clean = redactTexts(written(holder, writing));
      lacks(clean, one.item);
      const parsed = JSON.parse(clean) as object;
      lacks(JSON.stringify(parsed), one.item);
      assert.deepEqual(Object.keys(parsed), Object.keys(holder ?? {}));
    }),
  );
});

test('promise 12: of JSON that is cut, too', () => {
  fc.assert(
    fc.property(anyTree, text, fc.nat(), way, (tree, one, cut, writing) => {
      const whole = written({ a: one.text, b: tree }, writing);
      const least = written({ a: one.text }, writing).length;
      lacks(redactTexts(whole.slice(0, least + (cut % whole.length))), one.item);
    }),
  );
});

test('JSON stays JSON, and what was cleaned stays as it is', () => {
  fc.assert(
    fc.property(fc.oneof(anyTree, fc.array(text.map((one) => one.text))), way, (tree, writing) => {
      const clean = redactTexts(written(tree, writing));
      assert.doesNotThrow(() => JSON.parse(clean) as unknown);
      assert.equal(redactTexts(clean), clean);
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(planted, fc.string({ maxLength: 6 })), { maxLength: 8 }), (pieces) => {
      const clean = redactTexts(pieces.join(''));
      assert.equal(redactTexts(clean), clean);
    }),
  );
});

test('what holds nothing of the kind stays as it is, byte by byte', () => {
  const word = fc.constantFrom(
    'the',
    'model',
    'said',
    '你好',
    '"quoted"',
    '12',
    '3.5',
    'a_b',
    '\\',
    '\n',
    '{',
    ']',
    ':',
  );
  const plain = fc.array(word, { maxLength: 30 }).map((words) => words.join(' '));
  fc.assert(
    fc.property(plain, way, (said, writing) => {
      assert.equal(redactTexts(said), said);
      const json = written({ role: 'user', content: [said, { n: 1.5, s: said }] }, writing);
      assert.equal(redactTexts(json), json);
    }),
  );
});

test('where the look at a text finds no number to be redacted, there is none, in JSON neither', () => {
  const piece = fc.oneof(
    fc.constantFrom(' ', '-', '+', '(', ')', '.', 'X', 'a', ':', ',', '"', '\u00a0', '\u2011', '+1', '(415) 555-'),
    fc.stringMatching(/^\d{1,11}$/),
    fc.constantFrom(...CARDS, '+86 138 1234 5678', '078-05-1120', '415-555-2671', '010-65529988', '+493012345'),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const whole = pieces.join('');
      if (mayHoldNumbers(whole)) return;
      assert.equal(redactNumbers(whole), whole);
      for (const digits of whole.match(/\d+/g) ?? []) assert.equal(redactWholeNumber(digits), digits);
    }),
    { numRuns: 5000 },
  );
});
