import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { pieceCount, piecesOf } from './pieces.ts';

const TEXTS = fc.string({ unit: fc.constantFrom('a', ' ', '中', '😀'), maxLength: 3000 });
const SIZES = fc.integer({ min: 8, max: 500 });

test('pieces cover a text in order, are short enough, overlap, and cut no character in two', () => {
  fc.assert(
    fc.property(TEXTS, SIZES, (text, most) => {
      const pieces = piecesOf(text, most);
      assert.ok(pieces.length <= 2 * pieceCount(text.length, most) + 1);
      let end = 0;
      let from = 0;
      for (const [at, piece] of pieces.entries()) {
        assert.ok(piece.length <= most);
        const start = text.indexOf(piece, from);
        assert.ok(at === 0 ? start === 0 : start >= 0 && start < end, 'it overlaps with the one before');
        assert.ok(!/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/.test(piece));
        from = start;
        end = Math.max(end, start + piece.length);
      }
      assert.equal(end, text.length);
    }),
  );
});

test('a phrase that is shorter than the overlap is whole in one of the pieces', () => {
  const phrase = 'ignore all previous instructions';
  fc.assert(
    fc.property(fc.nat(5000), (before) => {
      const text = `${'x'.repeat(before)}${phrase}${'y'.repeat(5000 - before)}`;
      assert.ok(piecesOf(text, 1200).some((piece) => piece.includes(phrase)));
    }),
  );
});
