import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../../../test/support/fast-check.ts';
import { seededRandom } from '../../../../models/simulator/random.ts';
import { atMost, fewestSamples, mostSeen, upperBound } from './binomial.ts';
import { chooseCascade, isFound, measureCascade } from './cascade-bounds.ts';
import { type ScoredSample, type Wanted, classesOf, plainBetween } from './sample.ts';
import { chooseThreshold, measureThreshold } from './threshold.ts';

const WANTED: Wanted = { falseBlock: 0.01, falsePass: 0.05, confidence: 0.95 };

test('the chance of so few successes is the sum of its terms', () => {
  const n = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(n, fc.integer({ min: 0, max: 40 }), fc.double({ min: 0.01, max: 0.99, noNaN: true }), (tries, k, p) => {
      let term = (1 - p) ** tries;
      let sum = 0;
      for (let i = 0; i <= Math.min(k, tries); i += 1) {
        sum += term;
        term *= ((tries - i) / (i + 1)) * (p / (1 - p));
      }
      assert.ok(Math.abs(atMost(k, tries, p) - sum) < 1e-9, `${atMost(k, tries, p)} for ${sum}`);
    }),
  );
});

const near = (value: number, expected: number) => assert.ok(Math.abs(value - expected) < 5e-5, `${value}`);

test('the bounds are those of the tables', () => {
  // The one-sided 95 % bound of 0 of 299 is just below 1 %, that of 0 of 298 just above.
  assert.ok(upperBound(0, 299, 0.95) < 0.01 && upperBound(0, 298, 0.95) > 0.01);
  near(upperBound(0, 299, 0.95), 1 - 0.05 ** (1 / 299));
  // Clopper and Pearson's two-sided 95 % interval of 10 of 100: 4.9005 % to 17.6223 %.
  near(upperBound(10, 100, 0.975), 0.176223);
  near(1 - upperBound(90, 100, 0.975), 0.049005);
  assert.equal(upperBound(7, 7, 0.95), 1);
  assert.deepEqual([fewestSamples(0.01, 0.95), mostSeen(298, 0.01, 0.95), mostSeen(299, 0.01, 0.95)], [299, -1, 0]);
  assert.ok(upperBound(9_000, 1_000_000, 0.95) < 0.0092);
});

test('as many may be seen as keep the bound at the rate, and not one more', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3000 }), fc.double({ min: 0.001, max: 0.3, noNaN: true }), (n, rate) => {
      const most = mostSeen(n, rate, 0.95);
      if (most >= 0) assert.ok(upperBound(most, n, 0.95) <= rate + 1e-9);
      assert.ok(upperBound(most + 1, n, 0.95) > rate - 1e-9);
    }),
  );
});

test('a plain number lies between, and has few decimals', () => {
  assert.deepEqual(
    [plainBetween(0.1234, 0.5678), plainBetween(0.1234, 0.1236), plainBetween(0, 1)],
    [0.35, 0.1235, 0.5],
  );
  const any = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(any, any, (one, other) => {
      fc.pre(one !== other);
      const between = plainBetween(Math.min(one, other), Math.max(one, other));
      assert.ok(between > Math.min(one, other) && between <= Math.max(one, other));
    }),
  );
});

/** Scores as judges give them: some to the last digit, many in steps, many at the ends. */
const scoreOfAny = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.1, 0.5, 0.9, 1));
const sampleOf = (isHarmful: boolean) =>
  fc.record({ isHarmful: fc.constant(isHarmful), score: scoreOfAny, strongScore: scoreOfAny });
const classesOfAny = fc
  .tuple(
    fc.array(sampleOf(false), { minLength: 30, maxLength: 80 }),
    fc.array(sampleOf(true), { minLength: 1, maxLength: 40 }),
  )
  .map(([safe, harmful]) => ({ safe, harmful }));
const LOOSE: Wanted = { falseBlock: 0.15, falsePass: 0.2, confidence: 0.9 };

test('on the samples themselves, what thresholds do is surely within what is wanted', () => {
  fc.assert(
    fc.property(classesOfAny, (classes) => {
      let threshold: number;
      try {
        threshold = chooseThreshold(classes, LOOSE);
      } catch (error) {
        assert.match(String(error), /cannot tell them/);
        return;
      }
      assert.ok(measureThreshold(classes, threshold, 0.9).falseBlockBound <= 0.15);
    }),
  );
  fc.assert(
    fc.property(classesOfAny, (classes) => {
      let chosen: ReturnType<typeof chooseCascade>;
      try {
        chosen = chooseCascade(classes, LOOSE);
      } catch (error) {
        assert.match(String(error), /cannot tell them/);
        return;
      }
      assert.ok(chosen.pass >= 0 && chosen.pass <= chosen.block && chosen.block <= 1);
      assert.ok(chosen.threshold >= 0 && chosen.threshold <= 1);
      const { falseBlockBound, falsePass } = measureCascade(classes, chosen, 0.9);
      assert.ok(falseBlockBound <= 0.15, `${falseBlockBound}`);
      const enough = mostSeen(classes.harmful.length, LOOSE.falsePass, 0.9);
      assert.ok(falsePass * classes.harmful.length <= Math.max(0, enough) + 1e-9);
    }),
  );
});

/** Safe scores are 1 − √(1−u), harmful ones √u, so that the true shares above a bound are known. */
function drawn(count: number, isHarmful: boolean, random: () => number): ScoredSample[] {
  const score = (): number => (isHarmful ? Math.sqrt(random()) : 1 - Math.sqrt(1 - random()));
  return Array.from({ length: count }, () => ({ isHarmful, score: score(), strongScore: score() }));
}

const aboveSafe = (bound: number): number => (1 - bound) ** 2;

test('with new safe texts the rate is kept in 95 of 100 cases, and is not far below', () => {
  let kept = 0;
  let keptCascades = 0;
  let rates = 0;
  const SEEDS = 400;
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const random = seededRandom(seed);
    const classes = { safe: drawn(1000, false, random), harmful: drawn(200, true, random) };
    const rate = aboveSafe(chooseThreshold(classes, WANTED));
    rates += rate / SEEDS;
    if (rate <= 0.01) kept += 1;
    const { pass, block, threshold } = chooseCascade(classes, WANTED);
    // The scores of both judges are independent here.
    const cascadeRate = aboveSafe(block) + (aboveSafe(pass) - aboveSafe(block)) * aboveSafe(threshold);
    if (cascadeRate <= 0.01) keptCascades += 1;
  }
  assert.ok(kept / SEEDS >= 0.94, `thresholds: ${kept}`);
  assert.ok(keptCascades / SEEDS >= 0.94, `cascades: ${keptCascades}`);
  assert.ok(rates > 0.003, `${rates}`);
});

test('what is too little, or cannot be told apart, is said', () => {
  const random = seededRandom(1);
  const few = { safe: drawn(298, false, random), harmful: drawn(10, true, random) };
  assert.throws(() => chooseThreshold(few, WANTED), {
    name: 'RangeError',
    message:
      'to be 95 % sure of a false-block rate of at most 1 % it needs at least 299 safe samples, and there are 298',
  });
  const alike = { safe: few.safe.map((one) => ({ ...one, score: 1 })), harmful: few.harmful };
  assert.throws(() => chooseThreshold(alike, { ...WANTED, falseBlock: 0.1 }), /cannot tell them/);
  assert.throws(() => classesOf(few.safe), /all 298 samples have the same label; .* one harmful one/);
  assert.throws(() => isFound({ isHarmful: true, score: 0.5 }, { pass: 0, block: 1, threshold: 0.5 }), /no score/);
});
