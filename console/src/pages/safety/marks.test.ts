import { describe, expect, it } from 'vitest';

import { foundByText, markedPieces, textAtPointer } from './marks.ts';
import type { Found } from './wire.ts';

const found = (start: number, end: number, text: string, more: Partial<Found> = {}): Found => {
  const usual = { policy: 'p', guard: 'pii', place: 'input', path: '', category: 'email', score: 1, counts: true };
  return { ...usual, start, end, text, ...more };
};

describe('a marked text', () => {
  it('is whole again when its pieces are joined', () => {
    const pieces = markedPieces('write to a@b.cn now', [found(9, 15, 'a@b.cn')]);
    expect(pieces.map(({ text }) => text)).toEqual(['write to ', 'a@b.cn', ' now']);
    expect(pieces.map((piece) => piece.found.length)).toEqual([0, 1, 0]);
  });

  it('shows both where two overlap', () => {
    const pieces = markedPieces('abcdef', [found(0, 4, 'abcd'), found(2, 6, 'cdef')]);
    expect(pieces.map(({ text, found: own }) => [text, own.length])).toEqual([
      ['ab', 1],
      ['cd', 2],
      ['ef', 1],
    ]);
  });

  it('has no mark where something else stands', () => {
    expect(markedPieces('abc', [found(0, 2, 'xy'), found(1, 9, 'bc')])).toEqual([{ text: 'abc', found: [] }]);
  });

  it('is marked where what was found is longer than what is shown of it', () => {
    expect(markedPieces('aaaa', [found(0, 4, 'aa')])[0]?.found.length).toBe(1);
  });
});

describe('texts of a request', () => {
  const body = { messages: [{ content: 'one' }, { content: [{ text: 'two' }] }], 'a/b': { '~': 'odd' } };

  it('are found by their pointers', () => {
    expect(textAtPointer(body, '/messages/1/content/0/text')).toBe('two');
    expect(textAtPointer(body, '/a~1b/~0')).toBe('odd');
    expect(textAtPointer(body, '/messages/7/content')).toBeUndefined();
    expect(textAtPointer(body, '/messages')).toBeUndefined();
  });

  it('have what was found in them by text', () => {
    const all = [found(0, 1, 'o', { path: '/messages/0/content' }), found(1, 2, 'n', { path: '/messages/0/content' })];
    const texts = foundByText([...all, found(0, 1, 'x', { path: '/gone' })], (path) => textAtPointer(body, path));
    expect(texts.map(({ text, found: own }) => [text, own.length])).toEqual([
      ['one', 2],
      [undefined, 1],
    ]);
  });
});
