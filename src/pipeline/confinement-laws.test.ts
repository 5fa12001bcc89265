import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../test/support/fast-check.ts';
import { FakeReader } from '../../test/support/attempt-bench.ts';
import type { FakeExchange } from '../../test/support/fake-transport.ts';
import { RouteBench, refusal, turn } from '../../test/support/route-bench.ts';
import { RoutingWorld, candidate, planOf, routedCall, ruleOf } from '../../test/support/routing-world.ts';
import { OPENAI_ANSWER, OPENAI_HELLO, OPENAI_ROLE } from '../../test/support/wire-texts.ts';
import type { Target } from '../core/call.ts';
import type { RoutePolicy } from '../core/route-policy.ts';
import type { Reply } from '../core/reply.ts';
import { compose } from '../core/stage.ts';
import { USUAL_POLICY } from './resilience/route/policy.ts';
import { attemptStage } from './resilience/stage.ts';
import { ruleStage } from './routing/rules/stage.ts';
import { routeStage } from './routing/stage.ts';

const ALL = ['a', 'b', 'c', 'd', 'e'];
const target = (provider: string): Target => ({ provider, model: 'm' });

/** A stream that breaks off in the middle. */
const BROKEN = 0;

/** What a provider does with a request. */
const EVENTS = fc.constantFrom<readonly [status: number, code: string | null]>(
  [200, null],
  [BROKEN, null],
  [500, null],
  [429, null],
  [401, null],
  [400, 'context_length_exceeded'],
  [400, 'content_policy_violation'],
  [404, 'model_not_found'],
);

function answer(exchange: FakeExchange, status: number, code: string | null): void {
  if (status !== BROKEN) {
    exchange.answer(status, status === 200 ? OPENAI_ANSWER : refusal(code));
    return;
  }
  exchange.sse();
  exchange.data(OPENAI_ROLE + OPENAI_HELLO);
  exchange.fail('broken');
}

function read(reply: Reply): void {
  if (reply.kind === 'stream') new FakeReader(reply.stream).read();
}

describe('what a rule keeps at its targets', () => {
  it('goes to nobody else, whatever fails and however it goes on', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.subarray(ALL, { minLength: 1, maxLength: 3 }),
        fc.subarray(ALL),
        fc.subarray(ALL),
        fc.constantFrom('order', 'weight', 'latency', 'cost', 'load'),
        fc.boolean(),
        fc.boolean(),
        fc.array(EVENTS, { minLength: 3, maxLength: 12 }),
        async (kept, long, filtered, by, hedges, stream, events) => {
          const policy: RoutePolicy = {
            ...USUAL_POLICY,
            hedge: hedges ? { after: 50 } : undefined,
            continue: true,
            onContextLength: long.map(target),
            onContentPolicy: filtered.map(target),
          };
          const bench = new RouteBench({ targets: ALL, policy });
          const rule = ruleOf({ when: { endpoints: ['/v1/chat/completions'] }, targets: kept.map(target), by });
          const cascade = { to: target('e') } as never;
          const plan = planOf(
            'complexity',
            ALL.map((one) => candidate(one)),
            { rules: [rule], cascade },
          );
          const world = new RoutingWorld(ALL);
          const deps = { ...world.deps, catalog: () => bench.deps.catalog(), clock: bench.clock };
          const call = routedCall(plan, {
            json: { model: 'chat', stream, messages: [{ role: 'user', content: 'x' }] },
          });
          call.assignment = { ...call.assignment, policy } as typeof call.assignment;
          const reply = compose([ruleStage, routeStage(deps), attemptStage(bench.deps)])(call);
          reply.then(read).catch(() => {});
          await turn();
          for (const [status, code] of events) {
            for (const name of ALL) {
              const exchange = bench.exchanges(name).findLast(({ freed }) => !freed);
              if (exchange) answer(exchange, status, code);
            }
            await turn();
            await bench.advance(1500);
          }
          assert.ok(call.attempts.all.length > 0);
          for (const name of ALL) if (!kept.includes(name)) assert.equal(bench.exchanges(name).length, 0, name);
          assert.deepEqual(call.confinedTo, kept.map(target));
          assert.deepEqual([call.routing?.policy, call.routing?.rule], ['rule', 'a rule']);
          assert.equal(call.assignment?.route?.cascade !== undefined, kept.includes('e'));
          call.cancellation.cancel('client');
          await turn();
        },
      ),
      { numRuns: 120 },
    );
  });

  it('has its targets in the order of the rule, and the reason of both', async () => {
    const world = new RoutingWorld(ALL, { prices: { b: [5, 5], c: [1, 1] } });
    const rule = ruleOf({ name: 'cheap', when: { users: ['ann'] }, targets: [target('b'), target('c')], by: 'cost' });
    const call = routedCall(planOf('order', [candidate('a')], { rules: [rule] }), { facts: { user: 'ann' } });
    await compose([ruleStage, routeStage(world.deps), { name: 'end', run: () => Promise.resolve({} as never) }])(call);
    assert.deepEqual(call.assignment?.targets, [target('c'), target('b')]);
    assert.match(
      call.routing?.reason ?? '',
      /^the rule "cheap" holds \(users\); the cheapest of 2 for about \d+ \+ 500 tokens/,
    );
  });
});
