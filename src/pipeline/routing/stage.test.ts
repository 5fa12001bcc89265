import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { RoutingWorld, candidate, planOf, routedCall, ruleOf } from '../../../test/support/routing-world.ts';
import { cascadePolicy } from '../../../test/support/cascade-bench.ts';
import { makeCall } from '../../../test/support/make-call.ts';
import type { AttemptClosing, AttemptOpening } from '../../core/attempts.ts';
import type { Call } from '../../core/call.ts';
import type { RoutePlan } from '../../core/routing.ts';
import type { Handler } from '../../core/stage.ts';
import { ruleStage } from './rules/stage.ts';
import { routeStage } from './stage.ts';

const PRICES = { small: [1, 2], large: [10, 20], other: [5, 5] } as const;
const NAMES = ['small', 'large', 'other', 'unpriced'];

async function through(world: RoutingWorld, call: Call, ask: (call: Call) => void = () => {}): Promise<Call> {
  const answer: Handler = (one) => {
    ask(one);
    return Promise.resolve({} as never);
  };
  await ruleStage.run(call, (one) => routeStage(world.deps).run(one, answer));
  return call;
}

/** An attempt from its opening to its end. */
function attempt(
  world: RoutingWorld,
  { attempts }: Call,
  name: string,
  closing: Partial<AttemptClosing> = {},
  kind: AttemptOpening['kind'] = 'first',
) {
  const opened = attempts.open({
    target: `${name}/m`,
    kind,
    priceVersion: 'x',
    reservedNanoUsd: undefined,
    retryOf: undefined,
    simulated: false,
  });
  opened.sentAt = world.clock.monotonic();
  world.clock.advance(100);
  opened.close(world.clock.monotonic(), { outcome: 'completed', ...closing });
}

const SMALL = { usage: { inputTokens: 1000, outputTokens: 100 }, costNanoUsd: 1_200_000 };
const LARGE = { usage: { inputTokens: 1000, outputTokens: 100 }, costNanoUsd: 12_000_000 };

describe('the stage of routing', () => {
  it('learns from the attempts of every call, routed or not', async () => {
    const world = new RoutingWorld(NAMES);
    const call = await through(world, makeCall({ assignment: routedCall(planOf('order', [])).assignment }));
    const [open] = [
      call.attempts.open({
        target: 'small/m',
        priceVersion: undefined,
        reservedNanoUsd: undefined,
        retryOf: undefined,
        simulated: false,
      }),
    ];
    const signals = world.signals.of('small/m');
    assert.equal(signals.inFlight, 1);
    open.sentAt = 0;
    world.clock.advance(40);
    open.close(40, { outcome: 'completed' });
    assert.deepEqual([signals.inFlight, signals.averageMs('whole'), signals.averageMs('streamed')], [0, 40, undefined]);
  });

  it('does not take a target that fails at once, or that clients give up, for a fast one', async () => {
    const world = new RoutingWorld(NAMES);
    const signals = world.signals.of('small/m');
    const call = await through(world, routedCall(planOf('order', [candidate('small')])));
    attempt(world, call, 'small', SMALL);
    assert.equal(signals.peakMs('whole', world.clock.monotonic()), 100);
    attempt(world, call, 'small', { outcome: 'failed', errorCode: 'provider_error' });
    assert.ok((signals.peakMs('whole', world.clock.monotonic()) ?? 0) > 190);
    const before = signals.peakMs('whole', world.clock.monotonic());
    attempt(world, call, 'small', { outcome: 'failed', errorCode: 'request_invalid' });
    assert.ok(
      (signals.peakMs('whole', world.clock.monotonic()) ?? 0) <= (before ?? 0),
      'what the client did says nothing',
    );
    assert.equal(signals.averageMs('whole'), 100);
  });

  it('waits with a span where somebody is asked, and sends nothing for a client that left meanwhile', async () => {
    const world = new RoutingWorld(NAMES);
    world.complexity = () => Promise.resolve({ tier: 'complex', score: 0.6, reason: 'maths' });
    const plan = planOf('complexity', [
      candidate('small', { tiers: ['simple'] }),
      candidate('large', { tiers: ['complex'] }),
    ]);
    const call = await through(world, routedCall(plan));
    assert.equal(call.routing?.target, 'large/m');
    assert.deepEqual(
      call.spans.all.map(({ kind, name }) => [kind, name]),
      [['route', 'rules']],
    );
    const left = routedCall(plan);
    left.cancellation.cancel('client');
    await assert.rejects(() => through(world, left), { code: 'client_aborted' });
  });
});

/** The first answer of a cascade is set aside. */
function goesOn(call: Call, escalatedTo: string | undefined): void {
  const cascade = { first: 'small/m', check: 'validator', confidence: 0, escalatedTo } as const;
  call.routing = { policy: 'order', target: 'small/m', reason: 'first', cascade };
  call.attempts.setAside();
}

