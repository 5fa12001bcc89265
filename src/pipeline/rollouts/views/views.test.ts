import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { configOf } from '../../../../test/support/config-of.ts';
import { PLAIN, readerOf } from '../../../../test/support/rollout-house.ts';
import { Rollouts } from '../assign/rollouts.ts';
import { RolloutDirectory } from '../directory/rollout-directory.ts';
import type { JudgeOutcome } from '../judge/judge-desk.ts';
import { inForceTexts } from './in-force-text.ts';
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

describe('what is in force, in words,', () => {
  const MODELS = 'models: { chat: { target: sim/echo }, other: { target: sim/small } }\n';
  const TRIED = `flags:
  all: { model: chat, set: { target: sim/small } }
  few: { model: chat, share: 0.125, set: { target: sim/small } }
  named: { model: chat, users: [ada], set: { target: sim/small } }
  off: { model: chat, enabled: false, set: { target: sim/small } }
canaries: { new: { model: chat, set: { target: sim/small }, steps: [5, 50] } }
experiments: { e: { model: other, arms: { a: {}, b: { set: { target: sim/echo } } } } }
`;

  test('has how many get it, and nothing that is off', () => {
    const config = configOf(MODELS + TRIED);
    const directory = new RolloutDirectory({ store: { list: async () => [] }, read: readerOf(config) });
    directory.setFile(config);
    const rollouts = new Rollouts({ directory, variant: () => PLAIN, now: () => 0, log: { warn: () => undefined } });
    assert.deepEqual(inForceTexts({ directory, rollouts }), [
      'flag all (chat)',
      'flag few (chat, 12.5 %)',
      'flag named (chat, for whom it names)',
      'experiment e (other)',
      'canary new (chat, at 5 %)',
    ]);
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
