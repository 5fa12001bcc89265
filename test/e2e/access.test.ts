import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { type Gateway, startGateway } from '../support/gateway.ts';
import { JSON_HEADERS, type Upstream, startUpstream } from '../support/upstream.ts';
import { OPENAI_ANSWER } from '../support/wire-texts.ts';

let gateway: Gateway;
let upstream: Upstream;

before(async () => {
  upstream = await startUpstream({ headers: JSON_HEADERS, chunks: [JSON.stringify(OPENAI_ANSWER)] });
  gateway = await startGateway({
    env: { CAUSEWAY_MASTER_KEY: 'a passphrase that is long enough' },
    config: [
      'providers:',
      `  keyed: { type: openai, apiKey: sk-from-the-file-0123456789, baseUrl: "${upstream.url}/v1" }`,
      `  sealed: { type: openai, baseUrl: "${upstream.url}/v1" }`,
      `  open: { type: anthropic, apiKey: sk-ant-from-the-file-0123456789, baseUrl: "${upstream.url}", passThroughCredentials: true }`,
      `  shut: { type: anthropic, apiKey: sk-ant-from-the-file-0123456789, baseUrl: "${upstream.url}" }`,
    ].join('\n'),
  });
});
after(async () => {
  await gateway.close();
  await upstream.close();
});

function post(path: string, model: string, headers: Record<string, string>): Promise<Response> {
  return fetch(`${gateway.url}${path}`, {
    method: 'POST',
    headers: { ...JSON_HEADERS, ...headers },
    body: JSON.stringify({ model, max_tokens: 5, messages: [{ role: 'user', content: 'Hi' }] }),
  });
}

function chat(key: string, model = 'sim/echo'): Promise<Response> {
  return post('/v1/chat/completions', model, { authorization: `Bearer ${key}` });
}

async function makeKey(body: Record<string, string | string[]>): Promise<{ id: string; key: string }> {
  const made = await gateway.admin('/keys', { method: 'POST', body });
  assert.equal(made.status, 201, made.text);
  return made.json as unknown as { id: string; key: string };
}

describe('API keys', () => {
  it('work at once, with what they say of their holder on the record', async () => {
    const { id, key } = await makeKey({ project: 'support', user: 'ann' });
    const response = await chat(key);
    assert.equal(response.status, 200);
    const trace = await gateway.trace(response.headers.get('x-causeway-request-id'));
    assert.deepEqual([trace.project, trace.user_id], ['support', 'ann']);
    const { text } = await gateway.admin('/keys');
    assert.ok(text.includes(id) && !text.includes(key), 'a key is shown once');
  });

  it('are refused within a second of their revocation', async () => {
    const { id, key } = await makeKey({ project: 'p' });
    assert.equal((await chat(key)).status, 200);
    const began = performance.now();
    assert.equal((await gateway.admin(`/keys/${id}`, { method: 'DELETE' })).status, 200);
    assert.equal((await chat(key)).status, 401);
    assert.ok(performance.now() - began < 1000);
  });

  it('ask only for the models that they name, and see only those', async () => {
    const { key } = await makeKey({ project: 'p', models: ['sim/echo', 'keyed/gpt-5*'] });
    assert.equal((await chat(key)).status, 200);
    assert.equal((await chat(key, 'keyed/gpt-5-mini')).status, 200);
    assert.equal((await chat(key, 'sim/small')).status, 403);
    const listed = await fetch(`${gateway.url}/v1/models`, { headers: { authorization: `Bearer ${key}` } });
    const { data } = (await listed.json()) as { data: { id: string }[] };
    assert.ok(data.length > 1);
    assert.deepEqual(
      data.filter(({ id }) => id !== 'sim/echo' && !id.startsWith('keyed/gpt-5')),
      [],
    );
  });

  it('end with their time', async () => {
    const expiresAt = Date.now() + 700;
    const { key } = await makeKey({ project: 'p', expiresAt: new Date(expiresAt).toISOString() });
    assert.equal((await chat(key)).status, 200);
    while ((await chat(key)).status === 200) assert.ok(Date.now() < expiresAt + 500);
    assert.ok(Date.now() >= expiresAt);
    const past = await gateway.admin('/keys', { method: 'POST', body: { project: 'p', expiresAt: '2020-01-01' } });
    assert.equal(past.status, 400);
  });

  it('of clients do not open the admin API, nor the admin key the models', async () => {
    const answer = await fetch(`${gateway.url}/admin/v1/keys`, {
      headers: { authorization: `Bearer ${gateway.apiKey}` },
    });
    assert.equal(answer.status, 401);
    assert.equal((await chat(gateway.adminKey)).status, 401);
  });
});

