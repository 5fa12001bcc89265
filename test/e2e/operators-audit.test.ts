import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { Json, JsonObject } from '../../src/core/json.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { OperatorBrowser } from '../support/operator-browser.ts';
import { JSON_HEADERS } from '../support/upstream.ts';

const MASTER_KEY = 'a master key of the tests';
const CONFIG = `
guards:
  careful: { keywords: { lists: { house: { words: [purple elephant] } }, input: review, output: 'off' } }
models:
  chat: { target: sim/echo, guards: careful }
`;

let gateway: Gateway;
before(async () => (gateway = await startGateway({ config: CONFIG, env: { CAUSEWAY_MASTER_KEY: MASTER_KEY } })));
after(() => gateway.close());

interface Entry extends JsonObject {
  readonly id: string;
  readonly actor: string;
  readonly subject: string;
}

async function entries(query: string): Promise<Entry[]> {
  const { status, json, text } = await gateway.admin(`/audit?${query}`);
  assert.equal(status, 200, text);
  return json['data'] as Entry[];
}

const budget = (usd: number) => ({ per: 'project', id: 'support', usd, period: 'day' });

function put(path: string, body: Json) {
  return gateway.admin(path, { method: 'PUT', body });
}

async function operator(name: string, role: string): Promise<OperatorBrowser> {
  const { json } = await gateway.admin('/operators', { method: 'POST', body: { name, role } });
  const browser = new OperatorBrowser(() => gateway.url);
  await browser.signIn(json['key'] as string);
  return browser;
}

const usd = (state: unknown) => (state as JsonObject | null)?.['usd'] ?? null;

const facts = (entry: Entry | undefined) => [
  entry?.actor,
  entry?.['role'],
  entry?.['action'],
  usd(entry?.['before']),
  usd(entry?.['after']),
];

