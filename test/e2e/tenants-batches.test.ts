import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { toFile } from 'openai';

import type { Json, JsonObject } from '../../src/core/json.ts';
import { type Tenant, type TenantsGateway, VERSION, startTenantsGateway } from '../support/tenants.ts';

let house: TenantsGateway;
let ada: Tenant;
/** May use two models: one of OpenAI's, and a name that stands for one of Anthropic's. */
let bob: Tenant;

before(async () => {
  const config = [
    'models:',
    '  small: { target: claude/claude-haiku-4-5 }',
    // A name of OpenAI's that means something else here.
    '  gpt-5: { target: claude/claude-haiku-4-5 }',
  ];
  house = await startTenantsGateway({ config: config.join('\n') });
  ada = await house.tenant('ada');
  bob = await house.tenant('bob', { models: ['gpt-5-mini', 'small', 'gpt-5'] });
});
after(() => house.close());

const CHAT = '/v1/chat/completions';
const messages = [{ role: 'user', content: 'Hello' }];
const line = (body: Json): string => JSON.stringify({ custom_id: 'one', method: 'POST', url: CHAT, body });
const ask = (model: string): string => line({ model, messages });

async function upload({ openai }: Tenant, content: string): Promise<string> {
  return (await openai.files.create({ file: await toFile(Buffer.from(content), 'in.jsonl'), purpose: 'batch' })).id;
}

function batchesMade(): number {
  return house.upstreams.gpt.received.filter(({ method, path }) => method === 'POST' && path === '/v1/batches').length;
}

/** Starts a batch; `made` says whether it reached the provider. */
async function start(tenant: Tenant, input: string, more: JsonObject = {}) {
  const earlier = batchesMade();
  const body = { input_file_id: input, endpoint: CHAT, completion_window: '24h', ...more };
  const { status, text } = await tenant.ask('POST', '/v1/batches', { body });
  return { status, text, made: batchesMade() > earlier };
}

/** A batch of one message to each model. */
function messagesOf(...models: Json[]) {
  const requests = models.map((model, at) => ({
    custom_id: String(at),
    params: { model, max_tokens: 9, messages, metadata: { user_id: 'u' } },
  }));
  return { body: { requests }, headers: VERSION };
}

function fileOf(id: string): JsonObject {
  return { role: 'user', content: [{ type: 'file', file: { file_id: id } }] };
}

describe('a key for some models', () => {
  it('starts a batch of those', async () => {
    const { status, made, text } = await start(
      bob,
      await upload(bob, `${ask('gpt-5-mini')}\n\n${ask('gpt-5-mini')}\n`),
    );
    assert.deepEqual([status, made], [200, true], text);
  });

  const OTHERS: Readonly<Record<string, string>> = {
    'of another model': ask('gpt-5.1'),
    'of another model in its last line, which has no end': `${ask('gpt-5-mini')}\n${ask('gpt-5.1')}`,
    'of a name that means another model here': ask('gpt-5'),
    'of a virtual model, which no provider knows': ask('small'),
    'of a model that is said twice': `{"custom_id":"1","body":{"model":"gpt-5.1","model":"gpt-5-mini","messages":[]}}`,
    'of a body that is said twice': `{"body":{"model":"gpt-5.1"},"body":{"model":"gpt-5-mini","messages":[]}}`,
    'of a model under an escaped name': String.raw`{"body":{"\u006dodel":"gpt-5.1","model":"gpt-5-mini"}}`,
    'of no model': line({ messages }),
    'of a model that is no text': line({ model: ['gpt-5-mini'], messages }),
    'without a body': JSON.stringify({ custom_id: 'one', model: 'gpt-5-mini' }),
    'that is a list': `[${ask('gpt-5-mini')}]`,
    'that is no JSON': '{"body":{"model":"gpt-5-mini"}',
    'of two requests on one line': `${ask('gpt-5-mini')} ${ask('gpt-5.1')}`,
    'of lines that end as on old machines': `${ask('gpt-5-mini')}\r${ask('gpt-5.1')}`,
  };
  for (const [name, content] of Object.entries(OTHERS)) {
    it(`starts none ${name}`, async () => {
      const { status, made, text } = await start(bob, await upload(bob, content));
      assert.deepEqual([status === 403 || status === 400, made], [true, false], text);
    });
  }

  it('starts none by naming a file that is looked at beside the one that is used', async () => {
    const [fine, bad] = [await upload(bob, ask('gpt-5-mini')), await upload(bob, ask('gpt-5.1'))];
    for (const body of [
      { file_id: fine, input_file_id: bad },
      { input_file_id: bad, file_ids: [fine] },
      { container: { file_ids: [fine] }, input_file_id: bad },
    ]) {
      const { status, made, text } = await start(bob, bad, body);
      assert.deepEqual([status, made], [403, false], text);
    }
    const twice = `{"input_file_id":"${bad}","input_file_id":"${fine}","endpoint":"${CHAT}","completion_window":"24h"}`;
    await house.unreached(async () => {
      const response = await fetch(`${house.gateway.url}/v1/batches`, {
        method: 'POST',
        headers: { authorization: `Bearer ${bob.key}`, 'content-type': 'application/json' },
        body: twice,
      });
      assert.equal(response.status, 400);
    });
  });

  it('starts a batch of messages for its own models only, under the names that their provider has', async () => {
    const started = await bob.ask('POST', '/v1/messages/batches', messagesOf('small', 'gpt-5'));
    assert.equal(started.status, 200, started.text);
    const sent = JSON.parse(house.upstreams.claude.received.at(-1)?.body ?? '') as JsonObject;
    assert.deepEqual(sent, messagesOf('claude-haiku-4-5', 'claude-haiku-4-5').body);
    await house.unreached(async () => {
      for (const models of [
        ['claude-opus-4-5'],
        ['small', 'claude-opus-4-5'],
        ['claude/claude-haiku-4-5'],
        [null],
        [],
      ]) {
        const { status, text } = await bob.ask('POST', '/v1/messages/batches', messagesOf(...models));
        assert.ok(status === 403 || status === 400, text);
      }
      const mixed = await bob.ask('POST', '/v1/messages/batches', messagesOf('small', 'gpt-5-mini'));
      assert.match(mixed.text, /another provider/);
      const text = JSON.stringify(messagesOf('small').body).replace('"model":', '"model":"claude-opus-4-5","model":');
      const response = await fetch(`${house.gateway.url}/v1/messages/batches`, {
        method: 'POST',
        headers: { 'x-api-key': bob.key, 'content-type': 'application/json', ...VERSION },
        body: text,
      });
      assert.equal(response.status, 400);
    });
  });
});