describe('what routing saved', () => {
  const world = new RoutingWorld(NAMES, { prices: PRICES });
  const both = [candidate('small'), candidate('large'), candidate('unpriced')];
  const saved = async (
    plan: RoutePlan,
    answers: readonly (readonly [name: string, closing: Partial<AttemptClosing>, kind?: AttemptOpening['kind']])[],
    parts = {},
  ) => {
    const ask = (call: Call) => {
      for (const [name, closing, kind] of answers) attempt(world, call, name, closing, kind);
    };
    return savedBy(plan, ask, parts);
  };
  /** @param ask what is behind the stage */
  const savedBy = async (plan: RoutePlan, ask: (call: Call) => void, parts = {}) => {
    const call = routedCall(plan, parts);
    call.savings = [{ mechanism: 'prompt-cache', nanoUsd: 5, inputTokens: 1, outputTokens: 0 }];
    await through(world, call, ask);
    return call.savings
      .filter(({ mechanism }) => mechanism === 'routing')
      .map(({ nanoUsd, onlyCost }) => [nanoUsd, onlyCost ?? false]);
  };

  it('is what the dearest target would have cost for the same tokens, less what they cost', async () => {
    assert.deepEqual(await saved(planOf('order', both), [['small', SMALL]]), [[10_800_000, false]]);
    assert.deepEqual(await saved(planOf('order', both), [['large', LARGE]]), []);
  });

  it('counts against the target that the operator names, which may be cheaper', async () => {
    const reference = { provider: 'other', model: 'm' };
    assert.deepEqual(await saved(planOf('order', both, { reference }), [['small', SMALL]]), [[4_300_000, false]]);
    assert.deepEqual(await saved(planOf('order', both, { reference }), [['large', LARGE]]), [[-6_500_000, false]]);
  });

  it('is unknown where one of the two prices is', async () => {
    const reference = { provider: 'unpriced', model: 'm' };
    assert.deepEqual(await saved(planOf('order', both, { reference }), [['small', SMALL]]), [[undefined, false]]);
    const unknown = { ...SMALL, costNanoUsd: undefined };
    assert.deepEqual(await saved(planOf('order', both), [['unpriced', unknown]]), [[undefined, false]]);
  });

  it('is nothing where a fallback answers, or nobody', async () => {
    assert.deepEqual(await saved(planOf('order', both), [['other', SMALL, 'fallback']]), []);
    assert.deepEqual(await saved(planOf('order', both), [['small', { outcome: 'failed' }]]), []);
  });

  it('is booked once where several are asked in turn', async () => {
    const failed = { outcome: 'failed', costNanoUsd: 0 } as const;
    assert.deepEqual(
      await saved(planOf('order', both), [
        ['large', failed],
        ['small', SMALL, 'fallback'],
      ]),
      [[10_800_000, false]],
    );
  });

  const first = (call: Call) => attempt(world, call, 'small', SMALL);
  describe('of a cascade', () => {
    const to = { provider: 'large', model: 'm' };
    /** The better model stands beside the targets, as it does where it is asked for nothing else. */
    const beside = planOf('order', [candidate('small')], { cascade: cascadePolicy({ to }) });
    const named = { ...beside, reference: { provider: 'small', model: 'm' } };
    const FAILED = { outcome: 'failed', errorCode: 'provider_error', costNanoUsd: 0 } as const;
    for (const [what, plan, answers, booked] of [
      ['is what the better model would have cost where the first answer is good', beside, [], [[10_800_000, false]]],
      [
        'is the loss of the first answer where it was not',
        beside,
        [['large', LARGE, 'escalation']],
        [[-1_200_000, true]],
      ],
      [
        'is that loss, too, where the better model answers at its second try',
        beside,
        [
          ['large', FAILED, 'escalation'],
          ['large', LARGE, 'retry'],
        ],
        [[-1_200_000, true]],
      ],
      [
        'is that loss alone where a fallback behind the better model answers',
        beside,
        [
          ['large', FAILED, 'escalation'],
          ['other', SMALL, 'fallback'],
        ],
        [[-1_200_000, true]],
      ],
      [
        'is both answers less the reference where one is named',
        named,
        [['large', LARGE, 'escalation']],
        [[1_200_000 - 1_200_000 - 12_000_000, false]],
      ],
    ] as const) {
      it(what, async () => {
        const found = await savedBy(plan, (call) => {
          first(call);
          if (answers.length > 0) goesOn(call, 'large/m');
          for (const [name, closing, kind] of answers) attempt(world, call, name, closing, kind);
        });
        assert.deepEqual(found, booked);
      });
    }

    it('is that of the first answer where it stands, as the better model gave none', async () => {
      const found = await savedBy(beside, (call) => {
        first(call);
        const { shown } = call.attempts;
        goesOn(call, 'large/m');
        attempt(world, call, 'large', FAILED, 'escalation');
        goesOn(call, undefined);
        if (shown) call.attempts.answers(shown);
      });
      assert.deepEqual(found, [[10_800_000, false]]);
    });
  });

  it('counts against all targets of the model where a rule chose among few', async () => {
    const rule = ruleOf({ when: { users: ['ann'] }, targets: [{ provider: 'small', model: 'm' }] });
    const plan = planOf('order', both, { rules: [rule] });
    assert.deepEqual(await saved(plan, [['small', SMALL]], { facts: { user: 'ann' } }), [[10_800_000, false]]);
  });
});
