import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../../test/support/fast-check.ts';
import { seededRandom } from '../../../../models/simulator/random.ts';
import { DriftAlarm } from './drift-alarm.ts';
import { EntryEvidence } from './entry-evidence.ts';
import { ServingEstimator } from './estimator.ts';
import { type Neighbour, neighbourOf, standingOf } from './neighbour.ts';
import { RateBound } from './poisson-bound.ts';
import { RecentTexts } from './recent-texts.ts';
import { StandingCounts } from './standing-counts.ts';

/** The standing is this, and the entry one of many. */
function standing(at: number, entry = 'e'): Neighbour {
  return { entry, similarity: at, rival: at, supporters: 0 };
}

interface Life {
  readonly maxErrorRate: number;
  readonly requests: number;
  readonly seed: number;
  /** Chance that a neighbour of this standing is right, at this request. */
  readonly right: (at: number, request: number) => number;
}

/** An estimator's life: neighbours of all standings from 0.5 up to 1.5, right with a chance that it does not know. */
function live({ maxErrorRate, requests, seed, right }: Life) {
  const random = seededRandom(seed);
  const estimator = new ServingEstimator({ maxErrorRate, confidence: 0.95, random: seededRandom(seed + 1) });
  const seen = { served: 0, wrong: 0, lateServed: 0 };
  for (let request = 0; request < requests; request += 1) {
    const at = 0.5 + random();
    const same = random() < right(at, request);
    const neighbour = standing(at, `entry ${request}`);
    if (estimator.decide(neighbour).kind === 'explore') {
      estimator.observe(neighbour, same);
      continue;
    }
    seen.served += 1;
    if (request > requests / 2) seen.lateServed += 1;
    if (!same) seen.wrong += 1;
  }
  return { ...seen, view: estimator.view() };
}

/** Half right at 0.8, 99.9 % near the top. */
const surerAbove = (at: number): number => 1 / (1 + Math.exp(-12 * (at - 0.8)));

const seeds = (count: number): number[] => Array.from({ length: count }, (_, at) => at * 31 + 1);

/** @returns µs of CPU each */
function cpuOf(times: number, act: (at: number) => void): number {
  const began = process.cpuUsage();
  for (let at = 0; at < times; at += 1) act(at);
  const { user, system } = process.cpuUsage(began);
  return (user + system) / times;
}

describe('the bound of a rate', () => {
  it('is what so many labels can rule out', () => {
    const bound = new RateBound(0.95);
    // -ln(0.05) of labels without a wrong one, and Garwood's table for 1 and 10.
    assert.ok(Math.abs(bound.mostExpected(0) - 2.9957) < 0.001);
    assert.ok(Math.abs(bound.mostExpected(1) - 4.7439) < 0.001);
    assert.ok(Math.abs(bound.mostExpected(10) - 16.9622) < 0.001);
    assert.equal(bound.of(0, 0), 1);
    assert.equal(bound.of(5, 5), 1);
  });

  it('grows with wrong labels, with confidence, and goes on smoothly beyond its table', () => {
    const bound = new RateBound(0.95);
    const surer = new RateBound(0.99);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 600 }), (wrong) => {
        assert.ok(bound.mostExpected(wrong + 1) > bound.mostExpected(wrong));
        assert.ok(surer.mostExpected(wrong) > bound.mostExpected(wrong));
        assert.ok(bound.mostExpected(wrong) > wrong);
      }),
    );
    const [last, next] = [bound.mostExpected(400), bound.mostExpected(401)];
    assert.ok(next - last > 0.9 && next - last < 1.2, `${last} then ${next}`);
  });
});

describe('a neighbour', () => {
  it('has as rival the nearest whose answer differs, and as supporters those before it', () => {
    const ranked = [
      { entry: 'a', similarity: 0.9, answer: 'x' },
      { entry: 'b', similarity: 0.8, answer: 'x' },
      { entry: 'c', similarity: 0.7, answer: 'y' },
      { entry: 'd', similarity: 0.6, answer: 'x' },
    ];
    assert.deepEqual(neighbourOf(ranked), { entry: 'a', similarity: 0.9, rival: 0.7, supporters: 1 });
    assert.deepEqual(neighbourOf(ranked.slice(0, 2), false), {
      entry: 'a',
      similarity: 0.9,
      rival: 0.8,
      supporters: 1,
    });
    assert.equal(neighbourOf(ranked.slice(0, 2), true)?.rival, 0);
    assert.equal(neighbourOf([]), undefined);
  });

  it('stands better where it is more similar, has more supporters, or its rival is further', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, share, fc.nat({ max: 9 }), (similarity, part, supporters) => {
        const here = { entry: 'a', similarity, rival: similarity * part, supporters };
        assert.ok(standingOf({ ...here, supporters: supporters + 1 }) > standingOf(here));
        assert.ok(standingOf({ ...here, rival: here.rival / 2 }) >= standingOf(here));
      }),
    );
  });
});

