import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { seededRandom } from '../../../models/simulator/random.ts';
import { type ArmSums, emptySums, noteRequest, noteScore } from './moments.ts';
import { type VerdictOptions, verdictOf } from './verdict.ts';

interface Arm {
  readonly cost: number;
  readonly liked: number;
  readonly errors?: number;
  readonly latencyMs?: number;
}

const LARGE: Arm = { cost: 1000, liked: 0.85 };

function sumsOf({ cost, liked, errors = 0.005, latencyMs = 800 }: Arm, requests: number, seed: number): ArmSums {
  const random = seededRandom(seed);
  const sums = emptySums();
  for (let at = 0; at < requests; at += 1) {
    const isError = random() < errors;
    const varied = 0.5 + random();
    noteRequest(sums, { isError, costNanoUsd: cost * varied, latencyMs: latencyMs * varied });
    if (at % 5 === 0) noteScore(sums, 'feedback', random() < liked ? 1 : 0);
  }
  return sums;
}

function verdict(arms: Readonly<Record<string, Arm>>, requests: number, more: Partial<VerdictOptions> = {}) {
  const sums = Object.values(arms).map((arm, at) => sumsOf(arm, requests, at + 1));
  const options: VerdictOptions = { arms: Object.keys(arms), goal: 'cost', alpha: 0.05, margin: 0.02, ...more };
  return verdictOf([{ weights: sums.map(() => 1), sums }], options);
}

describe('verdicts of experiments', () => {
  test('an arm that is cheaper is better, and what else is known of it is said', () => {
    const { text, ...small } = verdict({ large: LARGE, small: { ...LARGE, cost: 380 } }, 20_000);
    assert.equal(small.state, 'better');
    assert.deepEqual([small.arm, small.metric], ['small', 'cost']);
    assert.ok(Math.abs((small.estimate ?? 0) + 0.62) < 0.01);
    assert.match(
      text,
      /^small costs 62 % less \(6[\d.]+ % to 6[\d.]+ %\), takes at most [\d.]+ % more time, fails at most [\d.]+ points more often and its feedback is at most [\d.]+ points worse; sure at 95 % however often you looked$/,
    );
  });

  test('what is worse is said too', () => {
    const { state, text } = verdict({ large: LARGE, small: { cost: 380, liked: 0.6 } }, 20_000);
    assert.equal(state, 'better');
    assert.match(
      text,
      /^small costs 62 % less .*, but its feedback is 2\d points worse \(\d+ points to \d+ points\); sure/,
    );
  });

  test('the goal decides', () => {
    const arms = { large: LARGE, small: { cost: 380, liked: 0.6 } };
    const { state, metric, text } = verdict(arms, 20_000, { goal: 'feedback' });
    assert.deepEqual([state, metric], ['worse', 'feedback']);
    assert.match(text, /^small has feedback that is 2\d points worse \(.*\), costs 62 % less \(/);
  });

  test('of several better arms the best is named, and of none that are still open', () => {
    const arms = { large: LARGE, medium: { ...LARGE, cost: 700 }, small: { ...LARGE, cost: 380 }, twin: LARGE };
    const { state, arm, findings } = verdict(arms, 20_000, { others: ['feedback'] });
    assert.deepEqual([state, arm], ['better', 'small']);
    assert.deepEqual(
      findings.map((finding) => `${finding.arm} ${finding.metric}`),
      ['medium cost', 'medium feedback', 'small cost', 'small feedback', 'twin cost', 'twin feedback'],
    );
    assert.equal(verdict({ large: LARGE, dear: { ...LARGE, cost: 2000 }, twin: LARGE }, 300).state, 'running');
    assert.equal(verdict({ large: LARGE, dear: { ...LARGE, cost: 2000 } }, 3000).state, 'worse');
  });

  test('arms that are equal are the same once there is enough to say so', () => {
    const arms = { one: LARGE, other: LARGE };
    const early = verdict(arms, 1000);
    assert.equal(early.state, 'running');
    assert.match(early.text, /^nothing is sure yet in comparison with one: of other between "costs [\d.]+ % less" and/);
    const late = verdict(arms, 60_000);
    assert.equal(late.state, 'same');
    assert.match(late.text, /^other costs the same, to within 2 %, takes/);
  });

  test('nothing is said of what nothing is known of', () => {
    assert.equal(
      verdict({ one: LARGE, other: LARGE }, 20).text,
      'nothing is sure yet in comparison with one: of other too few costs are known',
    );
    assert.equal(verdict({ one: LARGE }, 20).text, 'there is nothing to compare with one');
    const none = verdictOf([], { arms: ['one', 'other'], goal: 'errors', alpha: 0.05, margin: 0.02 });
    assert.deepEqual(
      [none.state, none.text],
      ['running', 'nothing is sure yet in comparison with one: of other there are no requests yet'],
    );
  });

  test('more arms and more metrics make every statement harder', () => {
    const [wide, narrow] = [
      { one: LARGE, a: LARGE, b: LARGE, c: LARGE },
      { one: LARGE, a: LARGE },
    ].map((arms) => {
      const [lower, upper] = verdict(arms, 2000).findings[0]?.interval ?? [0, 0];
      return upper - lower;
    });
    assert.ok((wide ?? 0) > (narrow ?? 0));
  });

  test('a mismatch is all that is said', () => {
    const sums = [sumsOf(LARGE, 20_000, 1), sumsOf({ ...LARGE, cost: 380 }, 20_000, 2)];
    const options: VerdictOptions = { arms: ['large', 'small'], goal: 'cost', alpha: 0.05, margin: 0.02 };
    const told = verdictOf([{ weights: [1, 1], sums, drawn: [600, 400] }], options);
    assert.equal(told.state, 'mismatch');
    assert.deepEqual(told.findings, []);
    assert.match(told.text, /large got 60 % where 50 % was planned, small got 40 % where 50 % was planned/);
    assert.equal(verdictOf([{ weights: [1, 1], sums, drawn: [510, 490] }], options).state, 'better');
  });
});
