import { describe, expect, test } from 'vitest';

import { keysInUse, seenAs } from './provider-use.ts';

const key = (id: string, hint: string, state: string) => ({ id, hint, weight: 1, state });
const TARGETS = [
  { target: 'openai/gpt-5', keys: [key('aa', '1111', 'usable'), key('bb', '2222', 'limited')] },
  { target: 'openai/gpt-5-mini', keys: [key('aa', '1111', 'refused'), key('bb', '2222', 'usable')] },
  { target: 'openai/gpt-5', keys: [key('aa', '1111', 'usable')] },
  { target: 'claude/opus/4', keys: [key('aa', '1111', 'usable')] },
];

describe('keys in use', () => {
  test('are each provider’s own, once, with all their targets and the worst that is said of them', () => {
    expect(keysInUse(TARGETS).map(({ provider, hint, state, targets }) => [provider, hint, state, targets])).toEqual([
      ['claude', '1111', 'usable', ['claude/opus/4']],
      ['openai', '1111', 'refused', ['openai/gpt-5', 'openai/gpt-5-mini']],
      ['openai', '2222', 'limited', ['openai/gpt-5', 'openai/gpt-5-mini']],
    ]);
  });

  test('are found by what is shown of a stored key', () => {
    const all = keysInUse(TARGETS);
    expect(seenAs(all, { provider: 'openai', hint: 'sk-…2222' })?.state).toBe('limited');
    expect(seenAs(all, { provider: 'claude', hint: '2222' })).toBeUndefined();
  });
});
