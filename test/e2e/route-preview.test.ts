import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import type { JsonObject } from '../../src/core/json.ts';
import type { PreviewView } from '../../src/work/route-preview/views.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { JSON_HEADERS } from '../support/upstream.ts';

const CONFIG = `
providers:
  big: { type: simulator, ttft: 0ms, tokensPerSecond: 0 }
  small: { type: simulator, ttft: 0ms, tokensPerSecond: 0 }
  blind: { type: simulator, ttft: 0ms, tokensPerSecond: 0 }
prices:
  big/m: { input: 10, output: 30 }
  small/m: { input: 1, output: 3 }
capabilities:
  blind/m: { tools: false }
records: { bodies: full }
models:
  chat: { target: big/m, cache: { exact: { ttl: 1h } } }
  other: { target: big/m }
`;

let gateway: Gateway;
before(async () => {
  gateway = await startGateway({ config: CONFIG });
  for (let at = 0; at < 4; at += 1) await ask(`Hello number ${at}`);
  for (let at = 0; at < 2; at += 1) await ask(`你好，第${at}位`);
  await ask('Hello number 0');
  await ask('With a tool', { tools: [TOOL] });
  await ask('Not of this model', { model: 'other' });
});
after(() => gateway.close());

const TOOL = { type: 'function', function: { name: 'look_up', parameters: { type: 'object', properties: {} } } };

