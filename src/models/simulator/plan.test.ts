import assert from 'node:assert/strict';
import { test } from 'node:test';

import { behaviourOf } from './behaviour.ts';
import { paceOf } from './plan.ts';
import { seededRandom } from './random.ts';
import type { AnswerSettings } from './settings.ts';

function pace(settings: AnswerSettings, seed = 1, slowness = 1): (tokens: number) => number {
  return paceOf(behaviourOf(settings, 'small', undefined), slowness, seededRandom(seed));
}

test('tokens come at their pace after the first', () => {
  const at = pace({ ttft: 100, tokensPerSecond: 10 });
  assert.deepEqual([at(0), at(1), at(2), at(2), at(5)], [100, 100, 200, 200, 500]);
  assert.equal(pace({ ttft: 100, tokensPerSecond: 0 })(50), 100);
  assert.equal(pace({ ttft: 100, tokensPerSecond: 10 }, 1, 3)(2), 600);
});

function sorted(settings: AnswerSettings): number[] {
  const times = Array.from({ length: 1001 }, (_, seed) => pace({ ttft: 100, ...settings }, seed)(1));
  return times.toSorted((a, b) => a - b);
}

test('uniform latencies stay within their spread', () => {
  const times = sorted({ latency: 'uniform', latencySpread: 0.2 });
  assert.ok((times[0] ?? 0) >= 80 && (times[0] ?? 0) < 85);
  assert.ok((times[1000] ?? 0) <= 120 && (times[1000] ?? 0) > 115);
});

test('lognormal latencies have their median where it is set and a long tail', () => {
  const times = sorted({ latency: 'lognormal', latencySpread: 0.5 });
  const median = times[500] ?? 0;
  assert.ok(median > 92 && median < 108, `median ${median}`);
  const p99 = times[990] ?? 0;
  assert.ok(p99 > 240 && p99 < 440, `p99 ${p99}`);
});
