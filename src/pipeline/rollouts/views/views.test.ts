import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { configOf } from '../../../../test/support/config-of.ts';
import type { JudgeOutcome } from '../judge/judge-desk.ts';
import { judgeView } from './judge-view.ts';
import { commonView } from './rollout-view.ts';

describe('a judge, as it is shown,', () => {
  const judge = { target: { provider: 'sim', model: 'echo' }, sample: 0.1 };
  const shown = (counts: Partial<Record<JudgeOutcome, number>>) =>
    judgeView(judge, new Map(Object.entries(counts) as [JudgeOutcome, number][]));

  test('that never gives a score is known by it, and why', () => {
    assert.deepEqual(shown({ no_text: 4, unclear: 21 }), {
      target: 'sim/echo',
      sample: 0.1,
      rubric: null,
      outcomes: { no_text: 4, unclear: 21 },
      problem:
        'none of the 25 answers that it was to see has a score: 21 unclear (the judge gave no clear number, or did not answer), 4 no_text (more than text, or none)',
    });
  });

  test('has no problem where it saw little, or gave one score', () => {
    assert.equal(shown({ unclear: 19 })?.problem, null);
    assert.equal(shown({ unclear: 19, scored: 1 })?.problem, null);
    assert.equal(judgeView(undefined, new Map()), null);
  });
});

describe('a definition of the file', () => {
  test('is shown as it was read', () => {
    const text = `models: { chat: { target: sim/echo } }
experiments:
  e:
    model: chat
    arms:
      a: {}
      b: { weight: 2, set: { route: { by: weight, targets: [{ target: sim/echo }, { target: sim/small, weight: 3 }] } } }
canaries:
  new: { model: chat, enabled: false, set: { target: sim/small }, each: { requests: 200, time: 1m } }
`;
    const { experiments, canaries } = configOf(text);
    const common = { origin: 'file', written: undefined, problem: undefined, state: null, stateVersion: 0 } as const;
    const times = { createdAt: undefined, updatedAt: undefined };
    const e = { ...common, ...times, kind: 'experiment', id: 'e', definition: experiments.get('e') } as const;
    const targets = [
      { target: 'sim/echo', weight: 1, tiers: [] },
      { target: 'sim/small', weight: 3, tiers: [] },
    ];
    assert.deepEqual(commonView(e).definition, {
      model: 'chat',
      enabled: true,
      by: 'user',
      share: 1,
      goal: 'feedback',
      margin: 0.02,
      confidence: 0.95,
      arms: {
        a: { weight: 1 },
        b: { weight: 2, set: { route: { by: 'weight', targets, rules: [], sticky: 'none' } } },
      },
    });
    const shown = commonView({ ...e, kind: 'canary', id: 'new', definition: canaries.get('new') });
    assert.deepEqual(shown.definition, {
      model: 'chat',
      enabled: false,
      by: 'user',
      confidence: 0.95,
      set: { target: 'sim/small' },
      each: { requests: 200, time: 60_000 },
    });
    const sent = { model: 'chat', enabled: true };
    assert.equal(commonView({ ...e, origin: 'admin', written: sent }).definition, sent);
  });
});
