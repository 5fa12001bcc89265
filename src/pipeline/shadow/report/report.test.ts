import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { pairSums, type Side } from '../compare/pair.ts';
import { type Sums, addTo, binned, quantileOf, sumAt } from '../sums.ts';
import { costRatioOf, factorOf, shareOf } from './intervals.ts';
import { reportOf } from './report.ts';
import { wordsOf } from './words.ts';

const side = (parts: Partial<Side>): Side => {
  return { said: undefined, finishReason: 'stop', latencyMs: 100, ttftMs: undefined, nanoUsd: 1000, ...parts };
};

function sumsOf(all: readonly (readonly [live: Partial<Side>, candidate: Partial<Side>])[]): Sums {
  const sums: Sums = {};
  for (const [live, candidate] of all) {
    addTo(sums, pairSums({ live: side(live), candidate: side(candidate), asked: undefined }));
  }
  return sums;
}

const pairsOf = (n: number, live: Partial<Side>, candidate: Partial<Side>) =>
  Array.from({ length: n }, () => [live, candidate] as const);

describe('sums of pairs', () => {
  const money = fc.integer({ min: 0, max: 1_000_000 });
  const ms = fc.integer({ min: 1, max: 100_000 });
  const anySide = fc.record({ nanoUsd: fc.option(money, { nil: undefined }), latencyMs: ms });

  it('are the same however they are added up', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anySide, anySide)), fc.nat(), (all, cut) => {
        const at = all.length === 0 ? 0 : cut % all.length;
        const [one, other] = [sumsOf(all.slice(0, at)), sumsOf(all.slice(at))];
        addTo(other, one);
        const [parted, whole] = [
          reportOf({ pairs: other, candidate: {} }),
          reportOf({ pairs: sumsOf(all), candidate: {} }),
        ];
        assert.equal(parted.pairs, whole.pairs);
        assert.equal(parted.cost.liveNanoUsd, whole.cost.liveNanoUsd);
        assert.equal(parted.latency.liveP95Ms, whole.latency.liveP95Ms);
        assert.ok(Math.abs((parted.latency.times?.value ?? 0) - (whole.latency.times?.value ?? 0)) < 1e-6);
      }),
    );
  });

  it('quantiles are within a twentieth of what they are', () => {
    fc.assert(
      fc.property(fc.array(ms, { minLength: 1, maxLength: 200 }), fc.constantFrom(0.5, 0.95), (times, share) => {
        const bins: Sums = {};
        for (const time of times) addTo(bins, binned(time));
        const exact = times.toSorted((a, b) => a - b)[Math.ceil(share * times.length) - 1] ?? 0;
        const found = quantileOf(bins, share) ?? 0;
        assert.ok(Math.abs(found / exact - 1) < 0.05, `${found} for ${exact}`);
      }),
    );
  });

  it('what is stored and no sum counts for nothing', () => {
    const sums: Sums = { a: 1 };
    addTo(sums, JSON.parse('{"a": 2, "b": null, "c": "3", "d": [1], "e": {"f": 4}}') as Sums);
    assert.deepEqual(sums, { a: 3, e: { f: 4 } });
  });
});

describe('intervals', () => {
  it('of shares are Wilson’s', () => {
    const found = shareOf(12, 100);
    assert.ok(found?.low !== undefined && found.high !== undefined);
    // Known values: 12 of 100.
    assert.ok(Math.abs(found.low - 0.07) < 0.001 && Math.abs(found.high - 0.198) < 0.001, JSON.stringify(found));
    assert.equal(shareOf(0, 10)?.low, 0);
    assert.equal(shareOf(0, 0), undefined);
  });

  it('of ratios hold the true one about as often as they say', () => {
    const random = seeded(7);
    let [costs, times] = [0, 0];
    for (let run = 0; run < 400; run += 1) {
      const [cost, latency]: [Sums, Sums] = [{}, {}];
      for (let at = 0; at < 60; at += 1) {
        const live = 1000 * Math.exp(random());
        const candidate = live * 0.3 * Math.exp(0.4 * random() - 0.08);
        const sums = pairSums({
          live: side({ nanoUsd: live }),
          candidate: side({ nanoUsd: candidate }),
          asked: undefined,
        });
        addTo(cost, sums['cost'] as Sums);
        const log = Math.log(1.3) + 0.5 * random();
        addTo(latency, { n: 1, sum: log, squares: log * log });
      }
      const [ratio, factor] = [costRatioOf(cost), factorOf(latency)];
      if (holds(ratio, 0.3)) costs += 1;
      if (holds(factor, 1.3)) times += 1;
    }
    assert.ok(costs > 400 * 0.88 && costs <= 400, `${costs}`);
    assert.ok(times > 400 * 0.91 && times < 400, `${times}`);
  });
});

