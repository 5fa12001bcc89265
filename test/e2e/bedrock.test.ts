import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

import { type BedrockGateway, converseSays, startBedrockGateway } from '../support/bedrock-gateway.ts';
import { EVENT_STREAM_HEADERS, eventFrame, exceptionFrame, framesOf, streamOf } from '../support/event-stream.ts';
import { untilInFlight } from '../support/gateway.ts';
import { loadConverseRecordings, recordingsMissing } from '../support/recordings.ts';
import { piecesOf } from '../support/splits.ts';
import { thrownBy } from '../support/thrown-by.ts';
import { JSON_HEADERS, type UpstreamAnswer } from '../support/upstream.ts';

const CLAUDE = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const MODEL = `aws/${CLAUDE}`;
const HELLO = [{ role: 'user' as const, content: 'Hello' }];

let aws: BedrockGateway;
before(async () => {
  aws = await startBedrockGateway();
});
after(() => aws.close());

function recorded(name: string): string {
  const recording = loadConverseRecordings().find((one) => one.name === name);
  assert.ok(recording, name);
  return recording.text;
}

const text = (piece: string): readonly [string, object] => [
  'contentBlockDelta',
  { contentBlockIndex: 0, delta: { text: piece } },
];
const STOP = ['messageStop', { stopReason: 'end_turn' }] as const;
const METADATA = [
  'metadata',
  { usage: { inputTokens: 10, outputTokens: 5, cacheReadInputTokens: 90 }, metrics: { latencyMs: 1 } },
] as const;

