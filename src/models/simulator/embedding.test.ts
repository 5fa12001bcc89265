import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';

import { embed } from './embedding.ts';

function similarity(a: string, b: string): number {
  const other = embed(b, 1536);
  return embed(a, 1536).reduce((sum, component, at) => sum + component * (other[at] ?? 0), 0);
}

test('every text has a vector of length 1, and the same text the same one', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 3072 }), (text, dimensions) => {
      const vector = embed(text, dimensions);
      assert.equal(vector.length, dimensions);
      assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-4);
      assert.deepEqual(embed(text, dimensions), vector);
    }),
  );
});

test('similar texts are nearer than others', () => {
  const question = 'How do I reset my password?';
  const near = similarity(question, 'How can I reset the password?');
  const far = similarity(question, 'The harvest of olives begins in October.');
  assert.ok(near > 0.5, `near: ${near}`);
  assert.ok(far < 0.2, `far: ${far}`);
  assert.ok(similarity('怎样重置密码', '怎样重置我的密码') > similarity('怎样重置密码', '橄榄在十月收获'));
});
