import { expect, test } from 'vitest';

import { noCacheWord, noRoutingWord } from './came-far.ts';

const ERROR = { code: 'guard_blocked' };

test('of a request that was refused before anything was asked, nothing is said of cache and routing', () => {
  const refused = { error: ERROR, attempts: [] };
  expect([noCacheWord(refused), noRoutingWord(refused)]).toEqual(['notReached', 'routingNotReached']);
});

test('of one that failed at its target, what is not on its record is not on', () => {
  const failed = { error: ERROR, attempts: [{}] };
  expect([noCacheWord(failed), noRoutingWord(failed)]).toEqual(['none', 'routingNone']);
  expect(noCacheWord({ error: null, attempts: [] })).toBe('none');
});
