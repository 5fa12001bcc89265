import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type OpenAI from 'openai';
import { ChatCompletionStream } from 'openai/lib/ChatCompletionStream';

import { claudeSays } from '../support/provider-answers.ts';
import { type SdkGateway, startSdkGateway } from '../support/sdk-gateway.ts';

let crossing: SdkGateway;

before(async () => {
  crossing = await startSdkGateway({
    config: [
      'prices: { claude/claude-sonnet-4-6: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 } }',
      'capabilities: { claude/plain: { jsonSchema: false } }',
    ].join('\n'),
  });
});
after(() => crossing.close());

const MODEL = 'claude/claude-sonnet-4-6';
const USAGE = { input_tokens: 20, cache_read_input_tokens: 70, cache_creation_input_tokens: 10, output_tokens: 50 };
const HELLO = [{ role: 'user' as const, content: 'Hello' }];

type Params = OpenAI.ChatCompletionCreateParamsNonStreaming;
type Message = OpenAI.ChatCompletionMessageParam;

/** What the client made of an answer, whole or put together of a stream. */
interface Answered {
  readonly completion: OpenAI.ChatCompletion;
  readonly headers: Headers;
}

async function askWhole(params: Params): Promise<Answered> {
  const { data, response } = await crossing.openai.chat.completions.create(params).withResponse();
  return { completion: data, headers: response.headers };
}

async function askStreamed(params: Params): Promise<Answered> {
  const request = { ...params, stream: true, stream_options: { include_usage: true } } as const;
  const { data, response } = await crossing.openai.chat.completions.create(request).withResponse();
  const stream = ChatCompletionStream.fromReadableStream(data.toReadableStream());
  return { completion: await stream.finalChatCompletion(), headers: response.headers };
}

const WAYS = [
  ['whole', askWhole],
  ['streamed', askStreamed],
] as const;

const WEATHER: OpenAI.ChatCompletionTool = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Weather of a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};
const TIME: OpenAI.ChatCompletionTool = { type: 'function', function: { name: 'get_time' } };