describe('promise 8: of the answers that are served by meaning no more are wrong than the owner allowed', () => {
  for (const maxErrorRate of [0.01, 0.02, 0.05]) {
    it(`holds ${maxErrorRate} where the chance to be right grows with the standing`, () => {
      let served = 0;
      for (const seed of seeds(8)) {
        const life = live({ maxErrorRate, requests: 6000, seed, right: surerAbove });
        served += life.served;
        assert.ok(life.wrong <= maxErrorRate * life.served, `seed ${seed}: ${life.wrong} of ${life.served}`);
      }
      assert.ok(served / 8 > 500, `serves ${served / 8} of 6000`);
    });

    it(`serves next to nothing at ${maxErrorRate} where a little more than that is wrong at any standing`, () => {
      // Worst of all rates: it looks at every label, and a little luck would open the gate.
      const lives = seeds(30).map((seed) =>
        live({ maxErrorRate, requests: 2500, seed, right: () => 1 - maxErrorRate * 1.5 }),
      );
      const opened = lives.filter(({ served }) => served > 0).length;
      assert.ok(opened <= 6, `${opened} of 30 served`);
    });
  }

  it('serves nothing at all where similarity says nothing', () => {
    for (const seed of seeds(10)) {
      const life = live({ maxErrorRate: 0.05, requests: 2000, seed, right: () => 0.6 });
      assert.deepEqual([life.served, life.view.servesFrom], [0, null]);
    }
  });

  it('never serves before there are labels enough to rule a higher rate out', () => {
    const estimator = new ServingEstimator({ maxErrorRate: 0.02, confidence: 0.95, random: () => 0.9 });
    const enough = Math.ceil(-Math.log(0.05) / 0.02);
    for (let label = 0; label < enough; label += 1) {
      assert.deepEqual(estimator.decide(standing(1)), { kind: 'explore', reason: 'uncertain' }, `after ${label}`);
      estimator.observe(standing(1, `entry ${label}`), true);
    }
  });
});

/** Served at 1 from here on. */
function trusting(random: () => number, labels = 2000): ServingEstimator {
  const estimator = new ServingEstimator({ maxErrorRate: 0.02, confidence: 0.95, random });
  for (let label = 0; label < labels; label += 1) estimator.observe(standing(1, `entry ${label}`), true);
  return estimator;
}

