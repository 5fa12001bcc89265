import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type Anthropic from '@anthropic-ai/sdk';
import { betaTool } from '@anthropic-ai/sdk/helpers/beta/json-schema';

import type { JsonObject } from '../../src/core/json.ts';
import { claudeSays, gptSays } from '../support/provider-answers.ts';
import { type SdkGateway, startSdkGateway } from '../support/sdk-gateway.ts';

let crossing: SdkGateway;

before(async () => {
  crossing = await startSdkGateway({
    config: 'prices: { gpt/gpt-5-mini: { input: 0.25, output: 2, cacheRead: 0.025 } }',
  });
});
after(() => crossing.close());

const MODEL = 'gpt/gpt-5-mini';
const USAGE = {
  prompt_tokens: 100,
  completion_tokens: 50,
  total_tokens: 150,
  prompt_tokens_details: { cached_tokens: 70, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 30, audio_tokens: 0 },
};
const HELLO = [{ role: 'user' as const, content: 'Hello' }];

type Params = Anthropic.MessageCreateParamsNonStreaming;

/** What the client made of an answer, whole or put together of a stream. */
interface Answered {
  readonly message: Anthropic.Message;
  readonly headers: Headers;
}

async function askWhole(params: Params): Promise<Answered> {
  const { data, response } = await crossing.anthropic.messages.create(params).withResponse();
  return { message: data, headers: response.headers };
}

async function askStreamed(params: Params): Promise<Answered> {
  const stream = crossing.anthropic.messages.stream(params);
  const { response } = await stream.withResponse();
  return { message: await stream.finalMessage(), headers: response.headers };
}

const WAYS = [
  ['whole', askWhole],
  ['streamed', askStreamed],
] as const;

