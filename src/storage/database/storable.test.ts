import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';

import type { Json } from '../../core/json.ts';
import { wholeNumber } from './column-types.ts';
import { storableJson, storableText } from './storable.ts';

describe('storable', () => {
  test('what jsonb takes is not touched', () => {
    const value = { text: 'a\\u0000b', emoji: '😀', 'key\n': [null, true, 1e21, 'ä'] };
    assert.equal(storableJson(value), JSON.stringify(value));
  });

  test('no text holds NUL or half a pair, at any depth', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\\', 'u0000', '\0', '\ud83d', '\ude00') });
    const { value } = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof({ maxDepth: 3 }, text, fc.array(tie('value')), fc.dictionary(text, tie('value'))),
    }));
    fc.assert(
      fc.property(value, (json) => {
        const stored = storableJson(json);
        // Escaped backslashes apart, no escape of what is refused may be left.
        assert.doesNotMatch(stored.replaceAll('\\\\', ''), /\\u(?:0000|d[89a-f])/);
        JSON.parse(stored);
      }),
    );
    fc.assert(fc.property(text, (given) => !storableText(given).includes('\0') && storableText(given).isWellFormed()));
  });

  test('whole numbers are exact or refused', () => {
    assert.equal(wholeNumber('9007199254740991'), Number.MAX_SAFE_INTEGER);
    assert.equal(wholeNumber(12n), 12);
    for (const bad of ['9007199254740992', '1.5', 'x']) assert.throws(() => wholeNumber(bad), RangeError);
  });
});
