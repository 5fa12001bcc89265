import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';

import { type Gateway, startGateway } from '../support/gateway.ts';
import { OperatorBrowser } from '../support/operator-browser.ts';
import { type EventReader, readEvents } from '../support/read-events.ts';
import { JSON_HEADERS } from '../support/upstream.ts';

async function follow(gateway: Gateway, key = gateway.adminKey): Promise<EventReader> {
  const response = await fetch(`${gateway.url}/admin/v1/live`, {
    headers: { authorization: `Bearer ${key}` },
  });
  assert.equal(response.status, 200);
  assert.match(response.headers.get('x-causeway-request-id') ?? '', /^[0-9a-f]{32}$/);
  return readEvents(response);
}

async function started(t: TestContext): Promise<Gateway> {
  const gateway = await startGateway();
  t.after(() => gateway.close());
  return gateway;
}

function chat({ url, apiKey }: Gateway): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { ...JSON_HEADERS, authorization: `Bearer ${apiKey}` },
    body: JSON.stringify({ model: 'sim/echo', max_tokens: 5, messages: [{ role: 'user', content: 'Hi' }] }),
  });
}

test('who looks on is told of a trace that can be read then, of settings and of the pulse', async (t) => {
  const gateway = await started(t);
  const events = await follow(gateway);
  const hello = await events.any();
  assert.equal(hello.event, 'hello');
  assert.match(String(hello.data['replica']), /^replica_/);
  const id = (await chat(gateway)).headers.get('x-causeway-request-id');
  const { data } = await events.next(({ event }) => event === 'traces');
  assert.ok(!Number.isNaN(Date.parse(String(data['latest']))));
  const { json } = await gateway.admin('/traces');
  assert.deepEqual(
    (json['data'] as { trace_id: string }[]).map((trace) => trace.trace_id),
    [id],
  );
  await gateway.makeKey({ project: 'support' });
  await events.next(({ event, data: { subject } }) => event === 'settings' && subject === 'api_keys');
  const pulse = await events.next(({ event }) => event === 'pulse');
  assert.deepEqual(Object.keys(pulse.data), ['in_flight', 'requests_per_second', 'errors_per_second']);
  gateway.writeConfig('providers: { lab: { type: simulator } }');
  gateway.reload();
  await events.next(({ event, data: { subject } }) => event === 'settings' && subject === 'config');
  await events.close();
});

test('who sees only some projects is told without figures of all', async (t) => {
  const gateway = await started(t);
  const viewer = { name: 'ann', role: 'viewer', projects: ['support'] };
  const { json } = await gateway.admin('/operators', { method: 'POST', body: viewer });
  const [scoped, whole] = [await follow(gateway, json['key'] as string), await follow(gateway)];
  await scoped.next(({ event }) => event === 'hello');
  await chat(gateway);
  assert.deepEqual((await scoped.next(({ event }) => event === 'traces')).data, {});
  // The one who sees all has had the pulse by then.
  await whole.next(({ event }) => event === 'pulse');
  await gateway.makeKey({ project: 'support' });
  await scoped.next(({ event }) => event === 'settings');
  assert.doesNotMatch(scoped.text, /pulse|in_flight/);
  await Promise.all([scoped.close(), whole.close()]);
});

test('it ends with the key or the session of who looks on, and takes no more than some of each', async (t) => {
  const gateway = await started(t);
  const { json } = await gateway.admin('/operators', { method: 'POST', body: { name: 'eve', role: 'viewer' } });
  const key = json['key'] as string;
  const browser = new OperatorBrowser(() => gateway.url);
  await browser.signIn(gateway.adminKey);
  const cookie = [...browser.cookies].map((pair) => pair.join('=')).join('; ');
  const signedIn = readEvents(await fetch(`${gateway.url}/admin/v1/live`, { headers: { cookie } }));
  const streams = [];
  for (let at = 0; at < 10; at += 1) streams.push(await follow(gateway, key));
  const refused = await fetch(`${gateway.url}/admin/v1/live`, { headers: { authorization: `Bearer ${key}` } });
  assert.deepEqual([refused.status, /10 times/.test(await refused.text())], [429, true]);
  const admin = await follow(gateway);
  await gateway.admin(`/operators/${json['id'] as string}`, { method: 'DELETE' });
  await Promise.all(streams.map((one) => one.ended()));
  await browser.ask('/session', { method: 'DELETE' });
  await signedIn.ended();
  await admin.next(({ event }) => event === 'pulse');
  await admin.close();
});

test('it is for operators, and a shutdown does not wait for it', async (t) => {
  const gateway = await started(t);
  assert.equal((await fetch(`${gateway.url}/admin/v1/live`)).status, 401);
  const events = await follow(gateway);
  await events.any();
  const began = performance.now();
  await Promise.all([gateway.restart(), events.ended()]);
  assert.ok(performance.now() - began < 5000);
  const again = await follow(gateway);
  assert.equal((await again.any()).event, 'hello');
});
