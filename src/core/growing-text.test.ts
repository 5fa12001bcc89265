import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../test/support/fast-check.ts';
import { GrowingText } from './growing-text.ts';

test('a text is its pieces, also where a pair is cut in two', () => {
  const piece = fc.oneof(
    fc.string({ maxLength: 40, unit: 'binary' }),
    fc.constantFrom('', '\u{D83D}', '\u{DE00}', '\u{D800}\u{D800}'),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const growing = new GrowingText();
      for (const one of pieces) growing.add(one);
      assert.equal(growing.text, pieces.join(''));
    }),
  );
});
