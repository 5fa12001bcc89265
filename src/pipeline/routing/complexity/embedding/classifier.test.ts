import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../../test/support/fast-check.ts';
import { seededRandom } from '../../../../models/simulator/random.ts';
import { unitLength } from '../../../../models/vectors/embed/encoder.ts';
import { Classifier, FEWEST_EXAMPLES, MOST_EXAMPLES } from './classifier.ts';
import { type Example, lossOfScore, scoreOfLoss } from './example.ts';
import { FEATURES } from './features.ts';

const DIMENSIONS = 8;
const NO_FEATURES = Array.from({ length: FEATURES }, () => 0);

/** Near one of two directions: the small model fails in the second half of the time where it is the second. */
function exampleAt(at: number, random: () => number): Example {
  const isHard = at % 2 === 1;
  return {
    id: String(at),
    space: 'test',
    vector: near(isHard ? 1 : 0, random),
    features: NO_FEATURES,
    smallOk: isHard && at % 4 === 1 ? 0 : 1,
    largeOk: 1,
  };
}

function near(direction: number, random: () => number): Float32Array {
  const vector = Float32Array.from({ length: DIMENSIONS }, () => (random() - 0.5) * 0.3);
  vector[direction] = 1;
  return unitLength(vector);
}

function examples(count: number, seed = 1): Example[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, at) => exampleAt(at, random));
}

function fitted(some: readonly Example[]): Classifier {
  const classifier = new Classifier(DIMENSIONS);
  classifier.fit(some);
  return classifier;
}

function lossAt(classifier: Classifier, direction: number): number | undefined {
  return classifier.predict(near(direction, seededRandom(9)), NO_FEATURES)?.loss;
}

/** Of a long vector the first half, or the second one. */
function halfOf(at: number): Float32Array {
  const start = at % 2 === 0 ? 0 : 1000;
  return unitLength(new Float32Array(2000).fill(1, start, start + 1000));
}

describe('the classifier of complexity', () => {
  it('learns what the small model fails at', () => {
    const classifier = fitted(examples(600));
    const [easy = 1, hard = 0] = [lossAt(classifier, 0), lossAt(classifier, 1)];
    assert.ok(easy < 0.08 && hard > 0.4 && hard < 0.6, `${easy} and ${hard}`);
  });

  it('learns from the rules features alone, where vectors say nothing', () => {
    const random = seededRandom(3);
    const some = Array.from({ length: 400 }, (_, at): Example => {
      const features = NO_FEATURES.with(0, at % 2);
      return { id: String(at), space: 'test', vector: near(0, random), features, smallOk: 1 - (at % 2), largeOk: 1 };
    });
    const classifier = fitted(some);
    const of = (first: number): number => classifier.predict(near(0, random), NO_FEATURES.with(0, first))?.loss ?? 0;
    assert.ok(of(1) - of(0) > 0.3, `${of(0)} and ${of(1)}`);
  });

  it('learns from tiers that somebody named', () => {
    const some = examples(200).map(({ id, space, vector, features }): Example => {
      return { id, space, vector, features, tier: Number(id) % 2 === 0 ? 'simple' : 'reasoning' };
    });
    const classifier = fitted(some);
    assert.ok(scoreOfLoss(lossAt(classifier, 0) ?? 1) < 0.5);
    assert.ok(scoreOfLoss(lossAt(classifier, 1) ?? 0) > 0.75);
  });

  it('says nothing with too few examples, or where none is near', () => {
    assert.equal(lossAt(fitted(examples(FEWEST_EXAMPLES - 1)), 0), undefined);
    const classifier = fitted(examples(FEWEST_EXAMPLES));
    assert.notEqual(lossAt(classifier, 0), undefined);
    assert.equal(lossAt(classifier, 5), undefined);
    assert.equal(classifier.predict(new Float32Array(DIMENSIONS - 1), NO_FEATURES), undefined);
    assert.equal(classifier.predict(near(0, Math.random), NO_FEATURES, [{ id: 'gone', similarity: 1 }]), undefined);
  });

  it('guesses the same from the same examples in any order, and as if what is forgotten had never been there', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(examples(120), { minLength: 60 }), fc.nat(100), (some, extra) => {
        const [inOrder, shuffled] = [new Classifier(DIMENSIONS), new Classifier(DIMENSIONS)];
        inOrder.fit(some.toSorted((one, other) => Number(one.id) - Number(other.id)));
        const others = examples(extra, 5).map((example) => ({ ...example, id: `extra ${example.id}` }));
        for (const example of [...some, ...others]) shuffled.learn(example);
        for (const { id } of others) shuffled.forget(id);
        shuffled.fit([]);
        for (const direction of [0, 1]) {
          const [one = 0, other = 1] = [lossAt(inOrder, direction), lossAt(shuffled, direction)];
          assert.ok(Math.abs(one - other) < 1e-4, `${one} and ${other}`);
        }
      }),
      { numRuns: 15 },
    );
  });

  it('takes an example of the same id in place of the earlier one, and none that says nothing', () => {
    const [first] = examples(1);
    assert.ok(first);
    const classifier = new Classifier(DIMENSIONS);
    assert.deepEqual(classifier.learn(first), []);
    assert.deepEqual(classifier.learn({ ...first, smallOk: 0 }), []);
    assert.equal(classifier.size, 1);
    assert.deepEqual(classifier.learn({ ...first, id: 'silent', smallOk: undefined }), ['silent']);
    assert.deepEqual(classifier.learn({ ...first, id: 'odd', smallOk: Number.NaN }), ['odd']);
    assert.deepEqual(classifier.learn({ ...first, id: 'short', vector: new Float32Array(2) }), ['short']);
    assert.equal(classifier.size, 1);
    assert.deepEqual(classifier.learn({ ...first, smallOk: undefined }), [first.id]);
    assert.equal(classifier.size, 0, 'what it said before is gone as well');
  });

  it('promise 11: forgets what came first', () => {
    const classifier = new Classifier(DIMENSIONS);
    const forgotten = examples(MOST_EXAMPLES + 3).flatMap((example) => classifier.learn(example));
    assert.deepEqual(forgotten, ['0', '1', '2']);
    assert.equal(classifier.size, MOST_EXAMPLES);
  });

  it('folds long vectors', () => {
    const classifier = new Classifier(2000);
    const some = Array.from({ length: 60 }, (_, at): Example => {
      return {
        id: String(at),
        space: 'long',
        vector: halfOf(at),
        features: NO_FEATURES,
        smallOk: 1 - (at % 2),
      };
    });
    classifier.fit(some);
    const of = (at: number): number => classifier.predict(halfOf(at), NO_FEATURES)?.loss ?? Number.NaN;
    assert.ok(of(1) > of(0) + 0.3, `${of(0)} and ${of(1)}`);
  });
});

describe('what a loss scores', () => {
  it('rises with it, from 0 to below 1, and back', () => {
    assert.deepEqual([scoreOfLoss(-0.3), scoreOfLoss(0), scoreOfLoss(0.2), scoreOfLoss(0.4)], [0, 0, 0.5, 0.75]);
    assert.ok(Math.abs(lossOfScore(scoreOfLoss(0.33)) - 0.33) < 1e-9);
    assert.equal(lossOfScore(1), 1);
  });
});