describe('the serving estimator', () => {
  it('says what its labels bound the error rate by, once it serves anything', () => {
    const learning = new ServingEstimator({ maxErrorRate: 0.02, confidence: 0.95, random: () => 0.9 });
    for (let label = 0; label < 10; label += 1) learning.observe(standing(1, `entry ${label}`), true);
    const { errorBound, maxErrorRate, confidence } = learning.view();
    assert.deepEqual([errorBound, maxErrorRate, confidence], [null, 0.02, 0.95]);

    const one = trusting(() => 0.9, 400);
    const before = one.view().errorBound ?? 1;
    assert.ok(Math.abs(before - -Math.log(0.05) / 400) < 1e-6, `${before}`);
    one.observe(standing(1, 'a wrong one'), false);
    const after = one.view().errorBound ?? 0;
    assert.ok(Math.abs(after - 4.7439 / 401) < 1e-5, `${after}`);
    // What stands worse than all that is served says nothing of it.
    for (const name of ['b', 'c', 'd']) one.observe(standing(0.5, name), false);
    assert.equal(one.view().errorBound, after);
  });

  it('goes on asking about some of what it could serve', () => {
    const estimator = trusting(seededRandom(3));
    const kinds = Array.from({ length: 4000 }, () => estimator.decide(standing(1)));
    const sampled = kinds.filter((one) => one.kind === 'explore' && one.reason === 'sampled').length;
    assert.ok(sampled > 140 && sampled < 260, `${sampled} of 4000`);
  });

  it('stops serving when what was right is wrong now', () => {
    const requests = 8000;
    const right = (_at: number, request: number): number => (request < requests / 2 ? 0.9995 : 0.5);
    for (const seed of seeds(5)) {
      const { view, lateServed } = live({ maxErrorRate: 0.02, requests, seed, right });
      assert.equal(view.servesFrom, null);
      assert.ok(lateServed < 400, `${lateServed} served after it`);
    }
  });

  it('throws away what it learned long ago when that is no longer true', () => {
    const estimator = trusting(seededRandom(2), 15_000);
    let served = 0;
    for (let request = 0; request < 1000 && estimator.view().alarms === 0; request += 1) {
      const neighbour = standing(1, `later ${request}`);
      if (estimator.decide(neighbour).kind === 'serve') served += 1;
      else estimator.observe(neighbour, request % 2 === 0);
    }
    const { alarms, labels, servesFrom } = estimator.view();
    assert.deepEqual([alarms, labels, servesFrom], [1, 0, null]);
    assert.ok(served < 150, `served ${served} before`);
  });

  it('asks about an entry that was wrong once, where it stands no better than then', () => {
    const estimator = trusting(() => 0.9);
    assert.equal(estimator.decide(standing(1, 'bad')).kind, 'serve');
    estimator.observe(standing(1, 'bad'), false);
    assert.deepEqual(estimator.decide(standing(1, 'bad')), { kind: 'explore', reason: 'uncertain' });
    assert.equal(estimator.decide(standing(1.2, 'bad')).kind, 'serve');
    assert.equal(estimator.decide(standing(1, 'good')).kind, 'serve');
    estimator.forget('bad');
    assert.equal(estimator.decide(standing(1, 'bad')).kind, 'serve');
  });

  it('serves an entry by its own labels where those of all together do not suffice', () => {
    const estimator = new ServingEstimator({ maxErrorRate: 0.05, confidence: 0.95, random: () => 0.9 });
    for (let label = 0; label < 300; label += 1) estimator.observe(standing(0.7, `entry ${label}`), label % 3 > 0);
    for (let label = 0; label < 80; label += 1) estimator.observe(standing(0.7, 'sure'), true);
    assert.equal(estimator.decide(standing(0.7, 'sure')).kind, 'serve');
    assert.equal(estimator.decide(standing(0.6, 'sure')).kind, 'explore');
    assert.equal(estimator.decide(standing(0.7, 'other')).kind, 'explore');
  });

  it('asks the model where the same text was served before, so that it becomes an exact hit', () => {
    const estimator = trusting(() => 0.9);
    assert.equal(estimator.decide(standing(1), 'how so?').kind, 'serve');
    assert.deepEqual(estimator.decide(standing(1), 'how so?'), { kind: 'explore', reason: 'repeated' });
    assert.equal(estimator.decide(standing(1), 'why so?').kind, 'serve');
  });

  it('decides in less than 20 µs, and learns in less than 50', () => {
    const estimator = trusting(seededRandom(1));
    assert.ok(cpuOf(20_000, (at) => estimator.decide(standing(1), `text number ${at}`)) < 20);
    assert.ok(cpuOf(20_000, (at) => estimator.observe(standing((at % 90) / 60, `new ${at}`), at % 50 > 0)) < 50);
  });
});

describe('promise 11: what an estimator remembers is bounded', () => {
  it('forgets the entries without news for longest', () => {
    const evidence = new EntryEvidence(100);
    for (let entry = 0; entry < 5000; entry += 1) evidence.note(`entry ${entry}`, 1, false);
    assert.equal(evidence.size, 2000);
    assert.equal(evidence.of('entry 4999', 1), 'barred');
    assert.equal(evidence.of('entry 0', 1), 'pool');
  });

  it('forgets the texts that were served longest ago', () => {
    const texts = new RecentTexts();
    for (let text = 0; text < 5000; text += 1) texts.note(`text ${text}`);
    assert.deepEqual([texts.take('text 0'), texts.take('text 4999'), texts.take('text 4999')], [false, true, false]);
  });

  it('lets old labels count half in the long run', () => {
    const counts = new StandingCounts();
    for (let label = 0; label < 100_000; label += 1) counts.add(1, true);
    assert.ok(counts.labels <= 20_000);
  });
});

describe('what an entry has to show', () => {
  it('is more after each failure', () => {
    const evidence = new EntryEvidence(10);
    const show = (times: number): void => {
      for (let time = 0; time < times; time += 1) evidence.note('e', 1, true);
    };
    show(10);
    assert.equal(evidence.of('e', 1), 'proven');
    evidence.note('e', 1, false);
    show(19);
    assert.equal(evidence.of('e', 1), 'barred');
    show(1);
    assert.equal(evidence.of('e', 1), 'proven');
  });
});

describe('the alarm', () => {
  it('seldom rings at the allowed rate, and soon at ten times of it', () => {
    const random = seededRandom(5);
    const until = (rate: number): number => {
      const alarm = new DriftAlarm(0.02);
      for (let label = 1; label <= 5000; label += 1) if (alarm.note(random() >= rate)) return label;
      return 5000;
    };
    const median = (rate: number): number =>
      seeds(21)
        .map(() => until(rate))
        .toSorted((a, b) => a - b)[10] ?? 0;
    assert.ok(median(0.02) > 1000, `allowed: after ${median(0.02)}`);
    assert.ok(median(0.2) < 100, `ten times: after ${median(0.2)}`);
  });
});