describe('the lines of a batch', () => {
  it('name nothing of another project, and nothing that was made elsewhere', async () => {
    const secret = await upload(ada, 'secret');
    const planted = 'file-0123456789abcdef0123456789abcdef';
    house.upstreams.gpt.plant(planted, { id: planted, content: 'made with other tools' });
    const { id: response } = await ada.openai.responses.create({ model: 'gpt-5-mini', input: 'Hello' });
    const [item] = (await ada.openai.responses.retrieve(response)).output;
    for (const body of [
      { model: 'gpt-5-mini', messages: [fileOf(secret)] },
      { model: 'gpt-5-mini', messages: [fileOf(planted)] },
      { model: 'gpt-5-mini', input: 'Go on', previous_response_id: response },
      { model: 'gpt-5-mini', input: [{ type: 'item_reference', id: item?.id ?? '' }] },
    ]) {
      const { status, made, text } = await start(bob, await upload(bob, `${ask('gpt-5-mini')}\n${line(body)}\n`));
      assert.deepEqual([status, made], [404, false], text);
    }
    const hidden = line({ model: 'gpt-5-mini', messages: [fileOf(secret)] }).replace(
      'file_id',
      String.raw`file\u005fid`,
    );
    assert.equal((await start(bob, await upload(bob, hidden))).status, 404);
    const twice = line({ model: 'gpt-5-mini', messages: [fileOf(secret)] }).replace(
      '"file_id"',
      '"file_id":null,"file_id"',
    );
    assert.equal((await start(ada, await upload(ada, twice))).status, 400);
  });

  it('name what is their own, and what the operator shares', async () => {
    const own = await upload(bob, 'text');
    const body = {
      model: 'gpt-5-mini',
      input: [{ role: 'user', content: [{ type: 'input_file', file_id: own }] }],
      tools: [{ type: 'file_search', vector_store_ids: ['vs_shared1'] }],
    };
    const { status, made, text } = await start(bob, await upload(bob, line(body)));
    assert.deepEqual([status, made], [200, true], text);
  });
});

describe('what an answer repeats of its request', () => {
  it('makes nothing the client’s', async () => {
    const planted = 'resp_fedcba9876543210fedcba9876543210';
    house.upstreams.gpt.plant(planted, { id: planted, object: 'response' });
    const tools = [
      { type: 'function', name: 'f', strict: false, parameters: { properties: { a: { default: { id: planted } } } } },
    ];
    const quoted = { model: 'gpt-5-mini', metadata: { id: planted, response_id: planted } };
    for (const stream of [false, true]) {
      const { status } = await bob.ask('POST', '/v1/responses', { body: { ...quoted, input: 'Hello', stream } });
      assert.equal(status, 200);
      const toolsToo = { ...quoted, tools, input: 'Hello', stream };
      await bob.ask('POST', '/v1/responses', { body: toolsToo });
    }
    await house.unreached(async () => {
      assert.equal((await bob.ask('GET', `/v1/responses/${planted}`)).status, 404);
      const body = { model: 'gpt-5-mini', input: 'Go on', previous_response_id: planted };
      assert.equal((await bob.ask('POST', '/v1/responses', { body })).status, 404);
    });
  });
});
