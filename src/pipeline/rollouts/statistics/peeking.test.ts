import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { seededRandom } from '../../../models/simulator/random.ts';
import { type Comparison, compare, intervalOf } from './compare.ts';
import { meanEvidence } from './means.ts';
import {
  type ArmMetric,
  type ArmSums,
  emptySums,
  groupOf,
  meanOf,
  noteRequest,
  noteScore,
  spreadOf,
} from './moments.ts';
import { mismatchEvidence } from './ratio-check.ts';

const ALPHA = 0.05;
const RUNS = 100;
/** More than this happens by chance in fewer than one of a thousand such tests, where the level is held exactly. */
const MOST_WRONG = 13;

type Note = (sums: ArmSums, random: () => number) => void;

const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const failing =
  (rate: number): Note =>
  (sums, random) =>
    noteRequest(sums, { isError: random() < rate });
const liked =
  (rate: number): Note =>
  (sums, random) =>
    noteScore(sums, 'feedback', random() < rate ? 1 : 0);
const taking: Note = (sums, random) => noteRequest(sums, { isError: false, latencyMs: Math.exp(normal(random)) });
const costing: Note = (sums, random) => noteRequest(sums, { isError: false, costNanoUsd: Math.exp(normal(random)) });

/** The runs in which two equal arms are ever said to differ, looked at after each request of the candidate. */
function wrongRuns(metric: ArmMetric, note: Note, share: number, requests: number): number {
  let wrong = 0;
  for (let run = 0; run < RUNS; run += 1) {
    const random = seededRandom(run + 1);
    const [candidate, control] = [emptySums(), emptySums()];
    for (let at = 0; at < requests; at += 1) {
      const isCandidate = random() < share;
      note(isCandidate ? candidate : control, random);
      if (isCandidate && differ(compare(metric, [{ candidate, control }], 'relative'))) {
        wrong += 1;
        break;
      }
    }
  }
  return wrong;
}

function differ(comparison: Comparison): boolean {
  const needed = Math.log(2 / ALPHA);
  return (['above', 'below'] as const).some((side) => comparison.evidence(side, 0, ALPHA / 2) >= needed);
}

function failed(n: number, hits: number): ArmSums {
  const sums = emptySums();
  for (let at = 0; at < n; at += 1) noteRequest(sums, { isError: at < hits });
  return sums;
}

/** What the latency of one arm of 30 users beside another of 30 may be, where each user has requests that are alike. */
function ofAlike(isGrouped: boolean): readonly [number, number] {
  const random = seededRandom(3);
  const arms = [emptySums(), emptySums()] as const;
  for (let user = 0; user < 60; user += 1) {
    const heavy = Math.exp(normal(random));
    const group = isGrouped ? groupOf(`user ${user}`) : undefined;
    for (let at = 0; at < 100; at += 1) {
      const latencyMs = heavy * Math.exp(0.3 * normal(random));
      noteRequest(arms[user % 2 === 0 ? 0 : 1], { isError: false, latencyMs, group });
    }
  }
  const [candidate, control] = arms;
  return intervalOf(compare('latency', [{ candidate, control }], 'relative'), 0.025) ?? [Number.NaN, Number.NaN];
}

function everMismatches(share: number, seed: number): boolean {
  const random = seededRandom(seed);
  const counts = [0, 0];
  for (let user = 0; user < 3000; user += 1) {
    const arm = random() < share ? 0 : 1;
    counts[arm] = (counts[arm] ?? 0) + 1;
    if (mismatchEvidence([{ weights: [5, 95], counts }]) >= Math.log(1 / ALPHA)) return true;
  }
  return false;
}