describe('Bedrock behind the gateway', () => {
  it('a recorded answer for an OpenAI client', { skip: recordingsMissing() }, async () => {
    const json = recorded('amazon-bedrock-text.json');
    aws.upstream.answer({ headers: { ...JSON_HEADERS, 'x-amzn-requestid': 'req_1' }, chunks: [json] });
    const { data, response } = await aws.openai.chat.completions
      .create({ model: MODEL, messages: HELLO })
      .withResponse();
    const body = JSON.parse(json) as {
      output: { message: { content: { text: string }[] } };
      usage: { inputTokens: number };
    };
    assert.equal(data.choices[0]?.message.content, body.output.message.content[0]?.text);
    assert.equal(data.usage?.prompt_tokens, body.usage.inputTokens);
    assert.equal(response.headers.get('x-amzn-requestid'), 'req_1');
    assert.equal(aws.sent().request.path, `/model/${encodeURIComponent(CLAUDE)}/converse`);
    assert.deepEqual(aws.sent().body, { messages: [{ role: 'user', content: [{ text: 'Hello' }] }] });
  });

  it('promise 2: a recorded stream for both clients, whatever the reads', { skip: recordingsMissing() }, async () => {
    const lines = recorded('amazon-bedrock-reasoning.chunks.txt');
    interface Recorded {
      readonly contentBlockDelta?: {
        readonly delta: { readonly text?: string; readonly reasoningContent?: { readonly text?: string } };
      };
    }
    const deltas = lines
      .split('\n')
      .flatMap((line) => (line === '' ? [] : ((JSON.parse(line) as Recorded).contentBlockDelta ?? [])));
    const said = deltas.map(({ delta }) => delta.text ?? '').join('');
    const thought = deltas.map(({ delta }) => delta.reasoningContent?.text ?? '').join('');
    for (const size of [1000, 7]) {
      aws.upstream.answer({ headers: EVENT_STREAM_HEADERS, chunks: piecesOf(Buffer.concat(framesOf(lines)), size) });
      const stream = await aws.openai.chat.completions.create({
        model: MODEL,
        messages: HELLO,
        reasoning_effort: 'low',
        max_tokens: 5000,
        stream: true,
        stream_options: { include_usage: true },
      });
      const heard = { content: '', reasoning_content: '' };
      let usage: OpenAI.CompletionUsage | null | undefined;
      for await (const chunk of stream) {
        const delta: { content?: string | null; reasoning_content?: string } = chunk.choices[0]?.delta ?? {};
        heard.content += delta.content ?? '';
        heard.reasoning_content += delta.reasoning_content ?? '';
        usage = chunk.usage ?? usage;
      }
      assert.deepEqual(heard, { content: said, reasoning_content: thought });
      assert.deepEqual([usage?.prompt_tokens, usage?.completion_tokens], [51, 94]);
      const { request, body } = aws.sent();
      assert.equal(request.path, `/model/${encodeURIComponent(CLAUDE)}/converse-stream`);
      assert.deepEqual(body['additionalModelRequestFields'], { thinking: { type: 'enabled', budget_tokens: 2048 } });
    }
    const thinking = { type: 'enabled', budget_tokens: 1024 } as const;
    const message = await aws.anthropic.messages
      .stream({ model: MODEL, max_tokens: 3000, messages: HELLO, thinking })
      .finalMessage();
    const texts = message.content.flatMap((block) => (block.type === 'text' ? [block.text] : []));
    assert.deepEqual([texts.join(''), message.stop_reason], [said, 'end_turn']);
  });

  it('promise 6: cached tokens are part of the input for OpenAI, and beside it for Anthropic', async () => {
    aws.upstream.answer(streamOf(['messageStart', { role: 'assistant' }], text('Hi'), STOP, METADATA));
    const stream = aws.anthropic.messages.stream({ model: MODEL, max_tokens: 99, messages: HELLO });
    const { usage } = await stream.finalMessage();
    assert.deepEqual([usage.input_tokens, usage.cache_read_input_tokens, usage.output_tokens], [10, 90, 5]);
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    const request = { model: MODEL, messages: HELLO, stream: true, stream_options: { include_usage: true } } as const;
    for await (const chunk of await aws.openai.chat.completions.create(request)) chunks.push(chunk);
    assert.deepEqual(chunks.at(-1)?.usage?.prompt_tokens_details?.cached_tokens, 90);
    assert.equal(chunks.at(-1)?.usage?.prompt_tokens, 100);
  });

  it('a Bedrock API key is a Bearer, and nothing is signed', async () => {
    aws.upstream.answer(converseSays([{ text: 'Hi' }], 'end_turn'));
    const model = 'keyed/arn:aws:bedrock:eu-west-1:1:application-inference-profile/abc';
    await aws.openai.chat.completions.create({ model, messages: HELLO });
    const request = aws.upstream.received.at(-1);
    assert.equal(request?.headers.authorization, 'Bearer bedrock-key');
    assert.equal(request?.path.split('/').length, 4);
    assert.equal(request?.headers['x-amz-date'], undefined);
  });

  it('embeddings of Titan, one request a text', async () => {
    aws.upstream.answer(({ body }) => {
      const { inputText } = JSON.parse(body) as { inputText: string };
      const vector = JSON.stringify({ embedding: [inputText.length, 0.5], inputTextTokenCount: 2 });
      return { headers: JSON_HEADERS, chunks: [vector] };
    });
    const model = 'aws/amazon.titan-embed-text-v2:0';
    const { data, usage } = await aws.openai.embeddings.create({
      model,
      input: ['a', 'bbb'],
      encoding_format: 'float',
    });
    assert.deepEqual(
      data.map(({ embedding }) => embedding),
      [
        [1, 0.5],
        [3, 0.5],
      ],
    );
    assert.equal(usage.prompt_tokens, 4);
    assert.equal(aws.sent().request.path, '/model/amazon.titan-embed-text-v2%3A0/invoke');
  });
});

