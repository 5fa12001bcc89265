import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { type Gateway, startGateway } from '../support/gateway.ts';

let gateway: Gateway;
before(async () => {
  gateway = await startGateway({ env: { CAUSEWAY_MASTER_KEY: 'a passphrase that is long enough' } });
});
after(() => gateway.close());

/** Its own address shows a thing as its list does. */
async function shownAlike(list: string, name: string): Promise<void> {
  const { json } = await gateway.admin(list);
  const [first] = json['data'] as Record<string, unknown>[];
  assert.ok(first);
  const one = await gateway.admin(`${list}/${String(first[name])}`);
  assert.deepEqual([one.status, one.json], [200, first]);
}

async function isAbsent(path: string): Promise<void> {
  const { status, json } = await gateway.admin(path);
  assert.deepEqual([status, (json['error'] as { code: string }).code], [404, 'resource_not_found'], path);
}

test('a key is shown by its id, also when it is revoked, and never as itself', async () => {
  const made = await gateway.admin('/keys', { method: 'POST', body: { project: 'support', user: 'ann' } });
  const { id, key } = made.json as { id: string; key: string };
  await shownAlike('/keys', 'id');
  await gateway.admin(`/keys/${id}`, { method: 'DELETE' });
  const { status, text, json } = await gateway.admin(`/keys/${id}`);
  assert.equal(status, 200);
  assert.equal(typeof json['revoked_at'], 'string');
  assert.ok(!text.includes(key) && !('hash' in json));
  await isAbsent('/keys/key_none');
  await isAbsent('/keys/key%00none');
});

test("a provider's key is shown by its id, without the key", async () => {
  const key = 'sk-provider-secret-1234';
  const made = await gateway.admin('/provider-keys', { method: 'POST', body: { provider: 'sim', key } });
  assert.equal(made.status, 201, made.text);
  await shownAlike('/provider-keys', 'id');
  const { text } = await gateway.admin(`/provider-keys/${made.json['id'] as string}`);
  assert.ok(!text.includes(key) && !text.includes('sealed'));
  await isAbsent('/provider-keys/pk_none');
});

test('an organisation is shown by its name', async () => {
  await gateway.admin('/organisations/acme', { method: 'PUT', body: { projects: ['support', 'research'] } });
  await shownAlike('/organisations', 'name');
  await isAbsent('/organisations/none');
});

test('a block is shown by its id until it is lifted', async () => {
  const block = { kind: 'ip', subject: '203.0.113.7', reason: 'a flood' };
  const { id } = (await gateway.admin('/blocks', { method: 'POST', body: block })).json as { id: string };
  await shownAlike('/blocks', 'id');
  await gateway.admin(`/blocks/${id}`, { method: 'DELETE' });
  await isAbsent(`/blocks/${id}`);
});

test('what there is to choose from in filters is what requests had', async () => {
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${gateway.apiKey}` },
    body: JSON.stringify({ model: 'sim/echo', messages: [{ role: 'user', content: 'Hi' }] }),
  });
  await gateway.trace(response.headers.get('x-causeway-request-id'));
  const { json } = await gateway.admin('/facets?fields=model,operation');
  assert.deepEqual(json, {
    data: [
      { field: 'model', values: [{ value: 'sim/echo', requests: 1 }], more: false, basis: 'sums' },
      { field: 'operation', values: [{ value: 'chat', requests: 1 }], more: false, basis: 'recent' },
    ],
    next: null,
  });
  const all = (await gateway.admin('/facets')).json['data'] as { field: string }[];
  assert.ok(all.length > 15);
  for (const query of ['fields=colour', 'since=soon', 'field=model']) {
    assert.equal((await gateway.admin(`/facets?${query}`)).status, 400, query);
  }
});
