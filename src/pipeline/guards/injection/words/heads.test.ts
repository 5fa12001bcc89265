import assert from 'node:assert/strict';
import { it } from 'node:test';

import * as fc from '../../../../../test/support/fast-check.ts';
import { RULE_INDEX } from '../signs/all.ts';
import { FLAGS, HAS_RULES, headOf, rulesOfHead, stateOfHead } from './heads.ts';
import { beginText, mayMatch } from './word-walk.ts';

const KEYS = [...RULE_INDEX.keys()].filter((key) => key > 0);

it('knows the rules of each word that they begin with, and no rules of any other', () => {
  for (const key of KEYS) {
    const head = headOf(key);
    assert.ok(head & HAS_RULES);
    assert.deepEqual(rulesOfHead(head >> FLAGS), RULE_INDEX.get(key));
  }
  const others = fc.integer({ min: 48, max: 2 ** 28 - 1 }).filter((key) => !RULE_INDEX.has(key));
  fc.assert(fc.property(others, (key) => (headOf(key) & HAS_RULES) === 0));
});

function walked(head: number, keys: readonly number[]): boolean {
  const all = Int32Array.of(head, ...keys);
  let may = true;
  // Little is worked out for one text, and what is not known is tried.
  for (let round = 0; round < 4; round += 1) {
    beginText();
    may = mayMatch(stateOfHead(headOf(head) >> FLAGS), all, 0, all.length);
  }
  return may;
}

it('says the same of the same words, however many others were walked between', () => {
  const key = fc.oneof(fc.constantFrom(...KEYS), fc.integer({ min: 48, max: 2 ** 28 - 1 }));
  const texts = fc.array(fc.array(key, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 20 });
  const first = fc.constantFrom(...KEYS);
  fc.assert(
    fc.property(first, texts, (head, all) => {
      const before = all.map((keys) => walked(head, keys));
      // So many that others take the places of these.
      for (let other = 0; other < 200; other += 1) walked(KEYS[other % KEYS.length] ?? 48, [other * 7919 + 48]);
      assert.deepEqual(
        all.map((keys) => walked(head, keys)),
        before,
      );
    }),
    { numRuns: 50 },
  );
});
