import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { configOf } from '../../../test/support/config-of.ts';
import * as fc from '../../../test/support/fast-check.ts';
import { seededRandom } from '../../models/simulator/random.ts';
import { type ModelAdvice, adviseOn } from './advise.ts';
import { Blocks } from './blocks.ts';
import type { Fact } from './fact.ts';
import { askCost, policiesOf } from './policies.ts';
import { canaryName, canarySnippet, modelSnippet } from './snippet.ts';

const [SMALL, LARGE] = ['sim/small', 'sim/large'] as const;

interface Made extends Partial<Fact> {
  readonly small?: number;
  readonly large?: number;
}

/** A request that the large target answered, but for what the test says; each of its own conversation. */
function factsOf(count: number, make: (at: number, random: () => number) => Made): Fact[] {
  const random = seededRandom(7);
  return Array.from({ length: count }, (_, at) => {
    const { small = 1000, large = 10_000, ...parts } = make(at, random);
    const target = parts.target ?? LARGE;
    return {
      traceId: `${at}`,
      cluster: `conversation ${at}`,
      target,
      paidNanoUsd: target === LARGE ? large : small,
      isServed: false,
      latencyMs: target === LARGE ? 2000 : 500,
      latenciesMs: new Map([[target === LARGE ? SMALL : LARGE, target === LARGE ? 500 : 2000]]),
      costs: new Map([
        [SMALL, small],
        [LARGE, large],
      ]),
      score: 0.1,
      byExamples: undefined,
      shownChars: 100,
      isRepeat: false,
      label: undefined,
      ...parts,
    };
  });
}

/** The first thousand are judged by examples, and nothing by the rules. */
function drawn(at: number, score: number): Made {
  return { score: undefined, byExamples: at < 1000 ? score : undefined };
}

function adviceOn(facts: readonly Fact[], parts: Partial<Parameters<typeof adviseOn>[0]> = {}): ModelAdvice {
  return adviseOn({
    model: 'chat',
    facts,
    targets: [SMALL, LARGE],
    askPrices: new Map([[SMALL, { input: 0.1, output: 0.4 }]]),
    escalated: new Map(),
    isCached: true,
    ...parts,
  });
}

const chosenIn = ({ advice }: ModelAdvice) => ('chosen' in advice ? advice.chosen : undefined);
const named = ({ evaluations }: ModelAdvice, name: RegExp) => evaluations.find(({ policy }) => name.test(policy.name));