describe('the audit log', () => {
  it('has who changed a budget, as it was and as it is', async () => {
    const ada = await operator('ada', 'editor');
    await put('/budgets/first', budget(10));
    await ada.ask('/budgets/first', { method: 'PUT', body: budget(20) });
    await ada.ask('/budgets/first', { method: 'DELETE' });
    const [deleted, raised, made] = await entries('subject=budgets/first');
    assert.deepEqual(facts(made), ['admin key', 'admin', 'PUT /admin/v1/budgets/:id', null, 10]);
    assert.deepEqual(facts(raised), ['ada', 'editor', 'PUT /admin/v1/budgets/:id', 10, 20]);
    assert.deepEqual(facts(deleted), ['ada', 'editor', 'DELETE /admin/v1/budgets/:id', 20, null]);
    assert.equal(raised?.['address'], '127.0.0.1');
  });

  it('is written before the answer is there, also where several are changed at once', async () => {
    await Promise.all([1, 2, 3, 4, 5].map((at) => put(`/budgets/many-${at}`, budget(at))));
    const there = new Set((await entries('action=PUT%20/admin/v1/budgets/:id')).map(({ subject }) => subject));
    for (const at of [1, 2, 3, 4, 5]) assert.ok(there.has(`budgets/many-${at}`));
  });

  it('has who came and went, and what was refused, but not what only asks or is wrong', async () => {
    const eve = await operator('eve', 'viewer');
    await eve.ask('/budgets');
    await eve.ask('/budgets/stolen', { method: 'PUT', body: budget(1) });
    await put('/budgets/wrong', { usd: 'many' });
    await gateway.admin('/routes/explain', { method: 'POST', body: { model: 'chat' } });
    await eve.ask('/session', { method: 'DELETE' });
    const ofEve = (await entries('actor=eve')).map(({ action, status }) => [action, status]);
    assert.deepEqual(ofEve, [
      ['sign-out', 200],
      ['PUT /admin/v1/budgets/:id', 403],
      ['sign-in', 200],
    ]);
    assert.deepEqual(await entries('subject=budgets/wrong'), []);
    assert.deepEqual(await entries('subject=routes/explain'), []);
  });

  it('promise 12: shows no key that was made, no key of a provider, and no text of a review', async () => {
    const made = await gateway.admin('/keys', { method: 'POST', body: { project: 'secretive' } });
    const key = made.json['key'] as string;
    const providerKey = 'sk-of-a-provider-0123456789';
    await gateway.admin('/provider-keys', { method: 'POST', body: { provider: 'sim', key: providerKey } });
    const body = JSON.stringify({
      model: 'chat',
      messages: [{ role: 'user', content: 'a purple elephant says TEXT' }],
    });
    const headers = { ...JSON_HEADERS, authorization: `Bearer ${key}` };
    const waiting = await fetch(`${gateway.url}/v1/chat/completions`, { method: 'POST', headers, body });
    const [review] = /rev_[\da-f]{24}/.exec(await waiting.text()) ?? [];
    const ada = await operator('ada the reviewer', 'editor');
    await ada.ask(`/reviews/${review}/reject`, { method: 'POST', body: { by: 'somebody else', message: 'no' } });
    const { text } = await gateway.admin('/audit?limit=500');
    for (const secret of [key, providerKey, 'purple elephant says', gateway.adminKey])
      assert.ok(!text.includes(secret), secret);
    const [decided] = await entries(`subject=reviews/${review}`);
    const states = [decided?.['before'], decided?.['after']] as JsonObject[];
    assert.deepEqual(
      states.map((state) => [state['state'], state['decided_by']]),
      [
        ['waiting', null],
        ['rejected', 'ada the reviewer'],
      ],
    );
  });

  it('is not about what operators say of answers, which has their name', async () => {
    const ada = await operator('ada who listens', 'editor');
    const headers = { ...JSON_HEADERS, authorization: `Bearer ${gateway.apiKey}` };
    const body = JSON.stringify({ model: 'sim/echo', messages: [{ role: 'user', content: 'Hi' }] });
    const answer = await fetch(`${gateway.url}/v1/chat/completions`, { method: 'POST', headers, body });
    const trace_id = answer.headers.get('x-causeway-request-id') ?? '';
    await gateway.trace(trace_id);
    const said = { method: 'POST', body: { trace_id, thumb: 'up' } };
    const { status, json } = await ada.fetch('/v1/feedback', said);
    assert.deepEqual([status, json['author']], [201, 'operator:ada who listens']);
    const fromElsewhere = { ...said, headers: { 'x-causeway-console': undefined } };
    assert.equal((await ada.fetch('/v1/feedback', fromElsewhere)).status, 403);
    const asClient = { ...said, headers: { 'x-causeway-console': undefined, 'x-api-key': gateway.apiKey } };
    assert.match((await ada.fetch('/v1/feedback', asClient)).json['author'] as string, /^key:/);
    const eve = await operator('eve who listens', 'viewer');
    assert.equal((await eve.fetch('/v1/feedback', said)).status, 403);
    const [review] = (await gateway.admin('/reviews')).json['data'] as JsonObject[];
    assert.equal((await ada.fetch(`/v1/reviews/${review?.['id'] as string}`)).status, 200);
    assert.equal((await eve.fetch(`/v1/reviews/${review?.['id'] as string}`)).status, 403);
  });

  it('has what came into force because the file was changed', async () => {
    gateway.writeConfig(CONFIG.replace('purple elephant', 'green giraffe'));
    gateway.reload();
    const [entry] = await entries('actor=file');
    assert.deepEqual([entry?.['action'], entry?.subject], ['reload', 'config']);
    const hashes = [entry?.['before'], entry?.['after']].map((state) => (state as JsonObject)['sha256']);
    for (const hash of hashes) assert.match(hash as string, /^[\da-f]{64}$/);
    assert.notEqual(hashes[0], hashes[1]);
  });

  it('has one line of a configuration that somebody saved, with who it was', async () => {
    const former = (await entries('subject=config')).length;
    const { text, version } = (await gateway.admin('/config')).json as { text: string; version: string };
    const saved = await put('/config', { text: text.replace('green giraffe', 'blue beetle'), version });
    assert.equal(saved.status, 200, saved.text);
    gateway.reload();
    const lines = (await entries('subject=config')).map(({ actor, action }) => [actor, action]);
    assert.deepEqual([lines.length - former, lines[0]], [1, ['admin key', 'PUT /admin/v1/config']]);
    gateway.writeConfig(CONFIG);
    gateway.reload();
    const [latest] = await entries('subject=config&limit=1');
    assert.equal(latest?.actor, 'file', 'what the file says after that is noted again');
  });

  it('is paged by what is asked for, and refuses what it does not know', async () => {
    const all = await entries('limit=500');
    const paged: Entry[] = [];
    let cursor = '';
    do {
      const { json } = await gateway.admin(`/audit?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`);
      paged.push(...(json['data'] as Entry[]));
      cursor = (json['next'] as string | null) ?? '';
    } while (cursor !== '');
    assert.deepEqual(
      paged.map(({ id }) => id),
      all.map(({ id }) => id),
    );
    const under = await entries('subject=budgets&limit=500');
    assert.ok(under.length > 5 && under.every(({ subject }) => subject.startsWith('budgets/')));
    assert.deepEqual(await entries('until=2020-01-01'), []);
    for (const query of ['who=ada', 'cursor=MTIzLng', 'since=soon']) {
      assert.equal((await gateway.admin(`/audit?${query}`)).status, 400, query);
    }
  });
});
