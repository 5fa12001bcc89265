import { expect, it } from 'vitest';

import { diffLines } from './diff.ts';
import { folded } from './folded.ts';

it('shows differences with what is around them, and how much else there is', () => {
  const left = Array.from({ length: 20 }, (_, at) => `line ${at}`);
  const lines = diffLines(left.join('\n'), left.with(10, 'other').join('\n'));
  expect(folded(lines).map((line) => (line.kind === 'fold' ? line.count : line.kind))).toEqual([
    8,
    'same',
    'same',
    'changed',
    'same',
    'same',
    7,
  ]);
});
