import { describe, expect, test } from 'vitest';

import { canaryRow, experimentRow, flagRow, urgencyOf } from './rollout-rows.ts';
import type { Canary, Experiment, Flag } from './wire.ts';

const common = { id: 'new', origin: 'admin', model: 'chat', enabled: true, in_force: true, problem: null };

describe('a row of what is tried', () => {
  test('of a canary has its share as a part', () => {
    const canary = { ...common, status: 'holding', share_percent: 25, reason: 'not clear' } as Canary;
    expect(canaryRow(canary)).toMatchObject({ state: 'holding', share: 0.25, verdict: 'not clear' });
    expect(canaryRow({ ...canary, enabled: false }).state).toBe('off');
    expect(canaryRow({ ...canary, problem: 'its model is gone' })).toMatchObject({
      state: 'problem',
      verdict: 'its model is gone',
    });
  });

  test('of a definition that cannot be read any more has no figures', () => {
    const row = canaryRow({ ...common, model: null, enabled: false, problem: 'unreadable' } as Canary);
    expect(row).toMatchObject({ state: 'problem', share: null, verdict: 'unreadable' });
    expect(experimentRow({ ...common, problem: 'unreadable' } as Experiment).share).toBeNull();
  });

  test('of an experiment has its verdict, and of a flag whether it is on', () => {
    const verdict = { state: 'better', text: 'b is better' };
    expect(experimentRow({ ...common, share: 0.5, verdict } as Experiment)).toMatchObject({
      state: 'better',
      verdict: 'b is better',
    });
    expect(flagRow({ ...common, share: 0.1 } as Flag).state).toBe('on');
  });

  test('comes first where a person has to decide', () => {
    const states = ['running', 'better', 'holding', 'problem'] as const;
    expect(states.toSorted((a, b) => urgencyOf({ state: a }) - urgencyOf({ state: b }))).toEqual([
      'problem',
      'holding',
      'better',
      'running',
    ]);
  });
});