describe('advice', () => {
  test('is none where every request is demanding: there is nothing to send to the small one', () => {
    const advised = adviceOn(factsOf(400, () => ({ score: 0.9 })));
    assert.equal(advised.advice.kind, 'none', advised.advice.reason);
  });

  test('is none where prices are the same', () => {
    const advised = adviceOn(factsOf(400, () => ({ small: 5000, large: 5000 })));
    assert.equal(advised.advice.kind, 'none', advised.advice.reason);
  });

  test('is a trial where much is saved and nobody said how good answers are, and never everything on the small one', () => {
    const advised = adviceOn(factsOf(400, (at) => ({ score: at % 4 === 0 ? 0.9 : 0.1 })));
    assert.equal(advised.advice.kind, 'try');
    const chosen = chosenIn(advised);
    assert.deepEqual([chosen?.policy.kind, chosen?.policy.threshold], ['rules', 0.5]);
    assert.ok(Math.abs((chosen?.saving.value ?? 0) - 0.675) < 1e-9);
    assert.ok((chosen?.saving.low ?? 0) < 0.675 && (chosen?.saving.high ?? 0) > 0.675);
    assert.ok((named(advised, /^everything on sim\/small$/)?.saving.value ?? 0) > 0.675);
  });

  test('is to use it where labels show that answers are as good', () => {
    const advised = adviceOn(
      factsOf(3000, (at, random) => ({
        target: at % 3 === 0 ? SMALL : LARGE,
        label: random() < 0.98 ? 1 : 0,
      })),
    );
    assert.equal(advised.advice.kind, 'use', advised.advice.reason);
    assert.equal(chosenIn(advised)?.quality.kind, 'measured');
  });

  test('is a trial where a few labels are all good, and never everything on the small one', () => {
    const few = factsOf(5000, (at) => ({
      target: at < 200 ? SMALL : LARGE,
      label: at % 200 < 20 && at < 400 ? 1 : undefined,
    }));
    const advised = adviceOn(few);
    assert.equal(advised.labels, 40);
    assert.equal(advised.advice.kind, 'try', advised.advice.reason);
    assert.equal(chosenIn(advised)?.policy.kind, 'rules');
    assert.match(advised.advice.reason, /about \d+ of each target would tell/);
    const unclear = adviceOn(
      factsOf(1000, (at) => ({
        score: at % 2 ? 0.1 : 0.9,
        target: at % 3 === 0 ? SMALL : LARGE,
        label: at % 5 === 0 ? Number(at % 50 !== 15) : undefined,
      })),
    );
    assert.equal(unclear.advice.kind, 'try', unclear.advice.reason);
    assert.ok(chosenIn(unclear)?.policy.isUsual, unclear.advice.reason);
  });

  test('is none where labels show harm', () => {
    const advised = adviceOn(
      factsOf(1200, (at, random) => {
        const target = at % 3 === 0 ? SMALL : LARGE;
        return { target, label: random() < (target === LARGE ? 0.95 : 0.6) ? 1 : 0 };
      }),
    );
    assert.equal(advised.advice.kind, 'none', advised.advice.reason);
    assert.match(advised.advice.reason, /worse/);
  });

  test('follows labels by how demanding requests are: the small one does for the simple ones alone', () => {
    const advised = adviceOn(
      factsOf(6000, (at, random) => {
        const score = at % 2 === 0 ? 0.1 : 0.6;
        const target = at % 4 === 0 || at % 8 === 1 ? SMALL : LARGE;
        return { target, score, label: random() < (target === SMALL && score > 0.5 ? 0.5 : 0.98) ? 1 : 0 };
      }),
    );
    const harm = named(advised, /^everything on sim\/small$/)?.quality;
    assert.ok(harm?.kind === 'measured' && harm.difference.high < 0);
    // An eighth of them, which the small one answered badly, goes to the large one.
    const split = named(advised, /^rules below 0\.5 /)?.quality;
    const gained = split?.kind === 'measured' ? split.difference.value : Number.NaN;
    assert.ok(Math.abs(gained - 0.48 / 8) < 0.02, `${gained}`);
  });

  test('is none where what is saved rests on a few requests', () => {
    const facts = factsOf(400, (at) => (at === 7 ? { large: 9_000_000, score: 0.1 } : { small: 10_010, score: 0.1 }));
    const advised = adviceOn(facts);
    assert.ok((named(advised, /^rules below 0\.5 /)?.saving.value ?? 0) > 0.5);
    assert.equal(advised.advice.kind, 'none', advised.advice.reason);
  });

  test('says so where there is too little of anything', () => {
    assert.equal(adviceOn(factsOf(100, () => ({}))).advice.kind, 'too-little');
    const oneTalk = adviceOn(factsOf(1000, () => ({ cluster: 'conversation 1' })));
    assert.equal(oneTalk.advice.kind, 'too-little', oneTalk.advice.reason);
    assert.equal(adviceOn([]).advice.kind, 'too-little');
  });

  test('is by examples what those say that were drawn, however many requests there are', () => {
    const advised = adviceOn(factsOf(5000, (at) => drawn(at, at % 4 === 0 ? 0.9 : 0.1)));
    assert.equal(advised.advice.kind, 'try', advised.advice.reason);
    const chosen = chosenIn(advised);
    assert.deepEqual([chosen?.policy.kind, chosen?.requests, chosen?.share], ['embedding', 1000, 1]);
    const unclear = adviceOn(
      factsOf(5000, (at) => (at % 3 === 0 ? drawn(at, 0.1) : { score: undefined, byExamples: 'unclear' })),
    );
    assert.equal(unclear.advice.kind, 'none');
    assert.match(unclear.advice.reason, /can be judged on \d+\.\d % of the requests only/);
  });

  test('is the exact cache where requests are repeated and nothing else is sure', () => {
    const facts = factsOf(400, (at) => ({ score: 0.9, isRepeat: at % 2 === 0 }));
    const advised = adviceOn(facts, { isCached: false });
    assert.equal(advised.advice.kind, 'use');
    assert.equal(chosenIn(advised)?.policy.name, 'exact cache');
    assert.equal(chosenIn(advised)?.saving.value, 0.5);
    assert.equal(adviceOn(facts).advice.kind, 'none');
  });

  test('does not pay for a classifier that costs more than it saves', () => {
    const cheap = { small: 900, large: 1000 };
    const advised = adviceOn(
      factsOf(400, (at) => ({ ...cheap, score: at % 2 ? 0.9 : 0.1, shownChars: 2000 })),
      {
        askPrices: new Map([[SMALL, { input: 1, output: 4 }]]),
      },
    );
    const asked = named(advised, /asked first/);
    assert.ok((asked?.saving.high ?? 0) < 0);
    assert.ok(asked?.policy.isAssumed);
    assert.ok(askCost({ shownChars: 2000 }, { input: 1, output: 4 }) > 500);
  });

  test('a cascade pays for both answers where the first one would not do', () => {
    const facts = factsOf(400, () => ({}));
    const often = named(adviceOn(facts, { escalated: new Map([[SMALL, 0.95]]) }), /^cascade/);
    assert.ok(Math.abs((often?.saving.value ?? 0) - -0.05) < 1e-9);
    const seldom = adviceOn(facts, { escalated: new Map([[SMALL, 0.2]]) });
    assert.ok(Math.abs((named(seldom, /^cascade/)?.saving.value ?? 0) - 0.7) < 1e-9);
    assert.equal(named(adviceOn(facts), /^cascade/), undefined);
  });

  test('what was answered from a cache costs nothing by any policy', () => {
    const served: Made = { isServed: true, paidNanoUsd: 0, costs: new Map() };
    const advised = adviceOn(factsOf(400, (at) => (at % 2 ? served : { score: 0.9 })));
    for (const { policy, beforeNanoUsd, afterNanoUsd } of advised.evaluations) {
      if (policy.name === `everything on ${LARGE}`) assert.equal(afterNanoUsd, beforeNanoUsd);
    }
  });
});

