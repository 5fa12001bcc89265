import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FakeClock } from '../../../../test/support/fake-clock.ts';
import { makeRecord } from '../../../../test/support/make-record.ts';
import { callOf, userAt } from '../../../../test/support/rollout-house.ts';
import { seededRandom } from '../../../models/simulator/random.ts';
import { experimentTrial } from '../assign/trials.ts';
import { requestsOf } from '../statistics/moments.ts';
import { verdictOf } from '../statistics/verdict.ts';
import { experimentPeriodsOf, runSumsOf } from './run-sums.ts';
import { TallyBook } from './tally-book.ts';

/** An experiment whose arms have these weights, and what is counted of it. */
function tried(weights: readonly number[]) {
  const arms = new Map(weights.map((weight, at) => [`arm${at}`, { weight, set: {} }]));
  const rest = { share: 1, goal: 'latency', margin: 0.02, confidence: 0.95, enabled: true } as const;
  const definition = { model: 'chat', by: 'user', arms, ...rest } as const;
  const state = { origin: 'file', written: undefined, problem: undefined, state: null, stateVersion: 0 } as const;
  const rollout = {
    kind: 'experiment',
    id: 'e',
    definition,
    ...state,
    createdAt: undefined,
    updatedAt: undefined,
  } as const;
  const trial = experimentTrial(rollout, { run: 'r', restarts: 0, sinceMs: 0, verdicts: [] });
  const book = new TallyBook({
    rollouts: { trials: [trial], trialOf: () => trial },
    directory: { find: () => undefined },
    store: { save: () => Promise.resolve([]) },
    replica: 'r1',
    scheduler: new FakeClock(),
    log: { warn: () => undefined },
  });
  const periods = () => {
    const rows = book.rows().map((row) => ({ ...row, replica: 'r1' }));
    return experimentPeriodsOf(trial, runSumsOf(trial, rows));
  };
  return { trial, book, periods };
}

/** Most questions are asked again and again, and are quick to answer; each arm has a cache of its own. */
function frequentQuestions(seed: number) {
  const { trial, book, periods } = tried([9, 1]);
  const random = seededRandom(seed);
  const caches = [new Set<string>(), new Set<string>()];
  for (let at = 0; at < 5000; at += 1) {
    const call = callOf(userAt(Math.floor(random() * 4000)));
    const arm = trial.armOf(call);
    if (!arm) continue;
    const isFrequent = random() < 0.6;
    const asked = isFrequent ? `q${Math.floor(1000 * random() ** 2)}` : `own${at}`;
    const isHit = caches[arm.index]?.has(asked) === true;
    caches[arm.index]?.add(asked);
    const latencyMs = (isFrequent ? 500 : 3000) * Math.exp(random() - 0.5);
    call.cache = { state: isHit ? 'exact' : 'miss', asked };
    book.observe(makeRecord({ rollouts: [arm.part], cache: call.cache.state, latencyMs }), call);
  }
  return periods();
}

test('equal arms of unequal size are not told apart by what the larger cache answers', () => {
  const options = { arms: ['large', 'small'], goal: 'latency', margin: 0.02, alpha: 0.05 } as const;
  for (const seed of [1, 2, 3]) {
    const verdict = verdictOf(frequentQuestions(seed), options);
    assert.ok(verdict.state === 'running' || verdict.state === 'same', verdict.text);
  }
});

test('what was asked before counts in no arm, whatever became of it then; nor does a judge see it', () => {
  const { trial, book, periods } = tried([1, 1]);
  const observe = (
    index: number,
    asked: string | undefined,
    status: 'completed' | 'aborted' = 'completed',
  ): boolean => {
    const call = callOf('ada');
    call.cache = { state: 'miss', ...(asked !== undefined && { asked }) };
    const part = trial.arms[index]?.part;
    assert.ok(part);
    return book.observe(makeRecord({ rollouts: [part], cache: 'miss', status }), call);
  };
  const isFirst = [
    observe(0, 'a'),
    observe(1, 'a'),
    observe(0, 'a'),
    observe(1, 'b', 'aborted'),
    observe(0, 'b'),
    observe(1, 'c'),
    // Where no cache is on nothing is left out.
    observe(0, undefined),
    observe(0, undefined),
  ];
  assert.deepEqual(isFirst, [true, false, false, true, false, true, true, true]);
  assert.deepEqual(periods()[0]?.sums.map(requestsOf), [3, 1]);
});
