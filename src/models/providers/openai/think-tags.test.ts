import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';

import { ThinkTags } from './think-tags.ts';

function read(...texts: string[]): { thought: string; said: string } {
  const tags = new ThinkTags();
  const pieces = [...texts.flatMap((text) => tags.read(text)), ...tags.end()];
  const joined = (thinks: boolean): string =>
    pieces.flatMap((piece) => (piece.thinks === thinks ? [piece.text] : [])).join('');
  return { thought: joined(true), said: joined(false) };
}

describe('texts with tags around the reasoning', () => {
  it('are taken apart at the beginning, and nowhere else', () => {
    const cases: [string, string, string][] = [
      ['<think>\nhm\n</think>\n\nHello', 'hm\n', 'Hello'],
      [' \n<think>hm</think>Hello', 'hm', 'Hello'],
      ['<think></think>Hello', '', 'Hello'],
      ['<think>never closed', 'never closed', ''],
      ['Hello <think>x</think>', '', 'Hello <think>x</think>'],
      ['<thinking> is a tag', '', '<thinking> is a tag'],
      ['<think>a</think>b</think>', 'a', 'b</think>'],
      ['<thi', '', '<thi'],
      ['', '', ''],
    ];
    for (const [text, thought, said] of cases) assert.deepEqual(read(text), { thought, said }, text);
  });

  it('law: say the same however they are cut', () => {
    const piece = fc.constantFrom('<think>', '</think>', '<', '/', 'think', '>', '\n', ' ', 'word');
    const cut = fc.array(piece, { maxLength: 12 }).chain((pieces) => {
      const text = pieces.join('');
      const points = fc.array(fc.nat(text.length), { maxLength: 5 }).map((all) => all.toSorted((a, b) => a - b));
      return fc.tuple(fc.constant(text), points);
    });
    fc.assert(
      fc.property(cut, ([text, points]) => {
        const ends = [...points, text.length];
        const parts = ends.map((end, at) => text.slice(ends[at - 1] ?? 0, end));
        assert.deepEqual(read(...parts), read(text));
      }),
      { numRuns: 1000 },
    );
  });
});
