import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI, Type } from '@google/genai';
import OpenAI from 'openai';

import { startEchoingUpstream } from '../support/echoing-upstream.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import type { Upstream } from '../support/upstream.ts';

const ECHO = { text: 'Здравствуй, 世界! A long enough text.', args: { city: 'Paris', id: 12_345 } };

let upstream: Upstream;
let gateway: Gateway;
let openai: OpenAI;
let anthropic: Anthropic;
let gemini: GoogleGenAI;

before(async () => {
  upstream = await startEchoingUpstream(ECHO);
  const at = `apiKey: upstream-key, baseUrl: "${upstream.url}`;
  gateway = await startGateway({
    config: [
      'providers:',
      `  gpt: { type: openai, ${at}/v1" }`,
      `  claude: { type: anthropic, ${at}" }`,
      `  google: { type: gemini, ${at}" }`,
      'defaults: { retries: { max: 0 }, cache: { exact: {} } }',
      'models:',
      '  paced: { target: gpt/gpt-5-mini, cache: { exact: {}, tokensPerSecond: 1000 } }',
      '',
    ].join('\n'),
  });
  const { url, apiKey } = gateway;
  openai = new OpenAI({ apiKey, baseURL: `${url}/v1`, maxRetries: 0 });
  anthropic = new Anthropic({ apiKey, baseURL: url, maxRetries: 0 });
  gemini = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url } });
});
after(async () => {
  await gateway.close();
  await upstream.close();
});

async function collected<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

/** What a client reads of an answer, in no dialect. */
interface Read {
  readonly text: string;
  readonly calls: readonly { readonly name: string; readonly id: string | undefined; readonly args: unknown }[];
  readonly finish: string | null | undefined;
  readonly tokens: readonly (number | undefined)[];
}

type Asks = (model: string, prompt: string, stream: boolean) => Promise<Read>;

const SCHEMA = { type: 'object', properties: { city: { type: 'string' } } } as const;

async function asksChat(model: string, prompt: string, stream: boolean): Promise<Read> {
  const request = {
    model,
    messages: [{ role: 'user' as const, content: prompt }],
    tools: [{ type: 'function' as const, function: { name: 'send', parameters: SCHEMA } }],
  };
  const { choices, usage } = stream
    ? await openai.chat.completions
        .stream({ ...request, stream_options: { include_usage: true } })
        .finalChatCompletion()
    : await openai.chat.completions.create(request);
  const [choice] = choices;
  assert.ok(choice);
  return {
    text: choice.message.content ?? '',
    calls: (choice.message.tool_calls ?? []).map((call) => {
      assert.ok(call.type === 'function');
      return { name: call.function.name, id: call.id, args: JSON.parse(call.function.arguments) as unknown };
    }),
    finish: choice.finish_reason,
    tokens: [usage?.prompt_tokens, usage?.completion_tokens],
  };
}

async function completedResponse(body: OpenAI.Responses.ResponseCreateParamsNonStreaming, stream: boolean) {
  if (!stream) return openai.responses.create(body);
  for await (const event of await openai.responses.create({ ...body, stream: true })) {
    if (event.type === 'response.completed') return event.response;
  }
  throw new Error('the stream had no end');
}

async function asksResponses(model: string, prompt: string, stream: boolean, store = false): Promise<Read> {
  const tools = [{ type: 'function' as const, name: 'send', parameters: { ...SCHEMA }, strict: false }];
  const { output, usage, status } = await completedResponse({ model, input: prompt, store, tools }, stream);
  return {
    text: output
      .flatMap((item) => (item.type === 'message' ? item.content : []))
      .map((part) => (part.type === 'output_text' ? part.text : part.refusal))
      .join(''),
    calls: output.flatMap((item) =>
      item.type === 'function_call'
        ? [{ name: item.name, id: item.call_id, args: JSON.parse(item.arguments) as unknown }]
        : [],
    ),
    finish: status,
    tokens: [usage?.input_tokens, usage?.output_tokens],
  };
}

async function asksMessages(model: string, prompt: string, stream: boolean): Promise<Read> {
  const request = {
    model,
    max_tokens: 1000,
    messages: [{ role: 'user' as const, content: prompt }],
    tools: [{ name: 'send', input_schema: { ...SCHEMA } }],
  };
  const message = stream
    ? await anthropic.messages.stream(request).finalMessage()
    : await anthropic.messages.create(request);
  return {
    text: message.content.map((block) => (block.type === 'text' ? block.text : '')).join(''),
    calls: message.content.flatMap((block) =>
      block.type === 'tool_use' ? [{ name: block.name, id: block.id, args: block.input }] : [],
    ),
    finish: message.stop_reason,
    tokens: [message.usage.input_tokens, message.usage.output_tokens],
  };
}

