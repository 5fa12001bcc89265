import { describe, expect, it } from 'vitest';

import { type DiffLine, diffLines } from './diff.ts';

const side = (lines: readonly DiffLine[], name: 'left' | 'right'): string =>
  lines.flatMap((line) => (line[name] ? [line[name].map(({ text }) => text).join('')] : [])).join('\n');

const many = (word: string): string => Array.from({ length: 10_000 }, (_, at) => `${word} ${at}`).join('\n');

describe('diffLines', () => {
  it('finds what is the same around what changed', () => {
    const lines = diffLines('a\nb\nc', 'a\nc\nd');
    expect(lines.map(({ kind, left, right }) => [kind, left?.[0]?.text, right?.[0]?.text])).toEqual([
      ['same', 'a', 'a'],
      ['changed', 'b', undefined],
      ['same', 'c', 'c'],
      ['changed', undefined, 'd'],
    ]);
  });

  it('tells which words of a line differ', () => {
    expect(diffLines('the red cat', 'the blue cat')).toEqual([
      {
        kind: 'changed',
        left: [
          { kind: 'same', text: 'the ' },
          { kind: 'gone', text: 'red' },
          { kind: 'same', text: ' cat' },
        ],
        right: [
          { kind: 'same', text: 'the ' },
          { kind: 'new', text: 'blue' },
          { kind: 'same', text: ' cat' },
        ],
      },
    ]);
  });

  it('tells Chinese apart sign by sign', () => {
    const [line] = diffLines('退款要三天', '退款要五天');
    expect(line?.left?.filter(({ kind }) => kind === 'gone')).toEqual([{ kind: 'gone', text: '三' }]);
  });

  it('loses and adds nothing', () => {
    let seed = 7;
    const next = (most: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % most;
    };
    const text = (): string => Array.from({ length: next(12) + 1 }, () => 'ab \nc'.charAt(next(5))).join('');
    for (let turn = 0; turn < 500; turn += 1) {
      const [left, right] = [text(), text()];
      const lines = diffLines(left, right);
      expect(side(lines, 'left')).toBe(left);
      expect(side(lines, 'right')).toBe(right);
      if (left === right) expect(lines.every(({ kind }) => kind === 'same')).toBe(true);
    }
  });

  it('does not hold up the page over texts of ten thousand lines', () => {
    const lines = diffLines(many('left'), many('right'));
    expect(lines).toHaveLength(10_000);
  });
});
