import { expect, test } from 'vitest';

import { actionsOf, movedRequests, shareAfter } from './canary-actions.ts';

const canary = { steps: [5, 25, 50], step: 1, share_percent: 25 };

test('an action leads to a share', () => {
  expect(shareAfter('advance', canary)).toBe(50);
  expect(shareAfter('advance', { ...canary, step: 2, share_percent: 50 })).toBe(100);
  expect(shareAfter('promote', canary)).toBe(100);
  expect(shareAfter('rollback', canary)).toBe(0);
  expect(shareAfter('restart', canary)).toBe(5);
  expect(shareAfter('pause', canary)).toBe(25);
});

test('what is over can be begun again, and only what was promoted can be taken back', () => {
  expect(actionsOf('promoted')).toEqual(['rollback', 'restart']);
  expect(actionsOf('rolled_back')).toEqual(['restart']);
  expect(actionsOf('running')).not.toContain('resume');
  expect(actionsOf('something new')).toEqual([]);
});

test('what an action moves is the difference', () => {
  expect(movedRequests(200, 25, 0)).toBe(50);
  expect(movedRequests(200, 25, 100)).toBe(150);
});