describe('tests that may be looked at any time', () => {
  const cases: readonly (readonly [string, ArmMetric, Note])[] = [
    ['errors, 1 %', 'errors', failing(0.01)],
    ['errors, 20 %', 'errors', failing(0.2)],
    ['scores, 0.85 good', 'feedback', liked(0.85)],
    ['scores, 0.2 good', 'feedback', liked(0.2)],
    ['latency', 'latency', taking],
    ['cost', 'cost', costing],
  ];
  for (const [name, metric, note] of cases) {
    for (const [share, requests] of [
      [0.5, 1500],
      [0.02, 8000],
    ] as const) {
      test(`equal arms are said to differ no more often than stated: ${name}, ${share * 100} %`, () => {
        const wrong = wrongRuns(metric, note, share, requests);
        assert.ok(wrong <= MOST_WRONG, `${wrong} of ${RUNS}`);
      });
    }
  }

  test('what differs is found', () => {
    const random = seededRandom(1);
    const [candidate, control] = [emptySums(), emptySums()];
    for (let at = 0; at < 2000; at += 1) {
      failing(0.05)(candidate, random);
      failing(0.005)(control, random);
      liked(0.68)(candidate, random);
      liked(0.85)(control, random);
      noteRequest(candidate, { isError: false, latencyMs: 3 * Math.exp(normal(random)), costNanoUsd: 38 });
      noteRequest(control, { isError: false, latencyMs: Math.exp(normal(random)), costNanoUsd: 100 });
    }
    const strata = [{ candidate, control }];
    const seen = (metric: ArmMetric, scale: 'points' | 'relative'): [number, number, number] => {
      const comparison = compare(metric, strata, scale);
      const [lower, upper] = intervalOf(comparison, 0.025) ?? [Number.NaN, Number.NaN];
      return [lower, comparison.estimate ?? Number.NaN, upper];
    };
    for (const [[lower, estimate, upper], truth] of [
      [seen('errors', 'points'), 0.0225],
      [seen('feedback', 'points'), -0.17],
      [seen('feedback', 'relative'), -0.2],
      [seen('latency', 'relative'), 2],
      [seen('cost', 'relative'), -0.62],
    ] as const) {
      assert.ok(lower <= truth && truth <= upper, `${lower} to ${upper} has not ${truth}`);
      assert.ok(lower <= estimate && estimate <= upper);
      assert.ok(Math.sign(lower) === Math.sign(upper), `${lower} to ${upper} is not sure`);
    }
  });

  test('rates of errors that change with time, alike for both, do not look like a difference', () => {
    // An outage while the candidate has half of the traffic: summed up over all, it would have had more than its part.
    const quiet = { candidate: failed(50, 0), control: failed(4950, 25) };
    const outage = { candidate: failed(1000, 200), control: failed(1000, 200) };
    const summed = { candidate: failed(1050, 200), control: failed(5950, 225) };
    assert.ok(compare('errors', [quiet, outage], 'points').evidence('above', 0, ALPHA) < 0);
    assert.ok(compare('errors', [summed], 'points').evidence('above', 0, ALPHA) > 50);
  });

  test('what earlier times showed helps to judge the later ones', () => {
    const parts = Array.from({ length: 4 }, () => ({ candidate: failed(250, 12), control: failed(750, 4) }));
    const whole = { candidate: failed(1000, 48), control: failed(3000, 16) };
    const [apart, together] = [parts, [whole]].map((strata) =>
      compare('errors', strata, 'points').evidence('above', 0, ALPHA),
    );
    assert.ok((apart ?? 0) > (together ?? 0) - 3, `${apart} and ${together}`);
  });

  test('the evidence of means is the mixture of all effects on one side, by its definition', () => {
    const random = seededRandom(5);
    const [candidate, control] = [emptySums(), emptySums()];
    for (let at = 0; at < 400; at += 1) {
      taking(candidate, random);
      noteRequest(control, { isError: false, latencyMs: 0.8 * Math.exp(normal(random)) });
    }
    const rules = { least: 20, isScore: false, sharpestAt: 100 };
    const means = [{ candidate: candidate.latency, control: control.latency }];
    const seen = meanEvidence(means, { factor: 1, by: 0 }, { rules, alpha: 0.05, alike: 1 });
    const spread = Math.max(spreadOf(candidate.latency), spreadOf(control.latency)) / 399;
    const clock = 200;
    const sum = (clock * (meanOf(candidate.latency) - meanOf(control.latency))) / Math.sqrt(spread);
    const log = 2 * Math.log(10);
    const tau = 100 / (log + Math.log(1 + log) + 1);
    let mixed = 0;
    for (let effect = 0; effect < 5; effect += 0.001) {
      const density = 2 * Math.sqrt(tau / (2 * Math.PI)) * Math.exp((-tau * effect * effect) / 2);
      mixed += 0.001 * density * Math.exp(effect * sum - (effect * effect * clock) / 2);
    }
    assert.ok(Math.abs(seen - Math.log(mixed)) < 0.1, `${seen}, not ${Math.log(mixed)}`);
  });

  test('a few values that are alike by chance are trusted no more than those of the other arm', () => {
    const random = seededRandom(7);
    const [candidate, control] = [emptySums(), emptySums()];
    for (let at = 0; at < 100; at += 1) noteRequest(candidate, { isError: false, costNanoUsd: 100 });
    for (let at = 0; at < 10_000; at += 1) {
      noteRequest(control, { isError: false, costNanoUsd: 100 * Math.exp(normal(random)) });
    }
    const [lower, upper] = intervalOf(compare('cost', [{ candidate, control }], 'relative'), 0.025) ?? [0, 0];
    assert.ok(upper - lower > 0.52, `${lower} to ${upper}`);
  });

  test('users whose requests are alike count for less than as many requests', () => {
    const [grouped, single] = [ofAlike(true), ofAlike(false)];
    assert.ok(grouped[0] < 0 && grouped[1] > 0, String(grouped));
    assert.ok(single[0] > 0 || single[1] < 0, String(single));
  });

  test('values that are all the same are no reason to be certain of rounding', () => {
    const [candidate, control] = [emptySums(), emptySums()];
    for (let at = 0; at < 300; at += 1) {
      noteRequest(candidate, { isError: false, latencyMs: 0.1 + 0.2, costNanoUsd: 1e15 });
      noteRequest(control, { isError: false, latencyMs: 0.3, costNanoUsd: 1e15 });
      for (const sums of [candidate, control]) noteScore(sums, 'feedback', 1);
    }
    for (const metric of ['cost', 'latency', 'feedback', 'errors', 'ttft'] as const) {
      assert.ok(!differ(compare(metric, [{ candidate, control }], 'relative')), metric);
    }
  });
});

describe('the check of the ratio', () => {
  test('users that are drawn as planned are seldom a mismatch, others soon are', () => {
    const runs = Array.from({ length: RUNS }, (_, run) => run + 1);
    assert.ok(runs.filter((seed) => everMismatches(0.05, seed)).length <= MOST_WRONG);
    assert.ok(runs.filter((seed) => everMismatches(0.08, seed)).length >= RUNS * 0.95);
  });

  test('weights may change: each time is held to its own', () => {
    const asPlanned = [
      { weights: [1, 99], counts: [10, 990] },
      { weights: [50, 50], counts: [500, 500] },
    ];
    assert.ok(mismatchEvidence(asPlanned) < 0);
    assert.ok(mismatchEvidence([{ weights: [1, 99], counts: [510, 1490] }]) > 100);
    assert.equal(mismatchEvidence([]), 0);
  });

  test('an arm that should have none is a mismatch with its first', () => {
    assert.equal(mismatchEvidence([{ weights: [1, 0], counts: [5, 0] }]), 0);
    assert.equal(mismatchEvidence([{ weights: [1, 0], counts: [5, 1] }]), Number.POSITIVE_INFINITY);
  });
});
