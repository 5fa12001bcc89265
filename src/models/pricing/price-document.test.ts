import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { PriceDocumentError, readPriceDocument } from './price-document.ts';
import { listPrices } from './price-list.ts';
import { LIST_PRICES } from './list-prices.ts';

const TODAY = '2026-11-21';
const ROW = {
  family: 'openai',
  model: 'gpt-9',
  from: '2026-12-01',
  source: 'https://example.com',
  input: 1,
  output: 2,
};

function faultsOf(document: unknown): readonly string[] {
  try {
    readPriceDocument(document, TODAY);
  } catch (thrown) {
    assert.ok(thrown instanceof PriceDocumentError);
    return thrown.faults.map(({ key, message }) => `${key}: ${message}`);
  }
  return [];
}

describe('documents of prices', () => {
  test('a row is read, and what was not checked before is of today', () => {
    assert.deepEqual(readPriceDocument({ prices: [ROW] }, TODAY).rows, [{ ...ROW, checked: TODAY }]);
  });

  test('what is listed can be fed back, but for what causeway.yaml says', () => {
    const listed = listPrices({ 'local/qwen': { input: 1, output: 1 } }, [], Date.parse(TODAY), { all: true });
    const { rows, fromConfig } = readPriceDocument(JSON.parse(JSON.stringify({ prices: listed })), TODAY);
    assert.equal(fromConfig, 1);
    assert.deepEqual(new Set(rows), new Set(LIST_PRICES));
  });

  const WRONG: readonly (readonly [what: string, document: unknown, says: RegExp])[] = [
    ['no document', [ROW], /: the document is not \{ "prices": \[ … \] \}/],
    ['no row', { prices: [5] }, /^prices\[0\]: must be object/],
    ['a missing day', { prices: [ROW, { ...ROW, from: undefined }] }, /^prices\[1\]\.from/],
    ['no such day', { prices: [{ ...ROW, from: '2026-02-30' }] }, /^prices\[0\]\.from: not a day/],
    ['a text for a number', { prices: [{ ...ROW, input: '1' }] }, /^prices\[0\]\.input: must be number/],
    ['a negative rate', { prices: [{ ...ROW, output: -1 }] }, /^prices\[0\]\.output: must be >= 0/],
    ['an unknown key', { prices: [{ ...ROW, outptu: 1 }] }, /^prices\[0\]\.outptu: unknown key/],
    ['no rate', { prices: [{ ...ROW, output: undefined }] }, /^prices\[0\]\.output/],
    [
      'a variant of nothing',
      { prices: [{ ...ROW, variants: [{ when: {} }] }] },
      /^prices\[0\]\.variants\[0\]\.when: says/,
    ],
    [
      'a variant for nothing',
      { prices: [{ ...ROW, variants: [{ input: 1 }] }] },
      /^prices\[0\]\.variants\[0\]\.when: says/,
    ],
    ['a line break', { prices: [{ ...ROW, source: 'a\nb' }] }, /^prices\[0\]\.source: not one line/],
    ['a NUL', { prices: [{ ...ROW, model: 'a\0' }] }, /^prices\[0\]\.model/],
    [
      'the same row twice',
      { prices: [ROW, ROW] },
      /^prices\[1\]: openai\/gpt-9@2026-12-01 stands at prices\[0\] already/,
    ],
  ];
  for (const [what, document, says] of WRONG) {
    test(`${what} is named`, () => assert.match(faultsOf(document)[0] ?? '', says));
  }

  test('faults without end are told in part', () => {
    assert.equal(faultsOf({ prices: Array.from({ length: 1000 }, () => 1) }).length, 20);
  });
});

describe('listed prices', () => {
  const stored = [
    { ...ROW, checked: TODAY },
    { ...ROW, from: '2027-01-01', input: 3, checked: TODAY },
    { ...ROW, model: 'gpt-5', from: TODAY, checked: TODAY },
  ];
  const shown = (at: string, all = false) =>
    listPrices({ 'openai/gpt-9': { input: 0, output: 0 } }, stored, Date.parse(at), { family: 'openai', all })
      .filter(({ model }) => model === 'gpt-9' || model === 'gpt-5')
      .map(({ model, from, origin, inForce }) => [model, from, origin, inForce]);

  test('of two rows of one day the stored one holds, and later ones not yet', () => {
    assert.deepEqual(shown('2026-12-31'), [
      ['gpt-5', TODAY, 'stored', true],
      ['gpt-9', undefined, 'config', true],
      ['gpt-9', '2026-12-01', 'stored', true],
    ]);
    assert.deepEqual(shown('2027-01-01', true), [
      ['gpt-5', TODAY, 'stored', true],
      ['gpt-5', TODAY, 'list', false],
      ['gpt-9', undefined, 'config', true],
      ['gpt-9', '2027-01-01', 'stored', true],
      ['gpt-9', '2026-12-01', 'stored', false],
    ]);
  });
});
