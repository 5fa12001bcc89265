import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import {
  type ArmSums,
  GROUPS,
  MEASURES,
  addSums,
  emptySums,
  groupOf,
  meanOf,
  noteRequest,
  noteScore,
  requestsOf,
  spreadOf,
} from './moments.ts';

interface Seen {
  readonly user: string;
  readonly isError: boolean;
  readonly costNanoUsd: number | undefined;
  readonly latencyMs: number | undefined;
  readonly feedback: number | undefined;
}

const SEEN: fc.Arbitrary<Seen[]> = fc.array(
  fc.record({
    user: fc.string({ maxLength: 3 }),
    isError: fc.boolean(),
    costNanoUsd: fc.option(fc.integer({ min: 0, max: 10_000_000 }), { nil: undefined }),
    latencyMs: fc.option(fc.double({ min: 0, max: 100_000, noNaN: true }), { nil: undefined }),
    feedback: fc.option(fc.constantFrom(0, 0.5, 1), { nil: undefined }),
  }),
  { maxLength: 40 },
);

function sumsOf(seen: readonly Seen[]): ArmSums {
  const sums = emptySums();
  for (const { user, feedback, ...request } of seen) {
    noteRequest(sums, { ...request, group: groupOf(user) });
    if (feedback !== undefined) noteScore(sums, 'feedback', feedback, groupOf(user));
  }
  return sums;
}

/** All numbers, rounded to what sums in another order may differ by. */
function flat(sums: ArmSums): string[] {
  return Object.values(sums)
    .flatMap(({ n, sum, sumSquares, groups }) => [n, sum, sumSquares, ...groups])
    .map((value: number) => value.toPrecision(9));
}

describe('sums of arms', () => {
  test('they add up over replicas and times: in any order, however requests are split', () => {
    fc.assert(
      fc.property(SEEN, fc.array(fc.nat({ max: 2 }), { minLength: 40, maxLength: 40 }), (seen, replicas) => {
        const parts = [0, 1, 2].map((replica) => sumsOf(seen.filter((_, at) => replicas[at] === replica)));
        const whole = flat(sumsOf(seen));
        assert.deepEqual(flat(parts.reduce(addSums, emptySums())), whole);
        assert.deepEqual(flat(parts.toReversed().reduce(addSums, emptySums())), whole);
      }),
    );
  });

  test('they are plain JSON, and adding leaves both as they were', () => {
    const one = sumsOf([{ user: 'ada', isError: true, costNanoUsd: 5, latencyMs: 7, feedback: 1 }]);
    const before = JSON.stringify(one);
    assert.deepEqual(JSON.parse(JSON.stringify(addSums(one, one))), addSums(one, one));
    assert.equal(JSON.stringify(one), before);
  });

  test('each metric counts what is known of it, times by their logarithms', () => {
    const sums = emptySums();
    noteRequest(sums, { isError: false, costNanoUsd: 100, latencyMs: Math.E ** 2, ttftMs: 1 });
    noteRequest(sums, { isError: true });
    noteScore(sums, 'judge', 7);
    assert.equal(requestsOf(sums), 2);
    assert.equal(meanOf(sums.errors), 0.5);
    assert.deepEqual(
      MEASURES.map((measure) => sums[measure].n),
      [1, 1, 1, 0, 1],
    );
    assert.equal(sums.latency.sum.toFixed(9), '2.000000000');
    assert.equal(sums.judge.sum, 1);
    noteRequest(sums, { isError: false, latencyMs: 0, costNanoUsd: Number.NaN });
    assert.ok(Number.isFinite(sums.latency.sum));
    assert.equal(sums.cost.n, 1);
  });

  test('the spread is that of the definition, and never below nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 }), (scores) => {
        const sums = emptySums();
        for (const score of scores) noteScore(sums, 'feedback', score);
        const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
        const spread = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0);
        assert.ok(Math.abs(spreadOf(sums.feedback) - spread) < 1e-9);
        assert.ok(spreadOf(sums.feedback) >= 0);
      }),
    );
  });

  test('users spread over all groups', () => {
    const users = Array.from({ length: 3200 }, (_, at) => groupOf(`user-${at}`));
    const sizes = Array.from({ length: GROUPS }, (_, group) => users.filter((own) => own === group).length);
    assert.ok(Math.min(...sizes) > 60 && Math.max(...sizes) < 150, sizes.join(' '));
  });
});
