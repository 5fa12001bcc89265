import assert from 'node:assert/strict';
import { it } from 'node:test';

import * as fc from '../../../../../test/support/fast-check.ts';
import { type ContextKind, ContextWords } from './context-words.ts';

const SOME: readonly (readonly [word: string, kind: ContextKind])[] = [
  ['tél', 'phone'],
  ['teléfono', 'phone'],
  ['messages to', 'phone'],
  ['电话', 'phone'],
  ['cc', 'card'],
  ['id card', 'id'],
  ['ni number', 'nino'],
  ['sécurité sociale', 'nir'],
  ['no passports', 'passport'],
  ['§', 'release'],
  ['आधार', 'aadhaar'],
];

it('words say what a number is, in whatever letters and behind whatever', () => {
  const others = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !/\p{L}$/u.test(text));
  fc.assert(
    fc.property(fc.constantFrom(...SOME), fc.boolean(), others, ([word, kind], isLarge, before) => {
      const said = `${before} ${isLarge ? word.toUpperCase() : word} `;
      assert.ok(new ContextWords(`${said}12345`).near(kind, said.length, said.length + 5), said);
    }),
    { numRuns: 500 },
  );
  const within = 'telx xtel accord orders1';
  assert.equal(new ContextWords(`${within} 12345`).near('phone', within.length + 1, within.length + 6), false);
});
