import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type ServerResponse, createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { type TestContext, test } from 'node:test';

import { FakeClock } from '../../../test/support/fake-clock.ts';
import { readEvents } from '../../../test/support/read-events.ts';
import { LiveFeed, MOST_OF_ONE, MOST_SUBSCRIBERS } from './live-feed.ts';
import { GatewayError } from '../../core/errors.ts';
import { Pulse } from './pulse.ts';
import { type LiveFacts, ticksOf } from './ticks.ts';

const FACTS: LiveFacts = { traces: '', events: '0/0', reviews: 0, alerts: 0, settings: new Map([['budgets', 1]]) };

/** A feed behind a real socket, whose time and facts the test moves. */
async function house(t: TestContext) {
  const clock = new FakeClock();
  const pulse = new Pulse();
  const state = { facts: FACTS, looks: 0, written: 0, isAway: false, gone: '', isUnsure: false };
  const feed = new LiveFeed({
    async look() {
      state.looks += 1;
      if (state.isAway) throw new Error('away');
      return state.facts;
    },
    written: () => state.written,
    pulse,
    hello: { replica: 'replica_1', version: '1.2.3' },
    clock,
    scheduler: clock,
  });
  const responses: ServerResponse[] = [];
  const server = createServer((request, response) => {
    responses.push(response);
    const who = String(request.headers['x-who'] ?? responses.length);
    const mayStill = async () => {
      if (state.isUnsure) throw new Error('away');
      return who !== state.gone;
    };
    try {
      feed.subscribe({ response, isScoped: request.url === '/scoped', headers: { 'x-id': '7' }, who, mayStill });
    } catch (error) {
      response.writeHead(error instanceof GatewayError ? error.status : 500).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    feed.close();
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return { clock, pulse, state, feed, responses, url, port };
}

const ANOTHER = { isScoped: false, headers: {}, who: 'another', mayStill: async () => true };

/** All that a look does. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
}

test('who looks on is greeted, and told what changed within a second, and only that', async (t) => {
  const { clock, state, url } = await house(t);
  const response = await fetch(url);
  const { headers } = response;
  assert.deepEqual(
    ['content-type', 'cache-control', 'x-accel-buffering', 'x-id'].map((name) => headers.get(name)),
    ['text/event-stream; charset=utf-8', 'no-store', 'no', '7'],
  );
  const events = readEvents(response);
  assert.deepEqual(await events.any(), { event: 'hello', data: { replica: 'replica_1', version: '1.2.3' } });
  assert.match(events.text, /^retry: 1000\n\n/);
  state.facts = { ...FACTS, traces: 'now', reviews: 2, settings: new Map([...FACTS.settings, ['rollouts', 1]]) };
  clock.advance(1000);
  await settle();
  assert.deepEqual(await events.any(), { event: 'traces', data: { latest: 'now' } });
  assert.deepEqual(await events.any(), { event: 'reviews', data: { waiting: 2 } });
  assert.deepEqual(await events.any(), { event: 'settings', data: { subject: 'rollouts' } });
  state.facts = { ...state.facts, events: '1/1', alerts: 1 };
  clock.advance(1000);
  await settle();
  const rest = [await events.any(), await events.any(), await events.any()];
  assert.deepEqual(rest.map(({ event }) => event).toSorted(), ['alerts', 'events', 'pulse']);
});

test('what is written here is told sooner', async (t) => {
  const { clock, state, url } = await house(t);
  const events = readEvents(await fetch(url));
  await events.any();
  state.facts = { ...FACTS, traces: 'now' };
  state.written = 3;
  clock.advance(200);
  await settle();
  assert.equal((await events.any()).event, 'traces');
});

test('however much is written, it is told once a second', async (t) => {
  const { clock, state, url } = await house(t);
  const events = readEvents(await fetch(url));
  await events.any();
  for (let step = 1; step <= 50; step += 1) {
    state.facts = { ...FACTS, traces: String(step) };
    state.written = step;
    clock.advance(100);
    await settle();
  }
  // Past the end of what was told.
  await events.next(({ event }) => event === 'pulse');
  await events.next(({ event }) => event === 'pulse');
  clock.advance(2000);
  await events.next(({ event }) => event === 'pulse');
  const told = events.text.match(/event: traces/g) ?? [];
  assert.ok(told.length >= 4 && told.length <= 6, String(told.length));
});

test('one question a second is asked for any number, and none while nobody looks on', async (t) => {
  const { clock, state, feed, responses, url } = await house(t);
  clock.advance(10_000);
  assert.deepEqual([state.looks, clock.waiting], [0, 0]);
  const all = await Promise.all(Array.from({ length: 10 }, async () => readEvents(await fetch(url))));
  for (const events of all) await events.any();
  const before = state.looks;
  for (let second = 0; second < 10; second += 1) {
    clock.advance(1000);
    await settle();
  }
  assert.ok(state.looks - before <= 10 && state.looks - before >= 8, String(state.looks - before));
  const closings = responses.map((response) => once(response, 'close'));
  await Promise.all([...all.map((events) => events.close()), ...closings]);
  assert.deepEqual([feed.size, clock.waiting], [0, 0]);
});

test('a viewer of some projects is told that something changed, without figures of all', async (t) => {
  const { clock, state, url } = await house(t);
  const events = readEvents(await fetch(`${url}/scoped`));
  await events.any();
  state.facts = { traces: 'now', events: '1/1', reviews: 5, alerts: 3, settings: new Map([['budgets', 2]]) };
  clock.advance(4000);
  await settle();
  const told = [];
  for (let count = 0; count < 5; count += 1) told.push(await events.any());
  assert.deepEqual(told, [
    { event: 'traces', data: {} },
    { event: 'events', data: {} },
    { event: 'reviews', data: {} },
    { event: 'alerts', data: {} },
    { event: 'settings', data: { subject: 'budgets' } },
  ]);
  assert.doesNotMatch(events.text, /pulse/);
});

test('while the database is away nothing is told, and what changed meanwhile is told after', async (t) => {
  const { clock, state, url } = await house(t);
  const events = readEvents(await fetch(url));
  await events.any();
  state.isAway = true;
  state.facts = { ...FACTS, traces: 'now' };
  clock.advance(1000);
  await settle();
  state.isAway = false;
  clock.advance(1200);
  await settle();
  assert.equal((await events.next(({ event }) => event !== 'pulse')).event, 'traces');
});

test('the pulse has the rates since the one before, and a comment keeps the connection open', async (t) => {
  const { clock, pulse, url } = await house(t);
  const events = readEvents(await fetch(url));
  await events.any();
  pulse.inFlight(1);
  pulse.inFlight(1);
  for (const status of ['completed', 'completed', 'failed'] as const) pulse.observe({ status });
  pulse.inFlight(-1);
  clock.advance(2000);
  const { data } = await events.next(({ event }) => event === 'pulse');
  assert.deepEqual(data, { in_flight: 1, requests_per_second: 1.5, errors_per_second: 0.5 });
  clock.advance(2000);
  const second = await events.next(({ event }) => event === 'pulse');
  assert.deepEqual(second.data, { in_flight: 1, requests_per_second: 0, errors_per_second: 0 });
  clock.advance(11_000);
  await events.next(({ event }) => event === 'pulse');
  await events.next(({ event }) => event === 'pulse');
  clock.advance(2000);
  while (!events.text.includes('\n: still here\n\n')) await events.any();
});

test('promise 11: one too many is refused and says when to ask again', async (t) => {
  const { feed, responses, url } = await house(t);
  const all = await Promise.all(Array.from({ length: MOST_SUBSCRIBERS }, () => fetch(url)));
  assert.equal(feed.size, MOST_SUBSCRIBERS);
  const [response] = responses;
  assert.ok(response);
  assert.throws(() => feed.subscribe({ ...ANOTHER, response }), {
    code: 'gateway_overloaded',
    retryAfterMs: 30_000,
  });
  const [first] = all;
  const gone = once(response, 'close');
  await first?.body?.cancel();
  await gone;
  assert.equal((await fetch(url)).status, 200);
  assert.equal(all.length, MOST_SUBSCRIBERS);
});

test('promise 11: nobody takes the places of all', async (t) => {
  const { feed, responses, url } = await house(t);
  const eve = { headers: { 'x-who': 'eve' } };
  const all = await Promise.all(Array.from({ length: MOST_OF_ONE }, () => fetch(url, eve)));
  assert.equal((await fetch(url, eve)).status, 429);
  assert.equal((await fetch(url)).status, 200, 'others are let in');
  assert.equal(feed.size, MOST_OF_ONE + 1);
  const [response] = responses;
  assert.ok(response);
  const gone = once(response, 'close');
  await all[0]?.body?.cancel();
  await gone;
  assert.equal((await fetch(url, eve)).status, 200);
});

test('a stream ends within a minute when its key or session has, and where nobody knows it goes on', async (t) => {
  const { clock, state, feed, url } = await house(t);
  const follow = async (who: string) => {
    const events = readEvents(await fetch(url, { headers: { 'x-who': who } }));
    await events.any();
    return events;
  };
  const [ada, eve] = [await follow('ada'), await follow('eve')];
  state.gone = 'eve';
  state.isUnsure = true;
  clock.advance(60_000);
  await settle();
  assert.equal(feed.size, 2);
  state.isUnsure = false;
  clock.advance(60_000);
  await eve.ended();
  assert.equal(feed.size, 1);
  state.gone = 'ada';
  feed.check();
  await ada.ended();
});

test('promise 11: who reads nothing is let go', async (t) => {
  const { feed, responses, port } = await house(t);
  const slow = connect(port, '127.0.0.1');
  t.after(() => slow.destroy());
  slow.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  while (feed.size === 0) await settle();
  slow.pause();
  const [response] = responses;
  assert.ok(response);
  const gone = once(response, 'close');
  // More than the system holds for one who does not read.
  const long = 'x'.repeat(500_000);
  for (let count = 0; count < 100 && !response.destroyed; count += 1) {
    feed.tell({ event: 'settings', data: { subject: long } });
    await settle();
  }
  await gone;
  assert.equal(feed.size, 0);
});

test('a stream ends after a while, so that who may look is asked again, and all end at the end', async (t) => {
  const { clock, feed, url } = await house(t);
  const first = readEvents(await fetch(url));
  await first.any();
  clock.advance(14 * 60_000);
  const second = readEvents(await fetch(url));
  await second.any();
  clock.advance(60_000);
  await first.ended();
  feed.close();
  await second.ended();
  assert.throws(() => feed.subscribe({ ...ANOTHER, response: {} as ServerResponse }), {
    code: 'shutting_down',
  });
});

test('nothing changed is no tick', () => {
  assert.deepEqual(ticksOf(FACTS, { ...FACTS, settings: new Map(FACTS.settings) }), []);
});