const WEATHER: Anthropic.Tool = {
  name: 'get_weather',
  description: 'Weather of a city',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const TIME: Anthropic.Tool = { name: 'get_time', input_schema: { type: 'object', properties: {} } };

function base(more: Partial<Params> = {}): Params {
  return { model: MODEL, max_tokens: 300, messages: HELLO, ...more };
}

/** Roles and calls of what was sent. */
function messagesSent(): JsonObject[] {
  return crossing.sent('gpt')['messages'] as JsonObject[];
}

for (const [way, ask] of WAYS) {
  describe(`an Anthropic client with a model of OpenAI, ${way}`, () => {
    it('chats, and the trace tells usage, cost and output', async () => {
      crossing.gpt.answer(gptSays({ parts: [{ text: 'Hello, reader' }], stop: 'stop', usage: USAGE }));
      const { message, headers } = await ask(base({ system: 'Be brief.', metadata: { user_id: 'ann' } }));
      assert.deepEqual(textsOf(message), ['Hello, reader']);
      assert.equal(message.stop_reason, 'end_turn');
      const { input_tokens: input, cache_read_input_tokens: cached, output_tokens: output } = message.usage;
      assert.deepEqual([input, cached, output], [30, 70, 50], 'cached tokens stand beside the input here');
      assert.deepEqual(
        messagesSent().map(({ role }) => role),
        [messagesSent()[0]?.['role'], 'user'],
      );
      assert.match(JSON.stringify(messagesSent()[0]), /^\{"role":"(system|developer)"/);
      assert.match(JSON.stringify(messagesSent()[0]), /Be brief\./);
      assert.equal(crossing.sent('gpt')['max_completion_tokens'], 300);
      const trace = await crossing.trace(headers);
      assert.deepEqual(
        [trace.status, trace.dialect, trace.target, trace.user_id, trace.warnings],
        ['completed', 'anthropic', MODEL, 'ann', []],
      );
      assert.deepEqual(
        [trace.tokens.input, trace.tokens.output, trace.tokens.cached, trace.tokens.reasoning],
        [100, 50, 70, 30],
      );
      // 30 × 0.25 + 70 × 0.025 + 50 × 2 dollars per million
      assert.equal(trace.cost_usd, 0.000_109_25);
      assert.equal(trace.attempts[0]?.usage_source, 'reported');
      assert.match(JSON.stringify(trace.output), /Hello, reader/);
    });

    it('promise 2: parallel tool calls come with their ids, order and arguments, and so do their results', async () => {
      const calls = [
        { call: 'call_1', name: 'get_weather', args: '{"city":"Paris"}' },
        { call: 'call_2', name: 'get_time', args: '{}' },
        { call: 'call_3', name: 'get_time', args: '' },
      ];
      crossing.gpt.answer(
        gptSays(
          { parts: [{ text: 'Let me see.' }, ...calls], stop: 'tool_calls', usage: USAGE },
          { parts: [{ text: 'Rain at noon.' }], stop: 'stop', usage: USAGE },
        ),
      );
      const request = base({ tools: [WEATHER, TIME], tool_choice: { type: 'any' } });
      const first = await ask(request);
      assert.equal(first.message.stop_reason, 'tool_use');
      assert.deepEqual(
        first.message.content.map((block) =>
          block.type === 'tool_use' ? [block.id, block.name, block.input] : textsOf({ content: [block] }),
        ),
        [
          ['Let me see.'],
          ['call_1', 'get_weather', { city: 'Paris' }],
          ['call_2', 'get_time', {}],
          ['call_3', 'get_time', {}],
        ],
      );
      assert.equal(crossing.sent('gpt')['tool_choice'], 'required');
      const image: Anthropic.ImageBlockParam = {
        type: 'image',
        source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' },
      };
      const second = await ask({
        ...request,
        tool_choice: { type: 'auto' },
        messages: [
          ...HELLO,
          { role: 'assistant', content: first.message.content },
          {
            role: 'user',
            content: [
              { type: 'tool_result', tool_use_id: 'call_1', content: [{ type: 'text', text: 'wet' }, image] },
              { type: 'tool_result', tool_use_id: 'call_2', content: 'clock is broken', is_error: true },
              { type: 'tool_result', tool_use_id: 'call_3', content: 'noon' },
            ],
          },
        ],
      });
      assert.deepEqual(textsOf(second.message), ['Rain at noon.']);
      const sent = messagesSent();
      assert.deepEqual(
        sent.slice(1, 5).map(({ role, tool_call_id: id }) => [role, id]),
        [
          ['assistant', undefined],
          ['tool', 'call_1'],
          ['tool', 'call_2'],
          ['tool', 'call_3'],
        ],
      );
      assert.deepEqual(
        callsIn(sent[1]).map(({ id, function: fn }) => [id, fn]),
        [
          ['call_1', { name: 'get_weather', arguments: '{"city":"Paris"}' }],
          ['call_2', { name: 'get_time', arguments: '{}' }],
          ['call_3', { name: 'get_time', arguments: '{}' }],
        ],
      );
      assert.match(JSON.stringify(sent[3]), /clock is broken/);
      assert.match(JSON.stringify(sent), /data:image\/png;base64,iVBORw0KGgo=/);
    });

    it('reasoning of servers that show it comes as thinking, and is known to be unsigned when it comes back', async () => {
      crossing.gpt.answer(
        gptSays({
          parts: [{ thinking: 'First I look.' }, { call: 'call_1', name: 'get_time', args: '{}' }],
          stop: 'tool_calls',
          usage: USAGE,
        }),
      );
      const request = base({
        model: 'server/qwen3-8b',
        max_tokens: 3000,
        tools: [TIME],
        thinking: { type: 'enabled', budget_tokens: 1024 },
      });
      const first = await ask(request);
      assert.deepEqual(first.message.content[0], {
        type: 'thinking',
        thinking: 'First I look.',
        signature: 'causeway-unsigned',
      });
      crossing.gpt.answer(gptSays({ parts: [{ text: 'Noon.' }], stop: 'stop', usage: USAGE }));
      const second = await ask({
        ...request,
        messages: [
          ...HELLO,
          { role: 'assistant', content: first.message.content },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_1', content: 'noon' }] },
        ],
      });
      assert.deepEqual(textsOf(second.message), ['Noon.']);
      assert.ok(!crossing.gpt.received.at(-1)?.body.includes('causeway-unsigned'));
      const plain = await ask(base({ model: 'server/qwen3-8b' }));
      assert.ok(
        plain.message.content.every(({ type }) => type === 'text'),
        'who did not ask for thinking gets none',
      );
    });

    it('structured output is held to the schema there', async () => {
      const schema = {
        type: 'object',
        properties: { a: { type: 'integer' } },
        required: ['a'],
        additionalProperties: false,
      };
      crossing.gpt.answer(gptSays({ parts: [{ text: '{"a":1}' }], stop: 'stop', usage: USAGE }));
      const { message } = await ask(base({ output_config: { format: { type: 'json_schema', schema } } }));
      assert.deepEqual(textsOf(message), ['{"a":1}']);
      const format = crossing.sent('gpt')['response_format'] as { type: string; json_schema: { schema: object } };
      assert.equal(format.type, 'json_schema');
      assert.deepEqual(format.json_schema.schema, schema);
    });

    it('images and documents are sent as parts', async () => {
      crossing.gpt.answer(gptSays({ parts: [{ text: 'A dot.' }], stop: 'stop', usage: USAGE }));
      const content: Anthropic.ContentBlockParam[] = [
        { type: 'text', text: 'What is this?' },
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
        { type: 'image', source: { type: 'url', url: 'https://example.com/a.jpg' } },
        {
          type: 'document',
          title: 'a.pdf',
          source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0x' },
        },
      ];
      await ask(base({ messages: [{ role: 'user', content }] }));
      assert.deepEqual(messagesSent()[0]?.['content'], [
        { type: 'text', text: 'What is this?' },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
        { type: 'image_url', image_url: { url: 'https://example.com/a.jpg' } },
        { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0x' } },
      ]);
    });

    it('reasons to stop come back in the words of the client, and a refusal is one', async () => {
      const REASONS = [
        ['stop', 'end_turn'],
        ['length', 'max_tokens'],
        ['content_filter', 'refusal'],
        ['a new reason', 'end_turn'],
      ] as const;
      for (const [said, read] of REASONS) {
        crossing.gpt.answer(gptSays({ parts: [{ text: 'Well' }], stop: said, usage: USAGE }));
        assert.equal((await ask(base())).message.stop_reason, read, said);
      }
      crossing.gpt.answer(gptSays({ parts: [{ refusal: 'I cannot.' }], stop: 'stop', usage: USAGE }));
      const { message } = await ask(base());
      assert.deepEqual([message.stop_reason, textsOf(message)], ['refusal', ['I cannot.']]);
    });

    it('stop sequences go to servers that take them', async () => {
      crossing.gpt.answer(gptSays({ parts: [{ text: 'Well' }], stop: 'stop', usage: USAGE }));
      await ask(base({ model: 'server/m', stop_sequences: ['END'] }));
      assert.deepEqual(crossing.sent('gpt')['stop'], ['END']);
    });

    it('what is left out is named in a header and in the trace', async () => {
      crossing.gpt.answer(gptSays({ parts: [{ text: 'Hi' }], stop: 'stop', usage: USAGE }));
      const { headers } = await ask({ ...base(), top_k: 5, context_management: { edits: [{}] } } as Params);
      const warnings = (await crossing.trace(headers)).warnings as string[];
      for (const field of ['top_k', 'context_management']) {
        assert.ok(
          warnings.some((warning) => warning.startsWith(`${field} `)),
          `${field} in ${warnings.join()}`,
        );
      }
      assert.equal(headers.get('x-causeway-warnings'), warnings.join('; '));
    });
  });
}

function callsIn(message: JsonObject | undefined): { readonly id: string; readonly function: object }[] {
  assert.ok(message);
  return message['tool_calls'] as { id: string; function: object }[];
}

function textsOf({ content }: Pick<Anthropic.Message, 'content'>): string[] {
  return content.flatMap((block) => (block.type === 'text' ? [block.text] : []));
}

describe('an Anthropic client streams from a model of OpenAI', () => {
  it('blocks come one after the other, and the usage is there without being asked for', async () => {
    crossing.gpt.answer(
      gptSays({
        parts: [{ text: 'Hm' }, { call: 'call_1', name: 'get_time', args: '{"a":1}' }],
        stop: 'tool_calls',
        usage: USAGE,
      }),
    );
    const stream = await crossing.anthropic.messages.create({ ...base({ tools: [TIME] }), stream: true });
    const seen: string[] = [];
    for await (const event of stream) {
      const index = 'index' in event ? ` ${event.index}` : '';
      if (seen.at(-1) !== `${event.type}${index}`) seen.push(`${event.type}${index}`);
    }
    assert.deepEqual(seen, [
      'message_start',
      'content_block_start 0',
      'content_block_delta 0',
      'content_block_stop 0',
      'content_block_start 1',
      'content_block_delta 1',
      'content_block_stop 1',
      'message_delta',
      'message_stop',
    ]);
    assert.deepEqual(crossing.sent('gpt')['stream_options'], { include_usage: true });
  });

  it('runs the loop of its helper to the end', async () => {
    const cities: string[] = [];
    crossing.gpt.answer(
      gptSays(
        {
          parts: [{ call: 'call_1', name: 'get_weather', args: '{"city":"Paris"}' }],
          stop: 'tool_calls',
          usage: USAGE,
        },
        { parts: [{ text: 'Rain.' }], stop: 'stop', usage: USAGE },
      ),
    );
    const weather = betaTool({
      name: 'get_weather',
      description: 'Weather of a city',
      inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
      run: ({ city }) => {
        cities.push(city);
        return 'rain';
      },
    });
    const final = await crossing.anthropic.beta.messages.toolRunner({ ...base(), tools: [weather] });
    assert.deepEqual(cities, ['Paris']);
    assert.deepEqual(
      final.content.map((block) => (block.type === 'text' ? block.text : block.type)),
      ['Rain.'],
    );
  });
});

describe('promise 2: a conversation that goes on with another provider', () => {
  it('takes to Anthropic no thinking that Anthropic did not sign', async () => {
    crossing.gpt.answer(gptSays({ parts: [{ thinking: 'Hm.' }, { text: 'Noon.' }], stop: 'stop', usage: USAGE }));
    const thinking = { type: 'enabled', budget_tokens: 1024 } as const;
    const first = await askWhole(base({ model: 'server/qwen3-8b', max_tokens: 3000, thinking }));
    assert.equal(first.message.content[0]?.type, 'thinking');
    const history = [
      ...HELLO,
      { role: 'assistant' as const, content: first.message.content },
      { role: 'user' as const, content: 'Sure?' },
    ];
    crossing.claude.answer(
      claudeSays({
        parts: [{ text: 'Yes.' }],
        stop: 'end_turn',
        usage: { input_tokens: 1, output_tokens: 1 },
      }),
    );
    await askWhole(base({ model: 'claude/claude-sonnet-4-6', max_tokens: 3000, thinking, messages: history }));
    const [, answer] = crossing.sent('claude')['messages'] as { content: { type: string }[] }[];
    assert.deepEqual(
      answer?.content.map(({ type }) => type),
      ['text'],
    );
  });

  it('takes to OpenAI nothing that Anthropic signed', async () => {
    const parts = [{ thinking: 'Hm.', signature: 'sig' }, { text: 'Noon.' }];
    crossing.claude.answer(claudeSays({ parts, stop: 'end_turn', usage: { input_tokens: 1, output_tokens: 1 } }));
    const { completions } = crossing.openai.chat;
    const thought = { messages: HELLO, reasoning_effort: 'low' } as const;
    const first = await completions.create({ ...thought, model: 'claude/claude-sonnet-4-6' });
    const message = first.choices[0]?.message;
    assert.ok(message && 'causeway_reasoning' in message);
    crossing.gpt.answer(gptSays({ parts: [{ text: 'Yes.' }], stop: 'stop', usage: USAGE }));
    const messages = [...HELLO, message, { role: 'user' as const, content: 'Sure?' }];
    await completions.create({ ...thought, messages, model: MODEL });
    const sent = JSON.stringify(crossing.sent('gpt'));
    assert.ok(sent.includes('Noon.') && !sent.includes('sig') && !sent.includes('causeway_reasoning'), sent);
  });
});
