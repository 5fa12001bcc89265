import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../test/support/fast-check.ts';

import { editDistance, nearest } from './suggest.ts';

describe('suggest', () => {
  it('counts insertions, deletions, replacements and swaps of neighbours', () => {
    assert.equal(editDistance('target', 'target'), 0);
    assert.equal(editDistance('taget', 'target'), 1);
    assert.equal(editDistance('tarrget', 'target'), 1);
    assert.equal(editDistance('torget', 'target'), 1);
    assert.equal(editDistance('tagret', 'target'), 1);
    assert.equal(editDistance('', 'abc'), 3);
  });

  it('law: the distance is symmetric, and 0 only between equal words', () => {
    const word = fc.string({ maxLength: 8 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        assert.equal(editDistance(a, b), editDistance(b, a));
        assert.equal(editDistance(a, b) === 0, a === b);
      }),
    );
  });

  it('finds the nearest word, whatever its case, and none where all are far', () => {
    const keys = ['target', 'timeouts', 'passThroughCredentials'];
    assert.equal(nearest('taregt', keys), 'target');
    assert.equal(nearest('passthroughcredentials', keys), 'passThroughCredentials');
    assert.equal(nearest('timeout', keys), 'timeouts');
    assert.equal(nearest('colour', keys), undefined);
    assert.equal(nearest('x', keys), undefined);
  });
});
