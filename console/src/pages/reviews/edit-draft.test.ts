import { describe, expect, it } from 'vitest';

import { isChanged, pretty, problemOf } from './edit-draft.ts';

describe('a request that is edited', () => {
  const before = pretty({ messages: [{ role: 'user', content: 'one' }] });

  it('is not changed by white space', () => {
    expect(isChanged(before, JSON.stringify(JSON.parse(before)), true)).toBe(false);
    expect(isChanged(before, before.replace('one', 'two'), true)).toBe(true);
  });

  it('is no change while it is no JSON', () => {
    expect(isChanged(before, '{', true)).toBe(false);
    expect(problemOf('{')).toBeTypeOf('string');
    expect(problemOf('[]')).toBeTypeOf('string');
    expect(problemOf(before)).toBeUndefined();
  });
});

describe('an answer that is edited', () => {
  it('is changed by anything', () => {
    expect(isChanged('a', 'a ', false)).toBe(true);
    expect(isChanged('a', 'a', false)).toBe(false);
  });
});
