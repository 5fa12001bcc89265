import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import { RoutingWorld, candidate, planOf, routedCall } from '../../../test/support/routing-world.ts';
import type { Call, Target } from '../../core/call.ts';
import { NO_NEEDS } from '../../core/inference/needs.ts';
import { PREFERENCES, ROUTE_POLICIES, TIERS } from '../../core/routing.ts';
import type { Complexity } from './complexity/complexity.ts';
import { planTargets } from './plan-targets.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e'];
const PRICES = { a: [10, 30], b: [1, 3], c: [0.1, 0.3], d: [2, 1] } as const;
const ABC = ['a', 'b', 'c'].map((name) => candidate(name));

describe('every way to put targets in order', () => {
  it('keeps each target once, those that cannot last, and says why', () => {
    const one = fc.record({
      weight: fc.constantFrom(0, 1, 5),
      quality: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
      tiers: fc.subarray([...TIERS]),
      ms: fc.option(fc.integer({ min: 1, max: 5000 }), { nil: undefined }),
      isOpen: fc.boolean(),
      reads: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(one, { minLength: 1, maxLength: 5 }),
        fc.constantFrom(...ROUTE_POLICIES),
        fc.constantFrom('none', 'user', 'conversation', 'prefix'),
        fc.constantFrom(undefined, ...PREFERENCES),
        fc.constantFrom(undefined, ...TIERS),
        fc.nat(3),
        (targets, by, sticky, prefer, tier, fallbacks) => {
          const capabilities = Object.fromEntries(targets.map(({ reads }, at) => [nameOf(at), { vision: reads }]));
          const world = new RoutingWorld(NAMES, { prices: PRICES, capabilities });
          targets.forEach(({ ms, isOpen }, at) => {
            if (ms !== undefined) world.answered(nameOf(at), ms, { times: 6 });
            if (isOpen) world.open.add(nameOf(at));
          });
          world.complexity = () => tier && { tier, score: 0.5, reason: 'words' };
          const candidates = targets.map((own, at) => candidate(nameOf(at), own));
          const plan = planOf(by, candidates, { sticky });
          const fallback = NAMES.slice(0, fallbacks).map((provider): Target => ({ provider, model: 'm' }));
          const all = [...candidates.map(({ target }) => target), ...fallback];
          const call = routedCall(plan, {
            facts: { prefer, user: 'ann', conversationId: 'c1' },
            promptPrefix: 'p',
            needs: { ...NO_NEEDS, vision: true },
          });
          call.assignment = { ...call.assignment, targets: all } as Call['assignment'];
          const planned = planTargets(call, world.deps);
          assert.ok(!(planned instanceof Promise));
          const order = planned.targets.map(({ provider }) => provider);
          assert.deepEqual(order.toSorted(), [...new Set(all.map(({ provider }) => provider))].toSorted());
          const chosen = order.slice(0, targets.length);
          assert.deepEqual(chosen.toSorted(), NAMES.slice(0, targets.length));
          // First those that can and are well, then those that can, then the rest.
          const ranks = chosen.map((provider) => {
            const facts = targets[NAMES.indexOf(provider)];
            return facts?.reads ? (facts.isOpen ? 1 : 0) : 2;
          });
          assert.deepEqual(
            ranks,
            ranks.toSorted((a, b) => a - b),
          );
          assert.equal(planned.decision?.target, `${order[0]}/m`);
          assert.ok((planned.decision?.reason.length ?? 0) > 5);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('leaves a call alone that may go to none of them any more, and goes only where it still may', () => {
    const world = new RoutingWorld(NAMES);
    const plan = planOf('order', ABC);
    const assignment = { targets: [{ provider: 'd', model: 'm' }] };
    assert.deepEqual(world.plan(plan, { assignment }).decision, undefined);
    const left = { targets: [{ provider: 'b', model: 'm' }] };
    assert.deepEqual(world.order(plan, { assignment: left }), ['b']);
  });

  it('puts those last whose context is too short, and says what they lack', () => {
    const world = new RoutingWorld(NAMES, { capabilities: { a: { contextTokens: 100 } } });
    const json = { model: 'chat', messages: [{ role: 'user', content: 'word '.repeat(1000) }] };
    const { targets, decision } = world.plan(planOf('order', ABC), { json });
    assert.deepEqual(
      targets.map(({ provider }) => provider),
      ['b', 'c', 'a'],
    );
    assert.equal(decision?.reason, 'the first of 2 as they stand; a/m reads at most 100 tokens');
  });
});

function nameOf(at: number): string {
  return NAMES[at] ?? '';
}

describe('by weight', () => {
  const WEIGHTED = [candidate('a', { weight: 90 }), candidate('b', { weight: 10 }), candidate('c', { weight: 0 })];

  it('gives each its share, and nothing to a weight of 0', () => {
    const world = new RoutingWorld(NAMES);
    world.random = generator(7);
    const counts = counted(4000, () => world.order(planOf('weight', WEIGHTED))[0]);
    assert.ok(Math.abs((counts.get('a') ?? 0) / 4000 - 0.9) < 0.02, String(counts.get('a')));
    assert.equal(counts.get('c'), undefined);
  });

  it('gives users their own, each target its share of them', () => {
    const world = new RoutingWorld(NAMES);
    const plan = planOf('weight', WEIGHTED, { sticky: 'user' });
    const of = (user: number): string | undefined => world.order(plan, { facts: { user: `u${user}` } })[0];
    const counts = counted(4000, of);
    assert.ok(Math.abs((counts.get('a') ?? 0) / 4000 - 0.9) < 0.02, String(counts.get('a')));
    for (let user = 0; user < 50; user += 1) assert.equal(of(user), of(user));
    assert.match(
      world.plan(plan, { facts: { user: 'u1' } }).decision?.reason ?? '',
      /^chosen for this user, with \d+ %/,
    );
  });

  it('moves those alone whose share changes', () => {
    const world = new RoutingWorld(NAMES);
    const before = planOf('weight', [candidate('a', { weight: 90 }), candidate('b', { weight: 10 })], {
      sticky: 'user',
    });
    const after = planOf('weight', [candidate('a', { weight: 50 }), candidate('b', { weight: 50 })], {
      sticky: 'user',
    });
    let moved = 0;
    for (let user = 0; user < 2000; user += 1) {
      const facts = { user: `u${user}` };
      const [was, is] = [world.order(before, { facts })[0], world.order(after, { facts })[0]];
      if (was === is) continue;
      moved += 1;
      assert.deepEqual([was, is], ['a', 'b'], 'nobody goes where the share became smaller');
    }
    assert.ok(Math.abs(moved / 2000 - 0.4) < 0.03, `${moved} moved`);
  });

  it('passes over a target that is not well, and comes back to it', () => {
    const world = new RoutingWorld(NAMES);
    const plan = planOf('weight', [candidate('a', { weight: 9 }), candidate('b')], { sticky: 'conversation' });
    const facts = { conversationId: 'c1' };
    const [home] = world.order(plan, { facts });
    world.open.add(home ?? '');
    assert.notEqual(world.order(plan, { facts })[0], home);
    assert.match(
      world.plan(plan, { facts }).decision?.reason ?? '',
      new RegExp(`; ${home}/m is left alone for a while$`),
    );
    world.open.clear();
    assert.equal(world.order(plan, { facts })[0], home);
  });
});

describe('by cost', () => {
  it('takes the cheapest for this request, and says the numbers', () => {
    const world = new RoutingWorld(NAMES, { prices: PRICES });
    const json = { model: 'chat', messages: [{ role: 'user', content: 'word '.repeat(950) }] };
    const { targets, decision } = world.plan(planOf('cost', [...ABC, candidate('e')]), { json });
    assert.deepEqual(
      targets.map(({ provider }) => provider),
      ['c', 'b', 'a', 'e'],
    );
    const said = 'the cheapest of 4 for about 1,202 + 500 tokens: $0.00027 against $0.0027; 1 without a known price';
    assert.equal(decision?.reason, said);
  });

  it('counts with what each target usually answers, and with the limit of the request', () => {
    const world = new RoutingWorld(NAMES, { prices: PRICES });
    // b asks three times as much for an answer, and d gives six times as long ones.
    world.answered('b', 1, { times: 20, outputTokens: 100 });
    world.answered('d', 1, { times: 20, outputTokens: 1000 });
    const plan = planOf('cost', [candidate('b'), candidate('d')]);
    assert.deepEqual(world.order(plan), ['b', 'd']);
    const outputTokens = 90;
    assert.deepEqual(world.order(plan, { needs: { ...NO_NEEDS, outputTokens } }), ['d', 'b']);
  });

  it('says so where nothing has a price', () => {
    const world = new RoutingWorld(NAMES);
    assert.equal(world.plan(planOf('cost', ABC)).decision?.reason, 'the first of 3, since no price is known');
  });
});

describe('by latency', () => {
  const plan = planOf('latency', ABC);

  it('takes the fastest, streams by their first token', () => {
    const world = new RoutingWorld(NAMES);
    world.random = () => 0.99;
    for (const [who, ms, ttft] of [['a', 900, 30] as const, ['b', 400, 60] as const, ['c', 600, 2000] as const]) {
      world.answered(who, ms, { times: 8 });
      world.answered(who, ttft, { times: 8, streamed: true });
    }
    assert.deepEqual(world.order(plan), ['b', 'c', 'a']);
    assert.deepEqual(world.order(plan, { facts: { stream: true } }), ['a', 'b', 'c']);
    assert.equal(world.plan(plan).decision?.reason, 'the fastest of 3 to its answer: 400 ms against 600 ms');
  });

  it('tries those that nobody knows with a small part of the traffic, and first where it knows nobody', () => {
    const world = new RoutingWorld(NAMES);
    world.random = generator(3);
    const first = counted(300, () => world.order(plan)[0]);
    assert.deepEqual([...first.keys()].toSorted(), ['a', 'b', 'c']);
    world.answered('a', 500, { times: 5 });
    const later = counted(4000, () => world.order(plan)[0]);
    const tried = 1 - (later.get('a') ?? 0) / 4000;
    assert.ok(tried > 0.03 && tried < 0.07, `${tried}`);
    world.clock.advance(11 * 60_000);
    assert.ok((counted(300, () => world.order(plan)[0]).get('a') ?? 0) < 200, 'what is old is not known');
  });
});

describe('by load', () => {
  it('never takes the busier of the two that it looked at', () => {
    const load = fc.record({ ms: fc.integer({ min: 1, max: 3000 }), inFlight: fc.nat(20) });
    fc.assert(
      fc.property(
        fc.array(load, { minLength: 2, maxLength: 5 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (targets, one, other) => {
          const world = new RoutingWorld(NAMES);
          targets.forEach(({ ms, inFlight }, at) => {
            world.answered(nameOf(at), ms);
            for (let count = 0; count < inFlight; count += 1) world.signals.of(`${nameOf(at)}/m`).opened();
          });
          const draws = [one, other];
          world.random = () => draws.shift() ?? 0;
          const plan = planOf(
            'load',
            targets.map((_, at) => candidate(nameOf(at))),
          );
          const order = world.order(plan);
          const busy = ([provider = '']: readonly string[]): number => {
            const signals = world.signals.of(`${provider}/m`);
            return Math.max(1, signals.peakMs('whole', world.clock.monotonic()) ?? 0) * (signals.inFlight + 1);
          };
          assert.ok(busy(order.slice(0, 1)) <= busy(order.slice(1, 2)));
          assert.equal(new Set(order).size, targets.length);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('spreads over equal ones, and away from one that got slow or fails at once', () => {
    const world = new RoutingWorld(NAMES);
    world.random = generator(5);
    for (const who of ['a', 'b', 'c']) world.answered(who, 100);
    const equal = counted(90, () => {
      const [target = ''] = world.order(planOf('load', ABC));
      world.signals.of(`${target}/m`).opened();
      return target;
    });
    for (const who of ['a', 'b', 'c']) assert.ok(Math.abs((equal.get(who) ?? 0) - 30) < 6, who);
    world.answered('a', 5000);
    assert.equal(counted(300, () => world.order(planOf('load', ABC))[0]).get('a'), undefined);
  });

  it('keeps requests with the same prefix together until their target has a quarter more than its share', () => {
    const world = new RoutingWorld(NAMES);
    const plan = planOf('load', ABC, { sticky: 'prefix' });
    const go = (): string => world.order(plan, { promptPrefix: 'p1' })[0] ?? '';
    const home = go();
    const counts = counted(30, () => {
      const target = go();
      world.signals.of(`${target}/m`).opened();
      return target;
    });
    for (const [who, count] of counts) assert.ok(count <= Math.ceil((1.25 * 30) / 3), `${who} has ${count}`);
    assert.equal(Math.max(...counts.values()), counts.get(home), 'most are at home');
  });
});

describe('by need', () => {
  const plan = planOf('need', [candidate('a', { quality: 0.5 }), candidate('b', { quality: 0.9 }), candidate('c')]);
  const world = new RoutingWorld(NAMES, { prices: PRICES });

  it('does what the client prefers, and as they stand where it says nothing', () => {
    assert.deepEqual(world.order(plan), ['a', 'b', 'c']);
    assert.deepEqual(world.order(plan, { facts: { prefer: 'quality' } }), ['b', 'a', 'c']);
    assert.deepEqual(world.order(plan, { facts: { prefer: 'cost' } }), ['c', 'b', 'a']);
    const { reason } = world.plan(plan, { facts: { prefer: 'quality' } }).decision ?? {};
    assert.equal(reason, 'the client prefers quality; the best of 3 (0.9)');
  });

  it('takes the order for quality where the operator does not say', () => {
    assert.deepEqual(world.order(planOf('need', ABC), { facts: { prefer: 'quality' } }), ['a', 'b', 'c']);
  });
});

describe('by complexity', () => {
  const tiers = planOf('complexity', [
    candidate('a', { tiers: ['simple', 'medium'] }),
    candidate('b', { tiers: ['reasoning'] }),
    candidate('c', { tiers: ['complex'] }),
    candidate('d'),
  ]);
  for (const [tier, order] of [
    ['simple', ['a', 'c', 'b', 'd']],
    ['medium', ['a', 'c', 'b', 'd']],
    ['complex', ['c', 'b', 'd', 'a']],
    ['reasoning', ['b', 'd', 'c', 'a']],
  ] as const) {
    it(`sends what is ${tier} to who is for it, then to the next higher`, () => {
      const world = new RoutingWorld(NAMES);
      world.complexity = () => ({ tier, score: 0.416, reason: 'short' });
      const { targets, decision } = world.plan(tiers);
      assert.deepEqual(
        targets.map(({ provider }) => provider),
        order,
      );
      assert.deepEqual([decision?.tier, decision?.score], [tier, 0.416]);
      assert.equal(decision?.reason, `the request is ${tier} (0.42: short)`);
    });
  }

  it('sends what nobody is for to who does not say', () => {
    const world = new RoutingWorld(NAMES);
    world.complexity = () => ({ tier: 'medium', score: 0.4, reason: '' });
    const plan = planOf('complexity', [candidate('a', { tiers: ['simple'] }), candidate('b')]);
    assert.deepEqual(world.order(plan), ['b', 'a']);
  });

  it('waits for who is asked, and goes on as they stand where nobody can say', async () => {
    const world = new RoutingWorld(NAMES);
    const { promise, resolve } = Promise.withResolvers<Complexity | undefined>();
    world.complexity = () => promise;
    const planned = planTargets(routedCall(tiers), world.deps);
    assert.ok(planned instanceof Promise);
    resolve(undefined);
    const { targets, decision } = await planned;
    assert.equal(targets[0]?.provider, 'a');
    assert.equal(decision?.reason, 'how demanding it is cannot be said; the first of 4');
  });
});

/** From 0 to just under 1, the same each time. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function counted(times: number, pick: (time: number) => string | undefined): Map<string, number> {
  const counts = new Map<string, number>();
  for (let time = 0; time < times; time += 1) {
    const picked = pick(time) ?? '';
    counts.set(picked, (counts.get(picked) ?? 0) + 1);
  }
  return counts;
}