describe('tool loops through Bedrock, to their end', () => {
  const REASONING = [
    { reasoningContent: { reasoningText: { text: 'I look.', signature: 'c2lnbmF0dXJl' } } },
    { reasoningContent: { redactedContent: 'AAEC' } },
  ];
  const CALLS = [
    { toolUse: { toolUseId: 'tooluse_1', name: 'get_weather', input: { city: 'Paris', id: 7 } } },
    { toolUse: { toolUseId: 'tooluse_2', name: 'get_time', input: {} } },
  ];
  const PARAMETERS = { type: 'object' as const, properties: { city: { type: 'string' } } };

  /** The same answer as the events of a stream. */
  const streamed = streamOf(
    ['messageStart', { role: 'assistant' }],
    ['contentBlockDelta', { contentBlockIndex: 0, delta: { reasoningContent: { text: 'I look.' } } }],
    ['contentBlockDelta', { contentBlockIndex: 0, delta: { reasoningContent: { signature: 'c2lnbmF0dXJl' } } }],
    ['contentBlockStop', { contentBlockIndex: 0 }],
    ['contentBlockDelta', { contentBlockIndex: 1, delta: { reasoningContent: { redactedContent: 'AAEC' } } }],
    ['contentBlockStop', { contentBlockIndex: 1 }],
    [
      'contentBlockStart',
      { contentBlockIndex: 2, start: { toolUse: { toolUseId: 'tooluse_1', name: 'get_weather' } } },
    ],
    ['contentBlockDelta', { contentBlockIndex: 2, delta: { toolUse: { input: '{"city":"Par' } } }],
    ['contentBlockDelta', { contentBlockIndex: 2, delta: { toolUse: { input: 'is","id":7}' } } }],
    ['contentBlockStop', { contentBlockIndex: 2 }],
    ['contentBlockStart', { contentBlockIndex: 3, start: { toolUse: { toolUseId: 'tooluse_2', name: 'get_time' } } }],
    ['contentBlockStop', { contentBlockIndex: 3 }],
    ['messageStop', { stopReason: 'tool_use' }],
    METADATA,
  );

  const RESULTS = [
    { toolResult: { toolUseId: 'tooluse_1', content: [{ text: 'rain' }] } },
    { toolResult: { toolUseId: 'tooluse_2', content: [{ text: 'no clock' }], status: 'error' } },
  ];

  for (const stream of [false, true]) {
    it(`promise 2: Anthropic's client, ${stream ? 'streamed' : 'whole'}: proofs of reasoning go back as they came`, async () => {
      const request = {
        model: MODEL,
        max_tokens: 3000,
        thinking: { type: 'enabled' as const, budget_tokens: 1024 },
        tools: [
          { name: 'get_weather', input_schema: PARAMETERS },
          { name: 'get_time', input_schema: PARAMETERS },
        ],
      };
      const ask = (messages: Anthropic.MessageParam[]): Promise<Anthropic.Message> =>
        stream
          ? aws.anthropic.messages.stream({ ...request, messages }).finalMessage()
          : aws.anthropic.messages.create({ ...request, messages });
      aws.upstream.answer(stream ? streamed : converseSays([...REASONING, ...CALLS], 'tool_use'));
      const first = await ask(HELLO);
      assert.equal(first.stop_reason, 'tool_use');
      assert.deepEqual(
        first.content.flatMap((block) => (block.type === 'tool_use' ? [[block.id, block.name, block.input]] : [])),
        [
          ['tooluse_1', 'get_weather', { city: 'Paris', id: 7 }],
          ['tooluse_2', 'get_time', {}],
        ],
      );
      aws.upstream.answer(
        stream ? streamOf(text('Rain.'), STOP, METADATA) : converseSays([{ text: 'Rain.' }], 'end_turn'),
      );
      const results = [
        { type: 'tool_result' as const, tool_use_id: 'tooluse_1', content: 'rain' },
        { type: 'tool_result' as const, tool_use_id: 'tooluse_2', content: 'no clock', is_error: true },
      ];
      const second = await ask([
        ...HELLO,
        { role: 'assistant', content: first.content },
        { role: 'user', content: results },
      ]);
      assert.equal(second.content[0]?.type === 'text' && second.content[0].text, 'Rain.');
      assert.deepEqual(aws.sent().body['messages'], [
        { role: 'user', content: [{ text: 'Hello' }] },
        { role: 'assistant', content: [...REASONING, ...CALLS] },
        { role: 'user', content: RESULTS },
      ]);
    });

    it(`promise 2: OpenAI's client, ${stream ? 'streamed' : 'whole'}: proofs of reasoning go back as they came`, async () => {
      const request = {
        model: MODEL,
        max_tokens: 3000,
        reasoning_effort: 'low' as const,
        tools: ['get_weather', 'get_time'].map((name) => ({
          type: 'function' as const,
          function: { name, parameters: PARAMETERS },
        })),
      };
      const ask = async (
        messages: OpenAI.ChatCompletionMessageParam[],
      ): Promise<OpenAI.ChatCompletion.Choice | undefined> => {
        const completion = stream
          ? await aws.openai.chat.completions.stream({ ...request, messages }).finalChatCompletion()
          : await aws.openai.chat.completions.create({ ...request, messages });
        return completion.choices[0];
      };
      aws.upstream.answer(stream ? streamed : converseSays([...REASONING, ...CALLS], 'tool_use'));
      const first = await ask(HELLO);
      assert.equal(first?.finish_reason, 'tool_calls');
      assert.deepEqual(
        first.message.tool_calls?.map(
          (call) =>
            call.type === 'function' && [call.id, call.function.name, JSON.parse(call.function.arguments || '{}')],
        ),
        [
          ['tooluse_1', 'get_weather', { city: 'Paris', id: 7 }],
          ['tooluse_2', 'get_time', {}],
        ],
      );
      aws.upstream.answer(
        stream ? streamOf(text('Rain.'), STOP, METADATA) : converseSays([{ text: 'Rain.' }], 'end_turn'),
      );
      const second = await ask([
        ...HELLO,
        first.message,
        { role: 'tool', tool_call_id: 'tooluse_1', content: 'rain' },
        { role: 'tool', tool_call_id: 'tooluse_2', content: 'no clock' },
      ]);
      assert.equal(second?.message.content, 'Rain.');
      const messages = aws.sent().body['messages'] as { role: string; content: object[] }[];
      assert.deepEqual(
        messages.map(({ role }) => role),
        ['user', 'assistant', 'user'],
      );
      assert.deepEqual(messages[1]?.content.slice(-2), CALLS);
      assert.deepEqual(messages[1].content.slice(0, -2), REASONING);
    });
  }
});

