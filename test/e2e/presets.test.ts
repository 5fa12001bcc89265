import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

import type { JsonObject } from '../../src/core/json.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { gptSays } from '../support/provider-answers.ts';
import { type Upstream, startUpstream } from '../support/upstream.ts';

let upstream: Upstream;
let gateway: Gateway;
let anthropic: Anthropic;
let openai: OpenAI;

before(async () => {
  upstream = await startUpstream();
  const presets = ['mistral', 'deepseek', 'vllm', 'perplexity'];
  const providers = presets.map(
    (preset) =>
      `  ${preset}: { type: openai-compatible, preset: ${preset}, apiKey: upstream-key, baseUrl: "${upstream.url}/v1" }`,
  );
  gateway = await startGateway({ config: ['providers:', ...providers].join('\n') });
  const { url, apiKey } = gateway;
  anthropic = new Anthropic({ apiKey, baseURL: url, maxRetries: 0 });
  openai = new OpenAI({ apiKey, baseURL: `${url}/v1`, maxRetries: 0 });
});
after(async () => {
  await gateway.close();
  await upstream.close();
});

const USAGE = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
const HELLO = [{ role: 'user' as const, content: 'Hello' }];
const PREFILL = { role: 'assistant' as const, content: '{' };
const NOW: Anthropic.Tool = { name: 'now', input_schema: { type: 'object', properties: {} } };

function sent(): JsonObject {
  return JSON.parse(upstream.received.at(-1)?.body ?? '{}') as JsonObject;
}

describe('presets behind a gateway', () => {
  it('Mistral: a tool loop of an Anthropic client has ids and turns that Mistral takes', async () => {
    upstream.answer(gptSays({ parts: [{ text: 'Noon.' }], stop: 'stop', usage: USAGE }));
    const { data, response } = await anthropic.messages
      .create({
        model: 'mistral-large-latest',
        max_tokens: 100,
        tools: [NOW],
        messages: [
          ...HELLO,
          { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_01A', name: 'now', input: {} }] },
          {
            role: 'user',
            content: [
              { type: 'tool_result', tool_use_id: 'toolu_01A', content: 'noon' },
              { type: 'text', text: 'So?' },
            ],
          },
        ],
      })
      .withResponse();
    assert.deepEqual(data.content[0], { type: 'text', text: 'Noon.', citations: null });
    const messages = sent()['messages'] as JsonObject[];
    assert.deepEqual(
      messages.map(({ role }) => role),
      ['user', 'assistant', 'tool', 'assistant', 'user'],
    );
    const [call] = (messages[1]?.['tool_calls'] ?? []) as { id: string }[];
    assert.match(call?.id ?? '', /^[a-zA-Z0-9]{9}$/);
    assert.equal(messages[2]?.['tool_call_id'], call?.id);
    assert.match(response.headers.get('x-causeway-warnings') ?? '', /^messages has a user's message behind/);
  });

  it('Mistral: a stream is relayed without an option that it refuses', async () => {
    upstream.answer(gptSays({ parts: [{ text: 'Hi' }], stop: 'stop', usage: USAGE }));
    const stream = await openai.chat.completions.create({
      model: 'mistral-large-latest',
      messages: HELLO,
      stream: true,
    });
    let text = '';
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    assert.equal(text, 'Hi');
    assert.equal(sent()['stream_options'], undefined);
  });

  it('DeepSeek: thinking is switched, shown, and given back to it in the loop', async () => {
    upstream.answer(
      gptSays(
        { parts: [{ thinking: 'Hm.' }, { call: 'call_1', name: 'now', args: '{}' }], stop: 'tool_calls', usage: USAGE },
        { parts: [{ text: 'Noon.' }], stop: 'stop', usage: USAGE },
      ),
    );
    const request = {
      model: 'deepseek-v4-pro',
      max_tokens: 3000,
      tools: [NOW],
      thinking: { type: 'enabled' as const, budget_tokens: 1024 },
    };
    const first = await anthropic.messages.stream({ ...request, messages: HELLO }).finalMessage();
    assert.deepEqual(
      first.content.map(({ type }) => type),
      ['thinking', 'tool_use'],
    );
    assert.deepEqual(sent()['thinking'], { type: 'enabled' });
    await anthropic.messages.create({
      ...request,
      messages: [
        ...HELLO,
        { role: 'assistant', content: first.content },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_1', content: 'noon' }] },
      ],
    });
    assert.equal((sent()['messages'] as JsonObject[])[1]?.['reasoning_content'], 'Hm.');
  });

  it('vLLM: goes on with what the assistant began', async () => {
    upstream.answer(gptSays({ parts: [{ text: '"a":1}' }], stop: 'stop', usage: USAGE }));
    const request = { model: 'vllm/qwen3-8b', max_tokens: 10, messages: [...HELLO, PREFILL], top_k: 5 };
    await anthropic.messages.create(request);
    const { continue_final_message: goesOn, add_generation_prompt: begins, top_k: topK } = sent();
    assert.deepEqual([goesOn, begins, topK], [true, false, 5]);
  });

  it('Perplexity: tags around reasoning are not part of the answer', async () => {
    upstream.answer(gptSays({ parts: [{ text: '<think>Hm.</think>\n\nParis' }], stop: 'stop', usage: USAGE }));
    const message = await anthropic.messages
      .stream({ model: 'sonar-pro', max_tokens: 10, messages: HELLO })
      .finalMessage();
    assert.deepEqual(
      message.content.map((block) => (block.type === 'text' ? block.text : block.type)),
      ['Paris'],
    );
  });
});
