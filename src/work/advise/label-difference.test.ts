import assert from 'node:assert/strict';
import { test } from 'node:test';

import { type Random, seededRandom } from '../../models/simulator/random.ts';
import { type Labels, type Term, labelDifference, labelled, labelsFor, spreadsFor } from './label-difference.ts';

/** @param opinion of a conversation, 0 to 1 */
function labelsOf(conversations: number, opinion: () => number, each = 1): Labels {
  const sum = new Float64Array(conversations);
  const count = new Float64Array(conversations).fill(each);
  let squares = 0;
  for (let at = 0; at < conversations; at += 1) {
    const said = opinion();
    sum[at] = said * each;
    squares += said ** 2 * each;
  }
  return { sum, count, squares };
}

const thumb = (random: Random, part: number) => () => (random() < part ? 1 : 0);

const score = (random: Random, mean: number) => () => mean + 0.1 * (random() - 0.5);

/** Of 400 runs, the part in which labels seem to show that answers are not worse by 2 points or more. */
function takenForGood(make: (random: Random) => readonly [small: Labels, large: Labels], spreads: number): number {
  const random = seededRandom(11);
  let good = 0;
  for (let run = 0; run < 400; run += 1) {
    const [small, large] = make(random);
    if (labelDifference(termsOf(small, large), spreads).low >= -0.02) good += 1;
  }
  return good / 400;
}

function termsOf(small: Labels, large: Labels): Term[] {
  return [
    [small, 1],
    [large, -1],
  ];
}

/** What chance may add to 2.5 of 100 in 400 runs, with three standard deviations. */
const AT_MOST = 0.025 + 3 * Math.sqrt((0.025 * 0.975) / 400);

test('labels that are all the same do not make a difference sure', () => {
  const small = labelsOf(20, () => 1);
  const { value, low, high } = labelDifference(
    termsOf(
      small,
      labelsOf(20, () => 1),
    ),
    spreadsFor(1),
  );
  assert.equal(value, 0);
  // Newcombe's interval of 20 of 20 and 20 of 20.
  assert.ok(Math.abs(low + 0.161) < 0.001 && Math.abs(high - 0.161) < 0.001, `${low} to ${high}`);
  const scored = labelDifference(
    termsOf(
      labelsOf(20, () => 0.8),
      labelsOf(20, () => 0.8),
    ),
    spreadsFor(1),
  );
  assert.ok(scored.low < -0.05 && scored.low > -0.161, `${scored.low}`);
});

test('a loss of 7 points is never taken for none by 20 labels of each', () => {
  const taken = takenForGood(
    (random) => [labelsOf(20, thumb(random, 0.92)), labelsOf(20, thumb(random, 0.99))],
    spreadsFor(1),
  );
  assert.ok(taken <= 0.025, `${taken}`);
});

test('a loss as large as what nobody minds is taken for less as seldom as it says: thumbs, scores, long conversations', () => {
  const spreads = spreadsFor(1);
  const thumbs = takenForGood(
    (random) => [labelsOf(800, thumb(random, 0.93)), labelsOf(800, thumb(random, 0.95))],
    spreads,
  );
  assert.ok(thumbs <= AT_MOST, `thumbs ${thumbs}`);
  const scores = takenForGood(
    (random) => [labelsOf(100, score(random, 0.78)), labelsOf(100, score(random, 0.8))],
    spreads,
  );
  assert.ok(scores <= AT_MOST, `scores ${scores}`);
  const talks = takenForGood(
    (random) => [labelsOf(60, thumb(random, 0.93), 10), labelsOf(60, thumb(random, 0.95), 10)],
    spreads,
  );
  assert.ok(talks <= AT_MOST, `conversations ${talks}`);
});

test('so many labels as it asks for do, where there is no loss', () => {
  const random = seededRandom(5);
  const spreads = spreadsFor(8);
  const few = termsOf(labelsOf(60, thumb(random, 0.9)), labelsOf(60, thumb(random, 0.9)));
  const needed = labelsFor(few, spreads, 0.02);
  assert.ok(needed > 1000 && needed < 10_000, `${needed}`);
  const [small, large] = [0, 1].map(() => labelsOf(needed, alternating(0.9)));
  assert.ok(small && large);
  assert.ok(labelDifference(termsOf(small, large), spreads).low > -0.025);
  assert.equal(labelled(small), needed);
});

test('the more is compared the further an interval reaches', () => {
  assert.ok(Math.abs(spreadsFor(1) - 1.96) < 0.001);
  assert.ok(Math.abs(spreadsFor(10) - 2.807) < 0.001);
});

function alternating(part: number): () => number {
  let at = 0;
  return () => {
    at += 1;
    return Math.floor(at * part) > Math.floor((at - 1) * part) ? 1 : 0;
  };
}