describe("providers' keys", () => {
  it('stored through the admin API reach the provider; promise 12: and are shown nowhere', async () => {
    const keyless = await chat(gateway.apiKey, 'sealed/m');
    assert.equal(keyless.status, 502);
    assert.match(await keyless.text(), /No API key is configured/);
    const key = 'sk-stored-and-sealed-9876543210';
    const stored = await gateway.admin('/provider-keys', { method: 'POST', body: { provider: 'sealed', key } });
    assert.equal(stored.status, 201, stored.text);
    const response = await chat(gateway.apiKey, 'sealed/m');
    assert.equal(response.status, 200);
    assert.equal(upstream.received.at(-1)?.headers.authorization, `Bearer ${key}`);
    const trace = await gateway.trace(response.headers.get('x-causeway-request-id'));
    const shown = [
      stored.text,
      await response.text(),
      JSON.stringify([...response.headers, trace]),
      (await gateway.admin('/provider-keys')).text,
      await (await fetch(`${gateway.url}/metrics`)).text(),
    ];
    for (const text of shown) assert.ok(!text.includes(key));
    const id = stored.json['id'] as string;
    assert.equal((await gateway.admin(`/provider-keys/${id}`, { method: 'DELETE' })).status, 200);
    assert.equal((await chat(gateway.apiKey, 'sealed/m')).status, 502);
  });

  it("promise 12: an echo of the gateway's own key by the provider does not reach the client or the record", async () => {
    const key = 'sk-from-the-file-0123456789';
    const body = JSON.stringify({ error: { message: `Incorrect API key provided: ${key}.`, type: 'x', code: 'x' } });
    upstream.answer({ status: 401, headers: JSON_HEADERS, chunks: [body] });
    const response = await chat(gateway.apiKey, 'keyed/m');
    upstream.answer({ headers: JSON_HEADERS, chunks: [JSON.stringify(OPENAI_ANSWER)] });
    assert.equal(response.status, 502);
    const trace = await gateway.trace(response.headers.get('x-causeway-request-id'));
    assert.ok(!`${await response.text()}${JSON.stringify(trace)}`.includes(key));
  });
});

const OAUTH = 'Bearer sk-ant-oat01-of-the-client';

/** Asks for a message; the headers are those that the provider saw last. */
async function sent(model: string, asked: Record<string, string>) {
  const { status } = await post('/v1/messages', model, asked);
  return { status, headers: upstream.received.at(-1)?.headers ?? {} };
}

describe("a client's own credential", () => {
  it('goes upstream where the provider allows it, without the Causeway key', async () => {
    const asked = { authorization: OAUTH, 'x-causeway-api-key': gateway.apiKey, 'anthropic-beta': 'oauth-2025-04-20' };
    const { headers } = await sent('open/claude-haiku-4-5', asked);
    assert.equal(headers.authorization, OAUTH);
    assert.equal(headers['x-api-key'], undefined);
    assert.equal(headers['anthropic-beta'], 'oauth-2025-04-20');
    assert.ok(!JSON.stringify(headers).includes('cw-'));
  });

  it('stays here where it does not', async () => {
    const { headers } = await sent('shut/claude-haiku-4-5', {
      authorization: OAUTH,
      'x-causeway-api-key': gateway.apiKey,
    });
    assert.equal(headers['x-api-key'], 'sk-ant-from-the-file-0123456789');
    assert.equal(headers.authorization, undefined);
    assert.ok(!JSON.stringify(headers).includes('sk-ant-oat01'));
  });

  it('is no Causeway key', async () => {
    const { status } = await sent('open/claude-haiku-4-5', { authorization: OAUTH });
    assert.equal(status, 401);
  });

  it('promise 12: a Causeway key goes to no provider, wherever it stands', async () => {
    for (const headers of [
      { authorization: `Bearer ${gateway.apiKey}` },
      { 'x-api-key': gateway.apiKey },
      { 'x-causeway-api-key': gateway.apiKey, authorization: `bearer  ${gateway.apiKey}`, 'x-api-key': gateway.apiKey },
    ]) {
      const { headers: seen } = await sent('open/claude-haiku-4-5', headers);
      assert.equal(seen['x-api-key'], 'sk-ant-from-the-file-0123456789');
      assert.ok(!JSON.stringify(seen).includes(gateway.apiKey));
    }
  });
});
