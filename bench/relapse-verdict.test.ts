import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  type Compared,
  compare,
  isUnrecorded,
  isWorse,
  ratiosOf,
  renderCompared,
  renderVerdict,
} from './relapse-verdict.ts';
import type { Round } from './rounds.ts';

const FIGURES = {
  answers: 1000,
  errors: 0,
  firstError: undefined,
  requestsPerSecond: 5000,
  p50Ms: 1,
  p99Ms: 2,
  allCpuUsPerRequest: 200,
  threadBusy: 0.9,
  rssBytes: 0,
  sent: 1100,
  records: undefined,
};

/** Rounds in which the gateway takes so many times the floor's CPU, on a machine that is slower from round to round. */
function roundsOf(name: string, times: readonly number[]): Round[] {
  return times.flatMap((ratio, at): Round[] => {
    const floorUs = 50 * (at + 1);
    const shared = { ...FIGURES, case: name, round: at + 1 };
    return [
      { ...shared, party: 'floor', threadCpuUsPerRequest: floorUs },
      { ...shared, party: 'causeway', threadCpuUsPerRequest: floorUs * ratio },
    ];
  });
}

function comparedOf(times: readonly number[], recorded: number | undefined): Compared {
  const [one] = compare(roundsOf('chat-32', times), recorded === undefined ? {} : { 'chat-32': recorded });
  assert.ok(one);
  return one;
}

test('what counts is the median of the paired ratios: one round that went wrong does not', () => {
  const compared = comparedOf([2, 2.1, 9], 2);
  assert.equal(compared.seen.median.toFixed(3), '2.100');
  assert.equal(isWorse(compared), false);
});

test('worse is what costs more than 15 % over the recorded ratio', () => {
  assert.equal(isWorse(comparedOf([2.29], 2)), false);
  assert.equal(isWorse(comparedOf([2.31], 2)), true);
  assert.equal(isWorse(comparedOf([1], 2)), false);
  assert.equal(isWorse(comparedOf([Number.NaN], 2)), true);
});

test('a case that was not recorded is not worse, and it says so', () => {
  const compared = comparedOf([3], undefined);
  assert.deepEqual([isWorse(compared), isUnrecorded(compared)], [false, true]);
  assert.match(renderVerdict([compared]).join(), /Not all of these were recorded/);
});

test('what is recorded is compared with itself as no change', () => {
  const rounds = [...roundsOf('chat-32', [1.5, 1.6, 1.7]), ...roundsOf('hit-32', [0.5])];
  const ratios = ratiosOf(compare(rounds, {}));
  assert.deepEqual(ratios, { 'chat-32': 1.6, 'hit-32': 0.5 });
  assert.deepEqual(
    compare(rounds, ratios).map(({ change }) => change?.toFixed(3)),
    ['1.000', '1.000'],
  );
});

test('the verdict says what is worse and by how much, or what has become better', () => {
  const worse = comparedOf([2.5], 2);
  assert.match(renderCompared([worse]), /\| chat-32 \| +2.50× \| +2.00× \| \+25.0 % \|/);
  assert.deepEqual(renderVerdict([worse]), [
    'WORSE: chat-32 needs 25.0 % more CPU than recorded; at most 15.0 % is let through',
  ]);
  assert.match(renderVerdict([comparedOf([1.5], 2)]).join('\n'), /No case.*\nBETTER: chat-32/);
});