async function asksGemini(model: string, prompt: string, stream: boolean): Promise<Read> {
  const request = {
    model,
    contents: prompt,
    config: { tools: [{ functionDeclarations: [{ name: 'send', parameters: { type: Type.OBJECT } }] }] },
  };
  const chunks = stream
    ? await collected(await gemini.models.generateContentStream(request))
    : [await gemini.models.generateContent(request)];
  const parts = chunks.flatMap(({ candidates }) => candidates?.[0]?.content?.parts ?? []);
  const usage = chunks.at(-1)?.usageMetadata;
  return {
    text: parts.map(({ text }) => text ?? '').join(''),
    calls: parts.flatMap(({ functionCall: call }) =>
      call ? [{ name: call.name ?? '', id: undefined, args: call.args }] : [],
    ),
    finish: chunks.at(-1)?.candidates?.[0]?.finishReason,
    tokens: [usage?.promptTokenCount, usage?.candidatesTokenCount],
  };
}

const CLIENTS: Readonly<Record<string, Asks>> = {
  'chat completions': asksChat,
  responses: (model, prompt, stream) => asksResponses(model, prompt, stream),
  messages: asksMessages,
  generateContent: asksGemini,
};
const TARGETS = ['gpt/gpt-5-mini', 'claude/claude-sonnet-4-6', 'google/gemini-3-pro'];
const ORDERS = [
  ['whole', 'whole'],
  ['streamed', 'streamed'],
  ['whole', 'streamed'],
  ['streamed', 'whole'],
] as const;

for (const [client, asks] of Object.entries(CLIENTS)) {
  describe(`a client of ${client}`, () => {
    for (const target of TARGETS) {
      it(`reads the same of ${target} from the cache, in any order of forms`, async () => {
        for (const [first, second] of ORDERS) {
          const sent = upstream.received.length;
          const prompt = `${client} ${first} ${second}`;
          const asked = await asks(target, prompt, first === 'streamed');
          const cached = await asks(target, prompt, second === 'streamed');
          assert.equal(upstream.received.length, sent + 1, `${first}, then ${second}`);
          assert.deepEqual(cached, asked, `${first}, then ${second}`);
          // The stand-in for Gemini says its text twice in a stream.
          assert.ok(asked.text.startsWith(ECHO.text));
          assert.deepEqual(asked.calls[0]?.args, ECHO.args);
          assert.deepEqual(asked.tokens, [10, 5]);
        }
      });
    }
  });
}

describe('a message that is streamed from one that came whole', () => {
  it('begins with what its prompt took', async () => {
    const request = {
      model: 'claude/claude-sonnet-4-6',
      max_tokens: 10,
      messages: [{ role: 'user' as const, content: 'begins' }],
    };
    await anthropic.messages.create(request);
    const sent = upstream.received.length;
    const [start] = await collected(await anthropic.messages.create({ ...request, stream: true }));
    assert.equal(start?.type === 'message_start' && start.message.usage.input_tokens, 10);
    assert.equal(upstream.received.length, sent);
  });
});

describe('responses that their provider keeps', () => {
  it('are not cached, since their owner may delete them there; what nobody keeps is', async () => {
    for (const [model, store, asked] of [
      ['gpt/gpt-5-mini', true, 2],
      ['gpt/gpt-5-mini', false, 1],
      // Translated, so that nothing is kept there.
      ['claude/claude-sonnet-4-6', true, 1],
    ] as const) {
      const sent = upstream.received.length;
      const body = { model, input: 'stored', ...(store ? {} : { store }) };
      const [first, second] = [await openai.responses.create(body), await openai.responses.create(body)];
      assert.equal(upstream.received.length, sent + asked, `${model} ${store}`);
      assert.equal(first.output_text, second.output_text);
    }
  });

  it('and are streamed and given whole with the ids of their items', async () => {
    const body = { model: 'gpt/gpt-5-mini', input: 'ids', store: false };
    const ids: (string | undefined)[] = [];
    for (const stream of [true, true, false]) ids.push((await completedResponse(body, stream)).output[0]?.id);
    assert.deepEqual(ids, ['msg_1', 'msg_1', 'msg_1']);
  });
});

describe('a stream of a kept answer', () => {
  const request = { model: 'gpt/gpt-5-mini', messages: [{ role: 'user' as const, content: 'usage' }] };

  it('has the usage in its end where the client asks for it, whoever asked before', async () => {
    const withUsage = { include_usage: true };
    for (const options of [undefined, withUsage, undefined]) {
      const stream = await openai.chat.completions.create({
        ...request,
        stream: true,
        ...(options ? { stream_options: options } : {}),
      });
      const chunks = await collected(stream);
      assert.equal(chunks.at(-1)?.usage?.prompt_tokens, options && 10);
      assert.ok(options !== undefined || chunks.every(({ choices }) => choices.length > 0));
    }
  });

  it('comes at its pace where one is set, token by token', async () => {
    const body = { ...request, model: 'paced', stream: true as const };
    await collected(await openai.chat.completions.create(body));
    const begun = performance.now();
    const chunks = await collected(await openai.chat.completions.create(body));
    const pieces = chunks.flatMap(({ choices }) => choices[0]?.delta.content || []);
    assert.equal(pieces.join(''), ECHO.text);
    assert.ok(pieces.length > 8, `${pieces.length} pieces`);
    // About 20 tokens at one a millisecond; half of it, since timers are coarse.
    assert.ok(performance.now() - begun > 10);
  });
});