test('savings are never more than all, and a policy that changes nothing saves nothing', () => {
  const facts = fc.array(
    fc.record({
      small: fc.integer({ min: 1, max: 5000 }),
      large: fc.integer({ min: 1, max: 50_000 }),
      score: fc.double({ min: 0, max: 1, noNaN: true }),
      target: fc.constantFrom(SMALL, LARGE),
      isRepeat: fc.boolean(),
    }),
    { minLength: 1, maxLength: 40 },
  );
  fc.assert(
    fc.property(facts, (made) => {
      const { evaluations } = adviceOn(
        factsOf(made.length, (at) => made[at] ?? {}),
        { isCached: false },
      );
      for (const { saving, moved, policy, afterNanoUsd, beforeNanoUsd } of evaluations) {
        assert.ok(saving.value <= 1);
        assert.ok(!(saving.low > saving.high));
        if (moved === 0 && !policy.hasCache && policy.kind !== 'model') assert.equal(afterNanoUsd, beforeNanoUsd);
      }
    }),
    { numRuns: 15 },
  );
});

test('an interval holds the mean that it is of about as often as it says', () => {
  const random = seededRandom(3);
  let held = 0;
  for (let run = 0; run < 60; run += 1) {
    const blocks = new Blocks(Array.from({ length: 80 }, (_, at) => `${at}`));
    const column = blocks.column().map(() => -Math.log(1 - random()));
    const ones = blocks.column().fill(1);
    const { low, high } = blocks.interval([column, ones], ([sum = 0, count = 1]) => sum / count);
    if (low < 1 && high > 1) held += 1;
  }
  // 95 of 100, give or take three standard deviations, and less for what is skewed.
  assert.ok(held >= 50, `${held} of 60`);
});

test('a policy is told with how long clients would wait and how often its targets fail', () => {
  const facts = factsOf(400, (at) => ({ score: at % 4 === 0 ? 0.9 : 0.1, isRepeat: at % 2 === 0 }));
  const failing = new Map([
    [SMALL, 0.08],
    [LARGE, 0.04],
  ]);
  const advised = adviceOn(facts, { failing, escalated: new Map([[SMALL, 0.6]]), isCached: false });
  const serviceOf = (name: RegExp) => named(advised, name)?.service;
  assert.deepEqual(serviceOf(/^rules below 0\.5 .*large$/), { medianLatencyMs: 500, errorShare: 0.07 });
  assert.deepEqual(serviceOf(/^everything on sim\/large$/), { medianLatencyMs: 2000, errorShare: 0.04 });
  assert.equal(serviceOf(/^cascade .*large$/)?.medianLatencyMs, 2500);
  // Half of them are repeated: every demanding one, and a third of the others.
  assert.deepEqual(serviceOf(/^rules below 0\.5 .*cache$/), { medianLatencyMs: 500, errorShare: 0.04 });
  assert.equal(serviceOf(/asked first.*large$/)?.medianLatencyMs, undefined);
  assert.equal(named(adviceOn(facts), /^everything on sim\/large/)?.service.errorShare, undefined);
});

test('a canary has the name of its model, and one that is free', () => {
  assert.equal(canaryName('chat', []), 'chat-cheaper');
  assert.equal(canaryName('gpt:5/x', ['gpt-5-x-cheaper']), 'gpt-5-x-cheaper-2');
});

test('what is printed for the configuration can be read by it', () => {
  const policies = policiesOf({
    targets: [SMALL, LARGE],
    pairs: [{ small: SMALL, large: LARGE }],
    hasScores: true,
    hasExamples: true,
    askPrices: new Map([[SMALL, { input: 1, output: 1 }]]),
    escalated: new Map([[SMALL, 0.1]]),
    isCached: false,
  });
  assert.deepEqual([...new Set(policies.map(({ kind }) => kind))].toSorted(), [
    'all-on',
    'cache',
    'cascade',
    'embedding',
    'model',
    'rules',
  ]);
  for (const policy of policies) {
    for (const model of ['chat', 'on', 'gpt:5']) {
      const place = { model, isKnown: false, target: LARGE, canaries: [] };
      assert.ok(configOf(modelSnippet(policy, place)).models.has(model));
      const [canary] = configOf(canarySnippet(policy, place)).canaries.values();
      assert.equal(canary?.model, model);
      const asItIs = `models: { ${JSON.stringify(model)}: { target: sim/large } }\n`;
      const beside = canarySnippet(policy, { ...place, isKnown: true });
      assert.equal(configOf(asItIs + beside).canaries.size, 1);
    }
  }
});
