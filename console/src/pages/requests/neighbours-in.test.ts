import { expect, it } from 'vitest';

import { neighboursIn } from './neighbours-in.ts';

it('finds who stands beside a trace', () => {
  const ids = ['c', 'b', 'a'];
  expect(neighboursIn(ids, 'b')).toEqual({ earlier: 'a', later: 'c' });
  expect(neighboursIn(ids, 'a')).toEqual({ earlier: undefined, later: 'b' });
  expect(neighboursIn(ids, 'c')).toEqual({ earlier: 'b', later: undefined });
  expect(neighboursIn(ids, 'x')).toEqual({ earlier: undefined, later: undefined });
});
