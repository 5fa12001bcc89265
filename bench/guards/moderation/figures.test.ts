import assert from 'node:assert/strict';
import { test } from 'node:test';

import { seededRandom } from '../../../src/models/simulator/random.ts';
import { isFound } from '../../../src/pipeline/guards/moderation/calibration/cascade-bounds.ts';
import { figuresOf } from './figures.ts';
import { type Pair, drawn, predicted } from './pair.ts';

test('precision, recall, F1 and average precision of a ranking by hand', () => {
  const judged = [
    { isHarmful: true, score: 0.9 },
    { isHarmful: false, score: 0.8 },
    { isHarmful: true, score: 0.6 },
    { isHarmful: false, score: 0.1 },
  ];
  const { precision, recall, f1, auprc } = figuresOf(judged, 0.7);
  assert.deepEqual([precision, recall, f1], [0.5, 0.5, 0.5]);
  assert.ok(Math.abs(auprc - (0.5 * 1 + 0.5 * (2 / 3))) < 1e-12);
  // Of scores that say nothing, it is the share of harmful ones.
  const alike = judged.map(({ isHarmful }) => ({ isHarmful, score: 0.5 }));
  assert.equal(figuresOf(alike, 0.7).auprc, 0.5);
  assert.equal(figuresOf(alike, 0.7).f1, 0);
});

const near = (seen: number, value: number): void => assert.ok(Math.abs(seen - value) < 0.014, `${seen} for ${value}`);

test('what is calculated of a pair of models is what is drawn of it', () => {
  const pair: Pair = { firstAuc: 0.9, strongAuc: 0.96, correlation: 0.6, harmful: 0.3 };
  const thresholds = { pass: 0.15, block: 0.8, threshold: 0.4 };
  const random = seededRandom(7);
  const COUNT = 20_000;
  const share = (isHarmful: boolean, isIn: (one: ReturnType<typeof drawn>) => boolean): number => {
    let count = 0;
    for (let at = 0; at < COUNT; at += 1) if (isIn(drawn(pair, isHarmful, random))) count += 1;
    return count / COUNT;
  };
  const expected = predicted(pair, thresholds);
  near(
    share(true, (one) => isFound(one, thresholds)),
    expected.recall,
  );
  near(
    share(false, (one) => isFound(one, thresholds)),
    expected.falseBlock,
  );
  near(
    share(true, ({ score }) => score < thresholds.pass),
    expected.falsePass,
  );
  // The score is the chance that the text is harmful, so that a harmful one scores as stated above a safe one.
  let above = 0;
  for (let at = 0; at < COUNT; at += 1) {
    if (drawn(pair, true, random).score > drawn(pair, false, random).score) above += 1;
  }
  near(above / COUNT, pair.firstAuc);
});
