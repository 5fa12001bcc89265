import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';

import * as fc from '../../test/support/fast-check.ts';
import { TextDigests } from './text-digests.ts';

const text = fc.tuple(fc.nat({ max: 3 }), fc.constantFrom('a', 'é', '中')).map(([more, letter]) => {
  return letter.repeat(8191 + more);
});

test('a digest is that of its text, whoever works it out and in whatever order', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(text, fc.boolean()), { maxLength: 200 }), (steps) => {
      const digests = new TextDigests();
      const noted = new Set<string>();
      for (const [one, isNoted] of steps) {
        if (isNoted && digests.lacks(one)) {
          digests.note(one, hash('sha256', one));
          noted.add(one);
        }
        assert.equal(digests.of(one), hash('sha256', one));
        assert.equal(digests.lacks(one), one.length > 8192 && !noted.has(one));
      }
    }),
    { numRuns: 30 },
  );
});

test('no more are kept than can be looked through', () => {
  const digests = new TextDigests();
  for (let at = 0; at < 1000; at += 1) digests.note('x'.repeat(9000 + at), `${at}`);
  assert.equal(digests.of('x'.repeat(9000)), '0');
  assert.equal(digests.of('x'.repeat(9999)), hash('sha256', 'x'.repeat(9999)));
});
