import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { type ArmSums, emptySums, noteRequest, noteScore } from '../statistics/moments.ts';
import { guardViews, harmIntervals } from './guards.ts';

const GUARDS = [
  { metric: 'latency', tolerance: 0.25 },
  { metric: 'feedback', tolerance: 0.2 },
  { metric: 'judge', tolerance: 0.2 },
] as const;
const ALPHA = 0.05;

/** Every tenth answer takes a little longer; so many of ten are liked. */
function armOf(latencyMs: number, liked: number): ArmSums {
  const sums = emptySums();
  for (let at = 0; at < 2000; at += 1) {
    noteRequest(sums, { isError: false, latencyMs: latencyMs * (0.95 + (at % 10) / 100) });
    noteScore(sums, 'feedback', at % 10 < liked ? 1 : 0);
  }
  return sums;
}

describe('within which harm lies', () => {
  const strata = [{ candidate: armOf(400, 6), control: armOf(200, 9) }];

  test('is around what was measured, upwards where it is worse, and unknown without values', () => {
    const views = guardViews(GUARDS, strata, ALPHA);
    const intervals = harmIntervals(GUARDS, strata, ALPHA);
    const [latency, feedback, judge] = intervals;
    assert.equal(judge, undefined);
    for (const [at, interval] of [latency, feedback].entries()) {
      const { harm = Number.NaN } = views[at] ?? {};
      const [low = Number.NaN, high = Number.NaN] = interval ?? [];
      assert.ok(low < harm && harm < high, `${low} < ${harm} < ${high}`);
      assert.ok(low > 0, 'it is surely worse');
      assert.equal(views[at]?.standing, 'violated');
    }
  });
});
