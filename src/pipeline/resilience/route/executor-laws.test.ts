import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { RouteBench, type RouteRun, refusal, turn } from '../../../../test/support/route-bench.ts';
import { OPENAI_ANSWER } from '../../../../test/support/wire-texts.ts';
import type { FakeExchange } from '../../../../test/support/fake-transport.ts';
import { USUAL_POLICY } from './policy.ts';

const TARGETS = ['a', 'b', 'c'] as const;
const BUDGET = { share: 0.5, perSecond: 10 };

type Event =
  | { readonly what: 'send'; readonly priority: number }
  | { readonly what: 'answer'; readonly at: number; readonly status: number; readonly retryAfter: number }
  | { readonly what: 'break'; readonly at: number; readonly kind: 'connect' | 'broken' | 'timeout' }
  | { readonly what: 'leave'; readonly at: number }
  | { readonly what: 'wait'; readonly ms: number };

const EVENTS: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ what: fc.constant('send' as const), priority: fc.nat(9) }),
  fc.record({
    what: fc.constant('answer' as const),
    at: fc.nat(20),
    status: fc.constantFrom(200, 200, 400, 401, 404, 429, 500, 529),
    retryAfter: fc.nat(5),
  }),
  fc.record({
    what: fc.constant('break' as const),
    at: fc.nat(20),
    kind: fc.constantFrom('connect' as const, 'broken' as const, 'timeout' as const),
  }),
  fc.record({ what: fc.constant('leave' as const), at: fc.nat(20) }),
  fc.record({ what: fc.constant('wait' as const), ms: fc.nat(3000) }),
);

describe('any course of requests, failures, waits and leaving clients', () => {
  it('promise 11: settles every request once, within the bounds, and leaves nothing behind', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(EVENTS, { minLength: 5, maxLength: 60 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 4 }),
        async (events, hedges, concurrency) => {
          const queue = { concurrency, size: 5, maxWait: 4000, adaptive: false };
          const hedge = hedges ? { after: 500 } : undefined;
          const bench = new RouteBench({ targets: TARGETS, policy: { queue, hedge } });
          const runs: RouteRun[] = [];
          for (const event of events) {
            play(event, bench, runs);
            await turn();
            for (const state of bench.deps.targets.all) {
              assert.ok(state.queue.inFlight <= concurrency, 'no more at a target than its places');
            }
          }
          await finish(bench, runs);
          check(bench, runs);
        },
      ),
      { numRuns: 150 },
    );
  });
});

function play(event: Event, bench: RouteBench, runs: RouteRun[]): void {
  const open = openExchanges(bench);
  if (event.what === 'send') runs.push(bench.send({ facts: { priority: event.priority } }));
  else if (event.what === 'wait') bench.clock.advance(event.ms);
  else if (event.what === 'leave') runs[event.at % Math.max(1, runs.length)]?.call.cancellation.cancel('client');
  else if (event.what === 'break') open[event.at % Math.max(1, open.length)]?.fail(event.kind);
  else {
    const headers = event.retryAfter > 0 ? { 'retry-after': String(event.retryAfter) } : {};
    const body = event.status === 200 ? OPENAI_ANSWER : refusal();
    open[event.at % Math.max(1, open.length)]?.answer(event.status, body, headers);
  }
}

function openExchanges(bench: RouteBench): FakeExchange[] {
  return TARGETS.flatMap((name) => bench.exchanges(name).filter(({ freed }) => !freed));
}

/** Whatever still runs is answered, and time goes on until nobody waits. */
async function finish(bench: RouteBench, runs: readonly RouteRun[]): Promise<void> {
  let settled = 0;
  for (const { reply } of runs) void reply.then(() => (settled += 1)).catch(() => (settled += 1));
  for (let round = 0; round < 200; round += 1) {
    for (const exchange of openExchanges(bench)) exchange.answer(200, OPENAI_ANSWER);
    await turn();
    if (settled === runs.length && openExchanges(bench).length === 0) return;
    bench.clock.advance(1000);
    await turn();
  }
  assert.fail(`${runs.length - settled} requests were never settled`);
}

function check(bench: RouteBench, runs: readonly RouteRun[]): void {
  for (const { call } of runs) {
    const most = (TARGETS.length + 1) * (1 + USUAL_POLICY.retries.max);
    assert.ok(call.attempts.all.length <= most, `${call.attempts.all.length} attempts`);
    for (const attempt of call.attempts.all) assert.ok(attempt.closing, 'every attempt is settled');
  }
  for (const { queue, breaker } of bench.deps.targets.all) {
    assert.deepEqual([queue.inFlight, queue.waiting, breaker.snapshot().probesInFlight], [0, 0, 0]);
  }
  assert.equal(bench.clock.waiting, 0, 'no timer is left');
  const further = runs.reduce((sum, { call }) => sum + Math.max(0, call.attempts.all.length - 1), 0);
  const seconds = Math.ceil(bench.clock.monotonic() / 10_000) * 10;
  assert.ok(further <= BUDGET.share * runs.length + BUDGET.perSecond * (seconds + 10), 'the budget of retries');
}
