import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';

import type { JsonObject } from '../../src/core/json.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { JSON_HEADERS } from '../support/upstream.ts';

async function start(t: TestContext, vigilance: string): Promise<Gateway> {
  const gateway = await startGateway({ config: `vigilance: ${vigilance}\nlimits: []\n` });
  t.after(() => gateway.close());
  return gateway;
}

function chat({ url }: Gateway, key: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { ...JSON_HEADERS, authorization: `Bearer ${key}`, ...headers },
    body: JSON.stringify({ model: 'sim/echo', max_tokens: 5, messages: [{ role: 'user', content: 'a secret thing' }] }),
  });
}

async function statusOf(answer: Promise<Response>): Promise<number> {
  const response = await answer;
  await response.arrayBuffer();
  return response.status;
}

async function list(gateway: Gateway, path: string): Promise<JsonObject[]> {
  const { status, text, json } = await gateway.admin(path);
  assert.equal(status, 200, text);
  return json['data'] as JsonObject[];
}

async function guess(gateway: Gateway, times: number): Promise<void> {
  for (let each = 0; each < times; each += 1) {
    assert.equal(await statusOf(chat(gateway, `cw-guess-${each}-0123456789abcdef`)), 401);
  }
}

test('60 keys that do not exist, from one address, are an event with evidence and without keys', async (t) => {
  const gateway = await start(t, '{}');
  await guess(gateway, 60);
  const events = await list(gateway, '/events?kind=suspicious_use&severity=warning&subject=ip:127.0.0.1');
  const found = events.map(({ evidence }) => evidence as JsonObject);
  assert.deepEqual(new Set(found.map(({ rule }) => rule)), new Set(['guessed_keys', 'refusals']));
  assert.equal(found.length, 2);
  const { count, window_ms, last_error, traces } = found.find(({ rule }) => rule === 'refusals') ?? {};
  assert.deepEqual([count, window_ms, last_error], [50, 60_000, 'auth_invalid_key']);
  const [trace] = traces as string[];
  assert.equal((await gateway.trace(trace)).error?.code, 'auth_invalid_key');
  assert.ok(!JSON.stringify(events).includes('cw-guess'), 'promise 12: no key is shown');
  assert.deepEqual(await list(gateway, '/blocks'), []);
  assert.equal(await statusOf(chat(gateway, gateway.apiKey)), 200);
  const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
  assert.match(metrics, /^causeway_events_total\{kind="suspicious_use"\} 2$/m);
  assert.equal((await gateway.admin('/events?kind=nothing')).status, 400);
});

test('an address that guesses keys is blocked where that is set, until an admin lifts it', async (t) => {
  const gateway = await start(t, '{ guessedKeys: { count: 5, block: { for: 1h } } }');
  await guess(gateway, 5);
  const refused = await chat(gateway, gateway.apiKey);
  assert.equal(refused.status, 403);
  assert.equal(refused.headers.get('x-should-retry'), 'false');
  assert.ok(Number(refused.headers.get('retry-after')) > 3500);
  assert.match(await refused.text(), /The address 127\.0\.0\.1 is blocked until 20\d\d-/);
  const headers = { authorization: `Bearer ${gateway.apiKey}` };
  assert.equal(await statusOf(fetch(`${gateway.url}/v1/models`, { headers })), 403);
  const [block, ...others] = await list(gateway, '/blocks');
  assert.deepEqual(others, []);
  const { id, kind, subject, origin, reason } = block ?? {};
  assert.deepEqual([kind, subject, origin, reason], ['ip', '127.0.0.1', 'auto', 'suspicious use: guessed_keys']);
  const [{ evidence } = {}] = await list(gateway, '/events');
  assert.equal((evidence as JsonObject)['blocked_until'], block?.['expires_at']);
  assert.equal((await gateway.admin(`/blocks/${id as string}`, { method: 'DELETE' })).status, 200);
  assert.equal(await statusOf(chat(gateway, gateway.apiKey)), 200);
  assert.equal((await gateway.admin(`/blocks/${id as string}`, { method: 'DELETE' })).status, 404);
  assert.match(
    await (await fetch(`${gateway.url}/metrics`)).text(),
    /^causeway_blocked_requests_total\{kind="ip"\} [1-9]/m,
  );
});

test('an automatic block is over by itself', async (t) => {
  const gateway = await start(t, '{ guessedKeys: { count: 3, block: { for: 2s } } }');
  const began = Date.now();
  await guess(gateway, 3);
  assert.equal(await statusOf(chat(gateway, gateway.apiKey)), 403);
  while ((await statusOf(chat(gateway, gateway.apiKey))) === 403) assert.ok(Date.now() - began < 20_000);
  assert.ok(Date.now() - began >= 2000);
  assert.deepEqual(await list(gateway, '/blocks'), []);
});

test('an admin blocks a key, a user or a project, which is in force at once and lifted at once', async (t) => {
  const gateway = await start(t, '{}');
  const made = await gateway.admin('/keys', { method: 'POST', body: { project: 'sales' } });
  const key = made.json['key'] as string;
  const asAda = { 'x-causeway-user': 'ada' };
  const cases: [JsonObject, Record<string, string>][] = [
    [{ kind: 'key', subject: made.json['id'], for: '1h' }, {}],
    [{ kind: 'project', subject: 'sales', expiresAt: new Date(Date.now() + 3_600_000).toISOString() }, {}],
    [{ kind: 'user', subject: 'ada', project: 'sales', reason: 'left the company' }, asAda],
    [{ kind: 'user', subject: 'ada' }, asAda],
  ];
  for (const [body, headers] of cases) {
    assert.equal(await statusOf(chat(gateway, key, headers)), 200);
    const { status, json, text } = await gateway.admin('/blocks', { method: 'POST', body });
    assert.equal(status, 201, text);
    assert.equal(await statusOf(chat(gateway, key, headers)), 403, text);
    assert.equal(await statusOf(chat(gateway, gateway.apiKey)), 200, 'others are not blocked');
    const refused = await chat(gateway, key, headers);
    assert.equal((await gateway.trace(refused.headers.get('x-causeway-request-id'))).error?.code, 'access_blocked');
    assert.equal((await list(gateway, '/blocks'))[0]?.['id'], json['id']);
    await gateway.admin(`/blocks/${json['id'] as string}`, { method: 'DELETE' });
    assert.equal(await statusOf(chat(gateway, key, headers)), 200);
  }
  const bad = await gateway.admin('/blocks', { method: 'POST', body: { kind: 'ip', subject: 'localhost' } });
  assert.equal(bad.status, 400);
  assert.match(bad.text, /one IP address/);
});

test('one user who asks the same thing again and again is an event that does not show what', async (t) => {
  const gateway = await start(t, '{ sameRequest: { count: 8 } }');
  for (let each = 0; each < 8; each += 1)
    assert.equal(await statusOf(chat(gateway, gateway.apiKey, { 'x-causeway-user': 'ada' })), 200);
  const [event, ...others] = await list(gateway, '/events');
  assert.deepEqual(others, []);
  assert.equal(event?.['subject'], 'user:default/ada');
  assert.ok(!JSON.stringify(event).includes('secret thing'));
});