for (const [way, ask] of WAYS) {
  describe(`an OpenAI client with a model of Anthropic, ${way}`, () => {
    it('chats, and the trace tells usage, cost and output', async () => {
      crossing.claude.answer(claudeSays({ parts: [{ text: 'Hello, reader' }], stop: 'end_turn', usage: USAGE }));
      const messages: Message[] = [{ role: 'developer', content: 'Be brief.' }, ...HELLO];
      const { completion, headers } = await ask({ model: MODEL, messages, max_completion_tokens: 99, user: 'ann' });
      const [choice] = completion.choices;
      assert.deepEqual([choice?.message.content, choice?.finish_reason], ['Hello, reader', 'stop']);
      assert.deepEqual(completion.usage, {
        prompt_tokens: 100,
        completion_tokens: 50,
        total_tokens: 150,
        prompt_tokens_details: { cached_tokens: 70, cache_write_tokens: 10 },
      });
      const sent = crossing.sent('claude');
      assert.deepEqual(
        [sent['model'], sent['system'], sent['max_tokens'], sent['metadata'], sent['stream']],
        ['claude-sonnet-4-6', 'Be brief.', 99, { user_id: 'ann' }, way === 'streamed' ? true : undefined],
      );
      const trace = await crossing.trace(headers);
      assert.deepEqual(
        [trace.status, trace.dialect, trace.target, trace.user_id, trace.warnings],
        ['completed', 'openai', MODEL, 'ann', []],
      );
      assert.deepEqual(trace.tokens, { input: 100, output: 50, cached: 70, cache_write: 10, reasoning: null });
      // 20 × 3 + 70 × 0.3 + 10 × 3.75 + 50 × 15 dollars per million
      assert.equal(trace.cost_usd, 0.000_868_5);
      assert.equal(trace.attempts[0]?.usage_source, 'reported');
      assert.match(JSON.stringify(trace.output), /Hello, reader/);
    });

    it('promise 2: parallel tool calls come with their ids, order and arguments, and so do their results', async () => {
      const args = '{"city":"Paris","id":12345678901234567890}';
      crossing.claude.answer(
        claudeSays(
          {
            parts: [
              { text: 'Let me see.' },
              { call: 'toolu_1', name: 'get_weather', args },
              { call: 'toolu_2', name: 'get_time', args: '' },
            ],
            stop: 'tool_use',
            usage: USAGE,
          },
          { parts: [{ text: 'Rain at noon.' }], stop: 'end_turn', usage: USAGE },
        ),
      );
      const request: Params = { model: MODEL, messages: HELLO, tools: [WEATHER, TIME], tool_choice: 'required' };
      const first = await ask(request);
      const [choice] = first.completion.choices;
      assert.equal(choice?.finish_reason, 'tool_calls');
      assert.equal(choice.message.content, 'Let me see.');
      assert.deepEqual(
        (choice.message.tool_calls ?? []).map((call) => [call.id, call.type === 'function' ? call.function : call]),
        [
          ['toolu_1', { name: 'get_weather', arguments: args }],
          ['toolu_2', { name: 'get_time', arguments: '{}' }],
        ],
      );
      assert.deepEqual(crossing.sent('claude')['tool_choice'], { type: 'any' });
      const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } };
      const second = await ask({
        ...request,
        tool_choice: 'auto',
        messages: [
          ...HELLO,
          choice.message,
          { role: 'tool', tool_call_id: 'toolu_1', content: [image, { type: 'text', text: 'wet' }] as never },
          { role: 'tool', tool_call_id: 'toolu_2', content: 'noon' },
        ],
      });
      assert.equal(second.completion.choices[0]?.message.content, 'Rain at noon.');
      const sent = crossing.sent('claude')['messages'] as { role: string; content: { type: string }[] }[];
      assert.deepEqual(
        sent.map(({ role, content }) => [role, content.map(({ type }) => type)]),
        [
          ['user', ['text']],
          ['assistant', ['text', 'tool_use', 'tool_use']],
          ['user', ['tool_result', 'tool_result']],
        ],
      );
      assert.deepEqual(sent[2]?.content[0], {
        type: 'tool_result',
        tool_use_id: 'toolu_1',
        content: [
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
          { type: 'text', text: 'wet' },
        ],
      });
      assert.ok(crossing.claude.received.at(-1)?.body.includes(`"input":${args}`), 'long numbers are not rounded');
    });

    it('thinking comes as reasoning, and its signatures go back in the next turn', async () => {
      crossing.claude.answer(
        claudeSays(
          {
            parts: [
              { thinking: 'First I look.', signature: 'sig-1' },
              { redacted: 'sealed' },
              { call: 'toolu_1', name: 'get_time', args: '{}' },
            ],
            stop: 'tool_use',
            usage: USAGE,
          },
          {
            parts: [{ thinking: 'Now I know.', signature: 'sig-2' }, { text: 'Noon.' }],
            stop: 'end_turn',
            usage: USAGE,
          },
        ),
      );
      const request: Params = { model: MODEL, messages: HELLO, tools: [TIME], reasoning_effort: 'low' };
      const first = await ask(request);
      const message: Answer | undefined = first.completion.choices[0]?.message;
      assert.ok(message);
      // The helper of streams keeps the last piece only of a text that it does not know.
      if (way === 'whole') assert.equal(message.reasoning_content, 'First I look.');
      assert.deepEqual(message.causeway_reasoning, [
        { type: 'text', text: 'First I look.', signature: 'sig-1' },
        { type: 'redacted', data: 'sealed' },
      ]);
      const { thinking, output_config: config } = crossing.sent('claude');
      assert.deepEqual([thinking, config], [{ type: 'adaptive' }, { effort: 'low' }]);
      const history: Message[] = [...HELLO, message, { role: 'tool', tool_call_id: 'toolu_1', content: 'noon' }];
      const second = await ask({ ...request, messages: history });
      const answer: Answer | undefined = second.completion.choices[0]?.message;
      assert.ok(answer);
      assert.equal(answer.content, 'Noon.');
      assert.deepEqual(answer.causeway_reasoning, [{ type: 'text', text: 'Now I know.', signature: 'sig-2' }]);
      const sent = crossing.sent('claude')['messages'] as { content: object[] }[];
      assert.deepEqual(sent[1]?.content.slice(0, 2), [
        { type: 'thinking', thinking: 'First I look.', signature: 'sig-1' },
        { type: 'redacted_thinking', data: 'sealed' },
      ]);
      await ask({ ...request, messages: [...history, answer, { role: 'user', content: 'Sure?' }] });
      const third = crossing.sent('claude')['messages'] as { content: object[] }[];
      assert.deepEqual(third[3]?.content[0], { type: 'thinking', thinking: 'Now I know.', signature: 'sig-2' });
    });

    it('structured output is the native one where the model has it, and one of our own where not', async () => {
      const schema = {
        type: 'object',
        properties: { a: { type: 'integer' } },
        required: ['a'],
        additionalProperties: false,
      };
      const response_format = { type: 'json_schema' as const, json_schema: { name: 'plan', strict: true, schema } };
      crossing.claude.answer(claudeSays({ parts: [{ text: '{"a":1}' }], stop: 'end_turn', usage: USAGE }));
      const native = await ask({ model: MODEL, messages: HELLO, response_format });
      assert.equal(native.completion.choices[0]?.message.content, '{"a":1}');
      assert.deepEqual(crossing.sent('claude')['output_config'], { format: { type: 'json_schema', schema } });
      assert.deepEqual((await crossing.trace(native.headers)).warnings, []);

      const call = { call: 'toolu_9', name: 'json_answer', args: '{"a":2}' };
      crossing.claude.answer(claudeSays({ parts: [call], stop: 'tool_use', usage: USAGE }));
      const own = await ask({ model: 'claude/plain', messages: HELLO, response_format });
      const [choice] = own.completion.choices;
      assert.deepEqual(
        [choice?.message.content, choice?.finish_reason, choice?.message.tool_calls],
        ['{"a":2}', 'stop', undefined],
      );
      const { tools, tool_choice: chosen } = crossing.sent('claude');
      assert.deepEqual(
        (tools as { name: string }[]).map(({ name }) => name),
        ['json_answer'],
      );
      assert.equal((chosen as { name: string }).name, 'json_answer');
      assert.match(String((await crossing.trace(own.headers)).warnings), /response_format becomes/);
    });

    it('images and documents are sent as blocks', async () => {
      crossing.claude.answer(claudeSays({ parts: [{ text: 'A dot.' }], stop: 'end_turn', usage: USAGE }));
      const content: OpenAI.ChatCompletionContentPart[] = [
        { type: 'text', text: 'What is this?' },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
        { type: 'image_url', image_url: { url: 'https://example.com/a.jpg', detail: 'auto' } },
        { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0xLjQK' } },
      ];
      await ask({ model: MODEL, messages: [{ role: 'user', content }] });
      const [message] = crossing.sent('claude')['messages'] as { content: object[] }[];
      assert.deepEqual(message?.content, [
        { type: 'text', text: 'What is this?' },
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
        { type: 'image', source: { type: 'url', url: 'https://example.com/a.jpg' } },
        {
          type: 'document',
          source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0xLjQK' },
          title: 'a.pdf',
        },
      ]);
    });

    it('stop sequences go there, and reasons to stop come back in the words of the client', async () => {
      const REASONS = [
        ['end_turn', 'stop'],
        ['stop_sequence', 'stop'],
        ['max_tokens', 'length'],
        ['model_context_window_exceeded', 'length'],
        ['refusal', 'content_filter'],
        ['pause_turn', 'stop'],
      ] as const;
      for (const [said, read] of REASONS) {
        crossing.claude.answer(claudeSays({ parts: [{ text: 'Well' }], stop: said, usage: USAGE }));
        const stream = crossing.openai.chat.completions.stream({ model: MODEL, messages: HELLO, stop: ['END'] });
        const finish =
          way === 'whole'
            ? (await ask({ model: MODEL, messages: HELLO, stop: ['END'] })).completion.choices[0]?.finish_reason
            : await reasonIn(stream);
        assert.equal(finish, read, said);
        assert.deepEqual(crossing.sent('claude')['stop_sequences'], ['END']);
      }
    });

    it('several answers are as many requests, and all of them are paid for', async () => {
      const answers = ['one', 'two', 'three'].map((text) => ({ parts: [{ text }], stop: 'end_turn', usage: USAGE }));
      crossing.claude.answer(claudeSays(...answers));
      const earlier = crossing.claude.received.length;
      const { completion, headers } = await ask({ model: MODEL, messages: HELLO, n: 3 });
      assert.equal(crossing.claude.received.length - earlier, 3);
      assert.deepEqual(
        completion.choices.map(({ index }) => index),
        [0, 1, 2],
      );
      // They come side by side, in any order.
      const said = new Set(completion.choices.map(({ message }) => message.content));
      assert.deepEqual(said, new Set(['one', 'two', 'three']));
      assert.deepEqual([completion.usage?.prompt_tokens, completion.usage?.completion_tokens], [300, 150]);
      const trace = await crossing.trace(headers);
      assert.deepEqual([trace.tokens.input, trace.tokens.output, trace.attempts.length], [300, 150, 3]);
      assert.equal(trace.cost_usd, 0.002_605_5);
    });

    it('what is left out is named in a header and in the trace', async () => {
      crossing.claude.answer(claudeSays({ parts: [{ text: 'Hi' }], stop: 'end_turn', usage: USAGE }));
      const options = { seed: 1, logit_bias: { 50: 1 }, metadata: { team: 'a' }, frequency_penalty: 1 };
      const { headers } = await ask({ model: MODEL, messages: HELLO, ...options });
      const warnings = (await crossing.trace(headers)).warnings as string[];
      for (const field of Object.keys(options)) {
        assert.ok(
          warnings.some((warning) => warning.startsWith(`${field} `)),
          `${field} in ${warnings.join()}`,
        );
      }
      assert.equal(headers.get('x-causeway-warnings'), warnings.join('; '));
    });
  });
}

