import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';

import { FakeClock } from '../support/fake-clock.ts';
import { fakeProvider } from '../support/fake-provider.ts';
import { startEdge } from './fake-edge.ts';
import { GatewayError } from '../../src/core/errors.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { KeyPools } from '../../src/pipeline/resilience/keys/key-pools.ts';
import { USUAL_POLICY } from '../../src/pipeline/resilience/route/policy.ts';
import { TargetStates } from '../../src/pipeline/resilience/route/target-state.ts';
import { targetRoutes } from '../../src/pipeline/resilience/routes.ts';
import type { TargetView } from '../../src/pipeline/resilience/target-view.ts';

const SECRETS = ['sk-first-secret-key-aaaa', 'sk-second-secret-key-bbbb'];
const NARROW = { ...USUAL_POLICY, queue: { ...USUAL_POLICY.queue, concurrency: 1 } };

interface Bench {
  readonly clock: FakeClock;
  readonly targets: TargetStates;
  readonly keys: KeyPools;
  readonly provider: ReturnType<typeof fakeProvider>['provider'];
  ask(path: string, body?: JsonObject): Promise<{ status: number; text: string; json: JsonObject }>;
  list(query?: string): Promise<TargetView[]>;
}

async function startBench(t: TestContext): Promise<Bench> {
  const clock = new FakeClock();
  const targets = new TargetStates({ clock, scheduler: clock });
  const keys = new KeyPools({ clock, random: () => 0, onKeyRefused: () => {}, onKeyAccepted: () => {} });
  const { provider } = fakeProvider('openai', { name: 'gpt', apiKeys: SECRETS });
  const routes = targetRoutes({ targets, keysOf: (name) => (name === 'gpt' ? keys.of(provider).view() : []) });
  const { url } = await startEdge(t, { adminRoutes: [routes] });
  const ask: Bench['ask'] = async (path, body) => {
    const response = await fetch(`${url}/admin/v1/targets${path}`, {
      headers: { authorization: 'Bearer admin-key', 'content-type': 'application/json' },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, text, json: JSON.parse(text) as JsonObject };
  };
  const list: Bench['list'] = async (query = '') => (await ask(query)).json['data'] as unknown as TargetView[];
  return { clock, targets, keys, provider, ask, list };
}

function fail(bench: Bench, target: string, times: number, policy = USUAL_POLICY): void {
  const { breaker } = bench.targets.of(target, policy);
  for (let done = 0; done < times; done += 1) breaker.admit()?.done('failure', 10);
}

test('a target is shown with its breaker, queue, latency and keys, and no key is', async (t) => {
  const bench = await startBench(t);
  fail(bench, 'gpt/m', 5);
  bench.clock.advance(10_000);
  const pool = bench.keys.of(bench.provider);
  pool.pick('m').report(new GatewayError('provider_rate_limited', { retryAfterMs: 60_000 }), 429);
  pool.pick('m').report(new GatewayError('provider_auth_failed'), 401);
  const { text } = await bench.ask('');
  for (const secret of SECRETS) assert.ok(!text.includes(secret.slice(0, -4)), text);
  const [shown] = await bench.list();
  assert.ok(shown);
  assert.equal(shown.target, 'gpt/m');
  assert.deepEqual(shown.breaker, {
    state: 'open',
    cause: 'failures-in-a-row',
    retry_after_ms: 20_000,
    failures_in_a_row: 0,
    calls: 0,
    failures: 0,
    openings: 1,
  });
  assert.equal(shown.p95_ms, null);
  assert.deepEqual(
    shown.keys.map(({ hint, state }) => [hint, state]),
    [
      ['aaaa', 'limited'],
      ['bbbb', 'refused'],
    ],
  );
});

test('a key that is limited for one model is usable for the others', async (t) => {
  const bench = await startBench(t);
  fail(bench, 'gpt/other', 1);
  bench.keys.of(bench.provider).pick('m').report(new GatewayError('provider_rate_limited'), 429);
  const [shown] = await bench.list();
  assert.deepEqual(
    shown?.keys.map(({ state }) => state),
    ['usable', 'usable'],
  );
});

test('a queue is shown with who waits, by priority', async (t) => {
  const bench = await startBench(t);
  const { queue } = bench.targets.of('gpt/m', NARROW);
  const held = await queue.acquire({ owner: 'p' });
  const waiting = [queue.acquire({ owner: 'p', priority: 9 }), queue.acquire({ owner: 'p', priority: 2 })];
  const [shown] = await bench.list();
  assert.deepEqual([shown?.queue.in_flight, shown?.queue.concurrency, shown?.queue.waiting], [1, 1, 2]);
  assert.deepEqual(shown?.queue.waiting_by_priority, { 2: 1, 9: 1 });
  held.release();
  for (const slot of waiting) (await slot).release();
});

test('targets come in order, one of them alone where it is asked for', async (t) => {
  const bench = await startBench(t);
  for (const target of ['sim/b', 'gpt/m', 'sim/a']) fail(bench, target, 1);
  fail(bench, 'gpt/m', 1, NARROW);
  const names = (await bench.list()).map(({ target }) => target);
  assert.deepEqual(names, ['gpt/m', 'gpt/m', 'sim/a', 'sim/b']);
  assert.deepEqual(
    (await bench.list('?target=sim/b')).map(({ target, keys }) => [target, keys]),
    [['sim/b', []]],
  );
  assert.equal((await bench.ask('?targt=x')).status, 400);
});

test('a breaker is closed by hand, under every set of rules', async (t) => {
  const bench = await startBench(t);
  fail(bench, 'gpt/m', 5);
  fail(bench, 'gpt/m', 5, NARROW);
  fail(bench, 'sim/a', 5);
  const { status, json } = await bench.ask('/reset', { target: 'gpt/m' });
  const states = (json['data'] as unknown as TargetView[]).map(({ breaker }) => breaker.state);
  assert.deepEqual([status, states], [200, ['closed', 'closed']]);
  assert.ok(bench.targets.of('gpt/m', USUAL_POLICY).breaker.admit());
  assert.equal(bench.targets.of('sim/a', USUAL_POLICY).breaker.state, 'open');
  const unknown = await bench.ask('/reset', { target: 'gpt/gone' });
  assert.equal(unknown.status, 404);
  assert.match(unknown.text, /gpt\/gone/);
  assert.equal((await bench.ask('/reset', {})).status, 400);
});
