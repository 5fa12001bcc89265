import { describe, expect, test } from 'vitest';

import { type Piece, causeOf, differing, expectedRate } from './prompt-words.ts';

/** What differs stands in brackets. */
const shown = (pieces: readonly Piece[]): string =>
  pieces.map(({ text, differs }) => (differs ? `[${text}]` : text)).join('');
const compared = (first: string, second: string): string[] => {
  const { earlier, later } = differing(first, second);
  return [shown(earlier), shown(later)];
};

describe('two texts', () => {
  test('differ between what they begin and end with alike', () => {
    expect(compared('at 10:00:03 UTC', 'at 10:00:04 UTC')).toEqual(['at 10:00:0[3] UTC', 'at 10:00:0[4] UTC']);
  });

  test('may have nothing in common, or one may be all of the other', () => {
    expect(compared('a', 'b')).toEqual(['[a]', '[b]']);
    expect(compared('aa', 'aaa')).toEqual(['aa', 'aa[a]']);
    expect(compared('', 'x')).toEqual(['', '[x]']);
  });

  test('are never cut within a sign', () => {
    expect(compared('😀', '😁')).toEqual(['[😀]', '[😁]']);
  });
});

test('what could have been read is what was and what was lost', () => {
  expect(expectedRate({ input_tokens_24h: 100, cached_tokens_24h: 60, lost_tokens_24h: 30 })).toBe(0.9);
  expect(expectedRate({ input_tokens_24h: 0, cached_tokens_24h: 0, lost_tokens_24h: 0 })).toBeNull();
});

test('a cause that is not known is left as it is written', () => {
  expect([causeOf('changed'), causeOf('unheard-of')]).toEqual(['changed', undefined]);
});
