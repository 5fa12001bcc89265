import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { FakeClock } from '../../../../test/support/fake-clock.ts';
import { makeCall } from '../../../../test/support/make-call.ts';
import { type Judge, JudgeFailed, JudgeNotAllowed, type JudgedText } from '../engine/judge.ts';
import { cascadeJudge, cascadeOutcome } from './cascade.ts';

const BOUNDS = { pass: 0.1, block: 0.95 };
const asked = (): JudgedText => ({ text: 'a text', place: 'input', call: makeCall(), allowedMs: 1000 });

function judgeOf(score: number, seen: JudgedText[] = []): Judge {
  return {
    ask: async (one) => {
      seen.push(one);
      return { score, categories: { violence: score }, detail: { model: score } };
    },
  };
}

const failing = (error: Error): Judge => ({
  async ask() {
    throw error;
  },
});
const scoreOfAny = () => fc.double({ min: 0, max: 1, noNaN: true });

test('the strong judge is asked in the middle and nowhere else, and its word counts there alone', async () => {
  await fc.assert(
    fc.asyncProperty(scoreOfAny(), scoreOfAny(), scoreOfAny(), scoreOfAny(), async (one, other, a, b) => {
      const bounds = { pass: Math.min(a, b), block: Math.max(a, b) };
      const seen: JudgedText[] = [];
      const { score, detail } = await cascadeJudge(judgeOf(one), judgeOf(other, seen), bounds).ask(asked());
      const outcome = cascadeOutcome(one, bounds);
      assert.equal(seen.length, outcome === 'unsure' ? 1 : 0);
      assert.equal(score, { passes: 0, found: 1, unsure: other }[outcome]);
      assert.equal(detail?.['stage'], outcome === 'unsure' ? 'strong' : 'first');
    }),
  );
});

test('scores on the bounds are not clear', () => {
  assert.deepEqual(
    [0, 0.0999, 0.1, 0.95, 0.9501, 1].map((score) => cascadeOutcome(score, BOUNDS)),
    ['passes', 'passes', 'unsure', 'unsure', 'found', 'found'],
  );
  assert.throws(() => cascadeJudge(judgeOf(0), judgeOf(0), { pass: 0.9, block: 0.1 }), RangeError);
});

test('where the strong judge does not say, or may not see the call, the whole has failed, and does not pass', async () => {
  for (const error of [new JudgeFailed('it is away'), new JudgeNotAllowed('confined')]) {
    await assert.rejects(cascadeJudge(judgeOf(0.5), failing(error), BOUNDS).ask(asked()), {
      name: 'JudgeFailed',
      message: new RegExp(error.message),
    });
    // Where it is not needed, that it is away changes nothing.
    assert.equal((await cascadeJudge(judgeOf(0.01), failing(error), BOUNDS).ask(asked())).score, 0);
  }
  await assert.rejects(cascadeJudge(failing(new JudgeFailed('away')), judgeOf(0), BOUNDS).ask(asked()), JudgeFailed);
  await assert.rejects(cascadeJudge(judgeOf(Number.NaN), judgeOf(0), BOUNDS).ask(asked()), JudgeFailed);
});

test('the strong judge has the time that the first one left', async () => {
  const clock = new FakeClock();
  const slow = (ms: number): Judge => ({
    ask: async () => {
      clock.advance(ms);
      return { score: 0.5, categories: {} };
    },
  });
  const seen: JudgedText[] = [];
  await cascadeJudge(slow(300), judgeOf(0.7, seen), BOUNDS, clock).ask(asked());
  assert.equal(seen[0]?.allowedMs, 700);
  await assert.rejects(cascadeJudge(slow(1000), judgeOf(0.7), BOUNDS, clock).ask(asked()), JudgeFailed);
});