/** Our fields, and one that servers of this API have, on the message. */
interface Answer extends OpenAI.ChatCompletionMessage {
  readonly reasoning_content?: string;
  readonly causeway_reasoning?: object[];
}

/** The helper throws at some reasons; the chunks have them all. */
async function reasonIn(stream: AsyncIterable<OpenAI.ChatCompletionChunk>): Promise<string | undefined> {
  let reason: string | undefined;
  for await (const { choices } of stream) reason = choices[0]?.finish_reason ?? reason;
  return reason;
}

describe('an OpenAI client streams from a model of Anthropic', () => {
  it('no usage is shown where it did not ask for it, and every chunk has the same id', async () => {
    crossing.claude.answer(claudeSays({ parts: [{ text: 'Hello, reader' }], stop: 'end_turn', usage: USAGE }));
    const stream = await crossing.openai.chat.completions.create({ model: MODEL, messages: HELLO, stream: true });
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    assert.ok(chunks.every(({ usage, choices }) => !usage && choices.length === 1));
    assert.deepEqual([...new Set(chunks.map(({ id }) => id))], ['msg_01XFDUDYJgAACzvnptvVoYEL']);
    assert.equal(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join(''), 'Hello, reader');
  });

  it('runs the loop of its helper to the end', async () => {
    const cities: string[] = [];
    const call = { call: 'toolu_1', name: 'get_weather', args: '{"city":"Paris"}' };
    crossing.claude.answer(
      claudeSays(
        { parts: [call], stop: 'tool_use', usage: USAGE },
        { parts: [{ text: 'Rain.' }], stop: 'end_turn', usage: USAGE },
      ),
    );
    const runner = crossing.openai.chat.completions.runTools({
      model: MODEL,
      messages: HELLO,
      stream: true,
      tools: [
        {
          type: 'function',
          function: {
            name: 'get_weather',
            description: 'Weather of a city',
            parameters: { type: 'object', properties: { city: { type: 'string' } } },
            parse: JSON.parse as (text: string) => { city: string },
            function: ({ city }: { city: string }) => {
              cities.push(city);
              return 'rain';
            },
          },
        },
      ],
    });
    assert.equal(await runner.finalContent(), 'Rain.');
    assert.deepEqual(cities, ['Paris']);
  });
});