async function ask(content: string, more: JsonObject = {}): Promise<void> {
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.apiKey}`, ...JSON_HEADERS },
    body: JSON.stringify({ model: 'chat', messages: [{ role: 'user', content }], ...more }),
  });
  assert.equal(response.status, 200, await response.text());
}

async function previewed(route: JsonObject, more: JsonObject = {}): Promise<PreviewView> {
  const body = { model: 'chat', set: { route }, ...more };
  const { status, text, json } = await gateway.admin('/routes/preview', { method: 'POST', body });
  assert.equal(status, 200, text);
  return json as unknown as PreviewView;
}

const CHINESE_TO_SMALL = {
  targets: [{ target: 'big/m' }],
  rules: [{ name: 'Chinese', when: { languages: ['zh'] }, targets: ['small/m'] }],
};

test('says which requests would go elsewhere, why, and what that costs', async () => {
  const view = await previewed(CHINESE_TO_SMALL);
  assert.deepEqual([view.of, view.sampled, view.compared, view.is_cut], [8, 8, 7, false]);
  assert.deepEqual(view.left_out, [{ why: 'answered from a cache', requests: 1 }]);
  assert.deepEqual(view.now.targets, [{ target: 'big/m', requests: 7, share: 1 }]);
  assert.deepEqual(view.proposed.targets, [
    { target: 'big/m', requests: 5, share: 5 / 7 },
    { target: 'small/m', requests: 2, share: 2 / 7 },
  ]);
  assert.deepEqual([view.changed, view.moves], [2, [{ from: 'big/m', to: 'small/m', requests: 2 }]]);
  assert.match(view.examples[0]?.reason ?? '', /Chinese/);
  const { json } = await gateway.admin(`/traces/${view.examples[0]?.trace_id}`);
  assert.match(JSON.stringify(json['input']), /你好/);
  assert.deepEqual([view.now.cost_unknown, view.proposed.cost_unknown, view.now.unserved], [0, 0, 0]);
});

test('costs are those of the recorded tokens at each price', async () => {
  const { json } = await gateway.admin('/traces?model=chat');
  const traces = json['data'] as { cost_usd: number; cache: string }[];
  const spent = traces.reduce((sum, { cost_usd }) => sum + cost_usd, 0);
  const view = await previewed({ targets: [{ target: 'small/m' }] });
  assert.ok(Math.abs(view.now.cost_usd - spent) < 1e-9, `${view.now.cost_usd} ${spent}`);
  assert.ok(Math.abs(view.proposed.cost_usd - spent / 10) < 1e-8, `${view.proposed.cost_usd} ${spent}`);
  const unknown = await previewed({ targets: [{ target: 'blind/m' }] });
  assert.deepEqual([unknown.proposed.cost_usd, unknown.proposed.cost_unknown], [0, 7]);
});

test('requests that no target can take are counted and shown', async () => {
  const view = await previewed({ targets: [{ target: 'blind/m' }] });
  assert.deepEqual([view.now.unserved, view.proposed.unserved], [0, 1]);
  assert.match(view.unserved_examples[0]?.why ?? '', /tool/);
  assert.equal(view.changed, 7);
});

test('the newest are looked at where there are more, and those of one project', async () => {
  const some = await previewed(CHINESE_TO_SMALL, { sample: 3 });
  assert.deepEqual([some.of, some.sampled, some.compared], [8, 3, 2]);
  const none = await previewed(CHINESE_TO_SMALL, { project: 'nobody' });
  assert.deepEqual([none.of, none.sampled, none.now.targets], [0, 0, []]);
  const later = await previewed(CHINESE_TO_SMALL, { since: new Date(Date.now() + 60_000).toISOString() });
  assert.equal(later.sampled, 0);
});

test('now is what was recorded, whatever route is in force since, and a preview changes nothing', async () => {
  assert.equal((await gateway.admin('/routes/chat', { method: 'PUT', body: { route: CHINESE_TO_SMALL } })).status, 200);
  const view = await previewed({ targets: [{ target: 'small/m' }] });
  assert.deepEqual(view.moves, [{ from: 'big/m', to: 'small/m', requests: 7 }]);
  const { json } = await gateway.admin('/routes/chat');
  assert.match(JSON.stringify(json), /Chinese/);
  const { json: traces } = await gateway.admin('/traces');
  assert.equal((traces['data'] as unknown[]).length, 9);
  await gateway.admin('/routes/chat', { method: 'DELETE' });
});

test('what is tried of the model is named, since it is looked at on neither side', async () => {
  const flag = { model: 'chat', share: 0.5, set: { target: 'small/m' } };
  assert.equal((await gateway.admin('/flags/cheaper', { method: 'PUT', body: flag })).status, 200);
  const view = await previewed(CHINESE_TO_SMALL);
  assert.match(view.notes.join(' '), /flag cheaper/);
  await gateway.admin('/flags/cheaper', { method: 'DELETE' });
});

test('weights fall for the same requests each time', async () => {
  const halves = { by: 'weight', targets: [{ target: 'big/m' }, { target: 'small/m' }] };
  const views = [await previewed(halves), await previewed(halves)];
  assert.deepEqual(views[0]?.moves, views[1]?.moves);
});

test('settings that cannot be are refused as they are where they are set', async () => {
  const bad = { route: { targets: [{ target: 'nowhere/m' }] } };
  const put = await gateway.admin('/routes/chat', { method: 'PUT', body: bad });
  const tried = await gateway.admin('/routes/preview', { method: 'POST', body: { model: 'chat', set: bad } });
  assert.equal(put.status, 400);
  assert.deepEqual([tried.status, tried.json['error']], [put.status, put.json['error']]);
  const faults: readonly [JsonObject, string][] = [
    [{ model: 'gone', set: { route: CHINESE_TO_SMALL } }, 'model'],
    [{ model: 'chat' }, 'set'],
    [{ model: 'chat', set: { route: CHINESE_TO_SMALL }, sample: 2001 }, 'sample'],
    [{ model: 'chat', set: { route: CHINESE_TO_SMALL }, since: 'yesterday' }, 'since'],
    [{ model: 'chat', set: { route: CHINESE_TO_SMALL }, limit: 1 }, 'limit'],
  ];
  for (const [body, param] of faults) {
    const { status, json } = await gateway.admin('/routes/preview', { method: 'POST', body });
    assert.deepEqual([status, (json['error'] as { param: string }).param], [400, param]);
  }
});
