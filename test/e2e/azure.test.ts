import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

import type { JsonObject } from '../../src/core/json.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { gptSays } from '../support/provider-answers.ts';
import { thrownBy } from '../support/thrown-by.ts';
import { JSON_HEADERS, SSE_HEADERS, type Upstream, startUpstream } from '../support/upstream.ts';

let upstream: Upstream;
let gateway: Gateway;
let openai: OpenAI;
let anthropic: Anthropic;

before(async () => {
  upstream = await startUpstream();
  const settings = `type: azure-openai, baseUrl: "${upstream.url}", deployments: { gpt-5-mini: prod-mini }`;
  gateway = await startGateway({
    config: [
      'providers:',
      `  azure: { ${settings}, apiKey: azure-key }`,
      `  dated: { ${settings}, entraToken: entra-token, apiVersion: 2024-10-21 }`,
    ].join('\n'),
  });
  const { url, apiKey } = gateway;
  openai = new OpenAI({ apiKey, baseURL: `${url}/v1`, maxRetries: 0 });
  anthropic = new Anthropic({ apiKey, baseURL: url, maxRetries: 0 });
});
after(async () => {
  await gateway.close();
  await upstream.close();
});

const USAGE = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
const HELLO = [{ role: 'user' as const, content: 'Hello' }];

function sent(): { path: string; body: JsonObject; key: unknown; token: unknown } {
  const last = upstream.received.at(-1);
  const { path = '', body = '{}', headers = {} } = last ?? {};
  return { path, body: JSON.parse(body) as JsonObject, key: headers['api-key'], token: headers.authorization };
}

/** What the client is told where Azure refuses with this. */
async function refuse(status: number, error: JsonObject): Promise<InstanceType<typeof OpenAI.APIError>> {
  upstream.answer({ status, headers: JSON_HEADERS, chunks: [JSON.stringify({ error })] });
  return thrownBy(openai.chat.completions.create({ model: 'azure/gpt-5-mini', messages: HELLO }), OpenAI.APIError);
}

describe('Azure behind a gateway', () => {
  it('answers chats by deployment, with its key', async () => {
    upstream.answer(gptSays({ parts: [{ text: 'Hi' }], stop: 'stop', usage: USAGE }));
    const { data, response } = await openai.chat.completions
      .create({ model: 'azure/gpt-5-mini', messages: HELLO })
      .withResponse();
    assert.equal(data.choices[0]?.message.content, 'Hi');
    const { path, body, key, token } = sent();
    assert.deepEqual(
      [path, body['model'], key, token],
      ['/openai/v1/chat/completions', 'prod-mini', 'azure-key', undefined],
    );
    const trace = await gateway.trace(response.headers.get('x-causeway-request-id'));
    assert.equal(trace.target, 'azure/gpt-5-mini');
    assert.deepEqual([trace.tokens.input, trace.cost_known], [10, false]);
  });

  it("streams, with the filter's verdict on the prompt ahead, and a dated API with its token", async () => {
    const verdict = {
      choices: [],
      created: 0,
      id: '',
      model: '',
      object: '',
      prompt_filter_results: [{ prompt_index: 0 }],
    };
    const head = { id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'gpt-5-mini-2025-08-07' };
    const text = {
      ...head,
      choices: [{ index: 0, delta: { content: 'Hi' }, finish_reason: null, content_filter_results: {} }],
    };
    const end = { ...head, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
    const usage = { ...head, choices: [], usage: USAGE };
    const frames = [verdict, text, end, usage].map((frame) => `data: ${JSON.stringify(frame)}\n\n`);
    upstream.answer({ headers: SSE_HEADERS, chunks: [...frames, 'data: [DONE]\n\n'] });
    const stream = await openai.chat.completions.create({ model: 'dated/gpt-5-mini', messages: HELLO, stream: true });
    let said = '';
    let chunks = 0;
    for await (const { choices } of stream) {
      chunks += 1;
      said += choices[0]?.delta.content ?? '';
    }
    assert.deepEqual([said, chunks], ['Hi', 3]);
    const { path, key, token } = sent();
    assert.equal(path, '/openai/deployments/prod-mini/chat/completions?api-version=2024-10-21');
    assert.deepEqual([key, token], [undefined, 'Bearer entra-token']);
  });

  it('runs a tool loop of an Anthropic client to its end', async () => {
    upstream.answer(
      gptSays(
        { parts: [{ call: 'call_1', name: 'now', args: '{}' }], stop: 'tool_calls', usage: USAGE },
        { parts: [{ text: 'Noon.' }], stop: 'stop', usage: USAGE },
      ),
    );
    const tools: Anthropic.Tool[] = [{ name: 'now', input_schema: { type: 'object', properties: {} } }];
    const request = { model: 'azure/gpt-5-mini', max_tokens: 100, tools };
    const first = await anthropic.messages.create({ ...request, messages: HELLO });
    const [call] = first.content;
    assert.ok(call?.type === 'tool_use' && call.name === 'now');
    const second = await anthropic.messages.create({
      ...request,
      messages: [
        ...HELLO,
        { role: 'assistant', content: first.content },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: 'noon' }] },
      ],
    });
    assert.ok(second.content[0]?.type === 'text' && second.content[0].text === 'Noon.');
    const { body } = sent();
    assert.equal(body['model'], 'prod-mini');
    assert.deepEqual((body['messages'] as JsonObject[]).at(-1), {
      role: 'tool',
      tool_call_id: 'call_1',
      content: 'noon',
    });
  });

  it('embeds', async () => {
    const data = [{ object: 'embedding', index: 0, embedding: [0.5, -1] }];
    const answer = {
      object: 'list',
      model: 'text-embedding-3-small',
      data,
      usage: { prompt_tokens: 2, total_tokens: 2 },
    };
    upstream.answer({ headers: JSON_HEADERS, chunks: [JSON.stringify(answer)] });
    const request = { model: 'dated/text-embedding-3-small', input: 'Hello', encoding_format: 'float' } as const;
    assert.deepEqual((await openai.embeddings.create(request)).data[0]?.embedding, [0.5, -1]);
    assert.equal(sent().path, '/openai/deployments/text-embedding-3-small/embeddings?api-version=2024-10-21');
  });

  it("promise 10: a filtered prompt is the client's to change, a missing deployment is not found, a key is ours", async () => {
    const filtered = await refuse(400, {
      message: "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
      code: 'content_filter',
      param: 'prompt',
      innererror: { code: 'ResponsibleAIPolicyViolation', content_filter_result: { hate: { filtered: true } } },
    });
    assert.deepEqual([filtered.status, filtered.code, filtered.param], [400, 'content_filter', 'prompt']);
    const missing = await refuse(404, { code: 'DeploymentNotFound', message: 'The API deployment does not exist.' });
    assert.deepEqual([missing.status, missing.code], [404, 'DeploymentNotFound']);
    const ours = await refuse(401, { code: '401', message: 'Access denied due to invalid subscription key azure-key' });
    assert.equal(ours.status, 502);
    assert.ok(!ours.message.includes('azure-key'));
  });
});