/** Of so many pairs, and what their judge said. */
function judgedWords(n: number, judge: Sums): string {
  const pairs = sumsOf(pairsOf(n, {}, {}));
  addTo(pairs, { judge });
  return wordsOf(reportOf({ pairs, candidate: {} }));
}

describe('a verdict', () => {
  it('says what is otherwise, in one sentence for each thing', () => {
    const live: Partial<Side> = { said: { text: 'x'.repeat(100), tools: [] } };
    const candidate: Partial<Side> = { nanoUsd: 290, latencyMs: 130, said: { text: 'x'.repeat(150), tools: [] } };
    const pairs = sumsOf(pairsOf(1000, live, candidate));
    addTo(pairs, {
      similarity: { n: 1000, sum: 900, alike: 940 },
      judge: { n: 200, worse: 24, better: 10, same: 166, first: 20 },
    });
    const words = wordsOf(reportOf({ pairs, candidate: { requests: 1010, errors: { provider_error: 10 } } }));
    assert.equal(
      words,
      'Over 1000 requests the candidate costs 71 % less and is 1.3 times as slow. ' +
        'It says nearly the same in 94 % (92 % to 95 %) of 1000 answers. Its answers are 1.5 times as long. ' +
        'The judge finds it worse in 12 % (8.2 % to 17 %) and better in 5.0 % (2.7 % to 9.0 %) of 200. ' +
        '1.0 % (0.5 % to 1.8 %) of 1010 requests failed at it.',
    );
  });

  it('says that there are too few, and why so many were left out', () => {
    const report = reportOf({ pairs: { pairs: 3, leftOut: { cached: 2, budget: 40 } }, candidate: { requests: 5 } });
    assert.equal(
      wordsOf(report),
      '3 pairs are too few to say anything; 30 are needed. 2 of 5 requests failed at the candidate. ' +
        'Most that were left out were so for "budget": 40.',
    );
  });

  it('does not trust a judge that chooses by the order', () => {
    const pairs = sumsOf(pairsOf(100, {}, {}));
    addTo(pairs, { judge: { n: 100, worse: 50, better: 50, first: 95 } });
    assert.match(wordsOf(reportOf({ pairs, candidate: {} })), /tends to the answer that stands first/);
    assert.match(wordsOf(reportOf({ pairs, candidate: {} })), /costs about the same and takes about as long/);
  });

  it('does not keep quiet of a judge that says nothing, or little', () => {
    assert.match(judgedWords(53, { unclear: 53 }), /judge said none of first, second or same on 53 of 53\./);
    assert.match(judgedWords(5, { unclear: 5 }), /too few.*none of first, second or same on 5 of 5\./);
    assert.match(
      judgedWords(100, { n: 40, same: 40, unasked: 60 }),
      /worse in 0 %.* no answer on 60 of 100, or was beyond/,
    );
    assert.match(judgedWords(100, { n: 7, same: 7 }), /judge compared 7, too few/);
    assert.doesNotMatch(judgedWords(100, { n: 95, same: 95, unclear: 5 }), /none of|no answer/);
    assert.doesNotMatch(judgedWords(100, {}), /judge/);
  });

  it('does not make up what nobody knows', () => {
    const pairs = sumsOf(pairsOf(100, { nanoUsd: undefined, latencyMs: undefined }, {}));
    assert.equal(sumAt(pairs, 'costUnknown'), 100);
    assert.match(
      wordsOf(reportOf({ pairs, candidate: {} })),
      /costs what nobody knows and takes a time that nobody measured/,
    );
  });
});

function holds(estimate: ReturnType<typeof factorOf>, value: number): boolean {
  return estimate?.low !== undefined && estimate.high !== undefined && estimate.low <= value && value <= estimate.high;
}

/** Of the standard normal distribution, the same each time. */
function seeded(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
