import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FakeClock } from '../../../../test/support/fake-clock.ts';
import { USUAL_POLICY } from './policy.ts';
import { TargetStates } from './target-state.ts';

test('a target has one state for all policies of the same rules, and another one for other rules', () => {
  const clock = new FakeClock();
  const states = new TargetStates({ clock, scheduler: clock });
  const usual = states.of('a/m', USUAL_POLICY);
  assert.equal(states.of('a/m', USUAL_POLICY), usual);
  assert.equal(states.of('a/m', { ...USUAL_POLICY, retries: { ...USUAL_POLICY.retries, max: 7 } }), usual);
  const other = states.of('b/m', USUAL_POLICY);
  assert.notEqual(other, usual);
  const stricter = states.of('a/m', { ...USUAL_POLICY, queue: { ...USUAL_POLICY.queue, concurrency: 1 } });
  assert.notEqual(stricter, usual);
  assert.deepEqual(
    [...states.all].toSorted((a, b) => a.target.localeCompare(b.target)),
    [usual, stricter, other],
  );
});