describe('Bedrock that fails', () => {
  const REFUSALS: readonly (readonly [number, string, openai: number, anthropic: number])[] = [
    [400, 'ValidationException', 400, 400],
    [403, 'AccessDeniedException', 502, 502],
    [429, 'ThrottlingException', 429, 429],
    [429, 'ModelNotReadyException', 503, 529],
    [500, 'InternalServerException', 502, 502],
    [503, 'ServiceUnavailableException', 503, 529],
  ];
  for (const [status, type, forOpenAi, forAnthropic] of REFUSALS) {
    it(`promise 10: ${type} is ${forOpenAi} for OpenAI's client and ${forAnthropic} for Anthropic's`, async () => {
      const headers = { ...JSON_HEADERS, 'x-amzn-errortype': `${type}:http://internal.amazon.com/` };
      aws.upstream.answer({ status, headers, chunks: [JSON.stringify({ message: 'the words of the provider' })] });
      for (const stream of [false, true]) {
        const one = await thrownBy(
          aws.openai.chat.completions.create({ model: MODEL, messages: HELLO, stream }),
          OpenAI.APIError,
        );
        assert.equal(one.status, forOpenAi);
        assert.equal(one.message.includes('the words of the provider'), status !== 403);
        const other = await thrownBy(
          aws.anthropic.messages.create({ model: MODEL, max_tokens: 9, messages: HELLO, stream }),
          Anthropic.APIError,
        );
        assert.equal(other.status, forAnthropic);
      }
    });
  }

  const FIRST = eventFrame(...text('A long'));
  const damaged = Buffer.from(eventFrame(...text('answer')));
  damaged[damaged.length - 6] = (damaged.at(-6) ?? 0) ^ 1;
  const BROKEN: readonly (readonly [string, Pick<UpstreamAnswer, 'chunks' | 'ending'>, string])[] = [
    ['has a wrong checksum', { chunks: [FIRST, damaged], ending: 'stall' }, 'provider_bad_response'],
    ['is cut', { chunks: [FIRST], ending: 'cut' }, 'stream_interrupted'],
    ['ends too early', { chunks: [FIRST] }, 'stream_interrupted'],
    ['ends inside a message', { chunks: [FIRST, FIRST.subarray(0, -3)] }, 'stream_interrupted'],
    [
      'ends with an exception',
      {
        chunks: [FIRST, exceptionFrame('modelStreamErrorException', { message: 'No.', originalMessage: 'It broke.' })],
      },
      'provider_error',
    ],
    [
      'is throttled on the way',
      { chunks: [FIRST, exceptionFrame('throttlingException', { message: 'Slow down.' })] },
      'provider_rate_limited',
    ],
  ];
  for (const [what, answer, code] of BROKEN) {
    it(`promise 1: a stream that ${what} ends in an error event`, async () => {
      aws.upstream.answer({ headers: EVENT_STREAM_HEADERS, ...answer });
      const heard: string[] = [];
      const chat = await aws.openai.chat.completions
        .create({ model: MODEL, messages: HELLO, stream: true })
        .withResponse();
      const reading = async (): Promise<void> => {
        for await (const { choices } of chat.data) {
          heard.push(choices[0]?.delta.content ?? '');
          assert.equal(choices[0]?.finish_reason ?? null, null);
        }
      };
      await thrownBy(reading(), OpenAI.APIError);
      assert.equal(heard.join(''), 'A long');
      const trace = await aws.gateway.trace(chat.response.headers.get('x-causeway-request-id'));
      assert.deepEqual([trace.status, trace.error?.code], ['failed', code]);
      const stream = aws.anthropic.messages.stream({ model: MODEL, max_tokens: 9, messages: HELLO });
      await thrownBy(stream.finalMessage(), Anthropic.APIError);
    });
  }

  it('an exception before any content has its own status', async () => {
    const chunks = [
      eventFrame('messageStart', { role: 'assistant' }),
      exceptionFrame('throttlingException', { message: 'Slow.' }),
    ];
    aws.upstream.answer({ headers: EVENT_STREAM_HEADERS, chunks });
    const thrown = await thrownBy(
      aws.openai.chat.completions.create({ model: MODEL, messages: HELLO, stream: true }),
      OpenAI.RateLimitError,
    );
    assert.equal(thrown.status, 429);
  });

  it('promise 11: a client that leaves ends the call within 100 ms', async () => {
    aws.upstream.answer({ headers: EVENT_STREAM_HEADERS, chunks: [FIRST], ending: 'stall' });
    const next = aws.upstream.next();
    const stream = await aws.openai.chat.completions.create({ model: MODEL, messages: HELLO, stream: true });
    for await (const _ of stream) break;
    const left = performance.now();
    stream.controller.abort();
    await (
      await next
    ).closed;
    assert.ok(performance.now() - left < 100);
    await untilInFlight(aws.gateway, 0);
  });

  it("promise 10: credentials that cannot be found are the operator's to set, and nothing is sent", async () => {
    const thrown = await thrownBy(
      aws.openai.chat.completions.create({ model: `nowhere/${CLAUDE}`, messages: HELLO }),
      OpenAI.APIError,
    );
    assert.equal(thrown.status, 502);
    assert.match(thrown.message, /providers\.nowhere\.accessKeyId/);
    const headers = thrown.headers as Headers | undefined;
    const trace = await aws.gateway.trace(headers?.get('x-causeway-request-id'));
    assert.deepEqual([trace.error?.code, trace.cost_usd], ['provider_auth_failed', 0]);
  });
});
