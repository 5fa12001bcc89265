import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';

import type { JsonObject } from '../../src/core/json.ts';
import { type RunningSimulator, startSimulator } from '../../src/models/simulator/start.ts';
import { type Gateway, latestTraces, startGateway, untilInFlight } from '../support/gateway.ts';
import { claudeSays, gptSays } from '../support/provider-answers.ts';
import { SSE_HEADERS, type Upstream, type UpstreamAnswer, startUpstream } from '../support/upstream.ts';

const KINDS = ['gpt', 'claude', 'gemini'] as const;
type Kind = (typeof KINDS)[number];

const TARGETS: Readonly<Record<Kind, string>> = {
  gpt: 'gpt/gpt-5-mini',
  claude: 'claude/claude-sonnet-4-5',
  gemini: 'gemini/gemini-3-pro-preview',
};

let gateway: Gateway;
let simulator: RunningSimulator;
const upstreams = {} as Record<Kind, Upstream>;
let openai: OpenAI;
let anthropic: Anthropic;
let google: GoogleGenAI;

before(async () => {
  simulator = await startSimulator({ settings: { models: new Map([['cut', { cutAfterTokens: 5 }]]) } });
  for (const kind of KINDS) upstreams[kind] = await startUpstream();
  gateway = await startGateway({ config: configText() });
  const { url, apiKey } = gateway;
  openai = new OpenAI({ apiKey, baseURL: `${url}/v1`, maxRetries: 0 });
  anthropic = new Anthropic({ apiKey, baseURL: url, maxRetries: 0 });
  google = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url } });
});
after(async () => {
  await gateway.close();
  await Promise.all([...Object.values(upstreams).map((upstream) => upstream.close()), simulator.close()]);
});

function configText(): string {
  const pairs = KINDS.flatMap((first) =>
    KINDS.filter((one) => one !== first).map((second) => [first, second] as const),
  );
  return [
    'providers:',
    `  gpt: { type: openai-compatible, apiKey: k, baseUrl: "${upstreams.gpt.url}/v1" }`,
    `  claude: { type: anthropic, apiKey: k, baseUrl: "${upstreams.claude.url}" }`,
    `  gemini: { type: gemini, apiKey: k, baseUrl: "${upstreams.gemini.url}" }`,
    `  sim-gpt: { type: openai, apiKey: k, baseUrl: "${simulator.url}/v1" }`,
    `  sim-claude: { type: anthropic, apiKey: k, baseUrl: "${simulator.url}" }`,
    'models:',
    ...pairs.map(([first, second]) => {
      return `  ${first}-${second}: { target: ${TARGETS[first]}, fallback: [${TARGETS[second]}], continue: true }`;
    }),
    '  newer-claude: { target: gpt/gpt-5-mini, fallback: [claude/claude-sonnet-4-6], continue: true }',
    '  plain: { target: gpt/gpt-5-mini, fallback: [claude/claude-sonnet-4-5] }',
    '  simulated: { target: sim-gpt/cut, fallback: [sim-claude/small], continue: true }',
    '  simulated-twice: { target: sim-claude/cut, fallback: [sim-gpt/cut], continue: true }',
  ].join('\n');
}

const GPT_USAGE = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };
const CLAUDE_USAGE = { input_tokens: 100, output_tokens: 20 };

/** @see https://ai.google.dev/api/generate-content (checked 2026-11-21) */
function geminiChunk(text: string, end: object = {}): string {
  const candidates = [{ content: { parts: [{ text }], role: 'model' }, index: 0, ...end }];
  const usageMetadata = { promptTokenCount: 100, candidatesTokenCount: 20, totalTokenCount: 120 };
  return `data: ${JSON.stringify({ candidates, usageMetadata, modelVersion: 'gemini-3-pro', responseId: 'r1' })}\r\n\r\n`;
}

/** A stream of it in three pieces. */
function says(kind: Kind, text: string): UpstreamAnswer {
  const stream = { body: '{"stream":true}' };
  if (kind === 'gpt') return gptSays({ parts: [{ text }], stop: 'stop', usage: GPT_USAGE })(stream);
  if (kind === 'claude') return claudeSays({ parts: [{ text }], stop: 'end_turn', usage: CLAUDE_USAGE })(stream);
  const middle = Math.ceil(text.length / 2);
  const chunks = [geminiChunk(text.slice(0, middle)), geminiChunk(text.slice(middle), { finishReason: 'STOP' })];
  return { headers: SSE_HEADERS, chunks };
}

/** A stream that is cut when all of the text is out. */
function breaksOff(kind: Kind, text: string): UpstreamAnswer {
  const answer = says(kind, text);
  const chunks = kind === 'gemini' ? [geminiChunk(text)] : (answer.chunks ?? []).slice(0, -3);
  return { ...answer, chunks, ending: 'cut' };
}

interface Read {
  readonly text: string;
  readonly finish: string | null | undefined;
  /** Content parts, blocks, items: as many as the client sees. */
  readonly parts: number;
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
}

interface Client {
  readonly what: string;
  readonly finished: string;
  /** Reads a stream to its end; rejects where the SDK says that it did not end in order. */
  ask(model: string, signal?: AbortSignal): Promise<Read>;
}

const HELLO = [{ role: 'user' as const, content: 'Tell me a story' }];

const CHAT: Client = {
  what: 'OpenAI (chat completions)',
  finished: 'stop',
  async ask(model, signal) {
    const stream = openai.chat.completions.stream(
      { model, messages: HELLO, stream_options: { include_usage: true } },
      { signal },
    );
    const { choices, usage } = await stream.finalChatCompletion();
    const [choice] = choices;
    return {
      text: choice?.message.content ?? '',
      finish: choice?.finish_reason,
      parts: choices.length,
      inputTokens: usage?.prompt_tokens,
      outputTokens: usage?.completion_tokens,
    };
  },
};

const CLIENTS: readonly Client[] = [
  CHAT,
  {
    what: 'OpenAI (responses)',
    finished: 'completed',
    async ask(model, signal) {
      const stream = openai.responses.stream({ model, input: 'Tell me a story' }, { signal });
      const { output_text: text, status, output, usage } = await stream.finalResponse();
      const { input_tokens: inputTokens, output_tokens: outputTokens } = usage ?? {};
      return { text, finish: status, parts: output.length, inputTokens, outputTokens };
    },
  },
  {
    what: 'Anthropic',
    finished: 'end_turn',
    async ask(model, signal) {
      const stream = anthropic.messages.stream({ model, max_tokens: 1000, messages: HELLO }, { signal });
      const { content, stop_reason: finish, usage } = await stream.finalMessage();
      const text = content.map((block) => (block.type === 'text' ? block.text : '')).join('');
      const { input_tokens: inputTokens, output_tokens: outputTokens } = usage;
      return { text, finish, parts: content.length, inputTokens, outputTokens };
    },
  },
  {
    what: 'Gemini',
    finished: 'STOP',
    async ask(model, abortSignal) {
      const config = abortSignal ? { abortSignal } : {};
      const stream = await google.models.generateContentStream({ model, contents: 'Tell me a story', config });
      let text = '';
      let last;
      for await (const chunk of stream) {
        text += chunk.candidates?.[0]?.content?.parts?.map((part) => part.text ?? '').join('') ?? '';
        last = chunk;
      }
      const { promptTokenCount: inputTokens, candidatesTokenCount: outputTokens } = last?.usageMetadata ?? {};
      return { text, finish: last?.candidates?.[0]?.finishReason, parts: 1, inputTokens, outputTokens };
    },
  },
];

const BEGINNING = 'Once upon a time, a small gate';
const REST = 'way lived in the woods.';

async function lastTrace() {
  await untilInFlight(gateway, 0);
  const [listed] = await latestTraces(gateway);
  assert.ok(listed);
  return gateway.trace(listed.trace_id);
}

function lastBody(kind: Kind): JsonObject {
  return JSON.parse(upstreams[kind].received.at(-1)?.body ?? '') as JsonObject;
}

for (const client of CLIENTS) {
  describe(`the official client of ${client.what}`, () => {
    for (const first of KINDS) {
      for (const second of KINDS.filter((one) => one !== first)) {
        it(`promise 1: reads one answer where ${first} breaks off and ${second} goes on`, async () => {
          upstreams[first].answer(breaksOff(first, BEGINNING));
          upstreams[second].answer(says(second, REST));
          const read = await client.ask(`${first}-${second}`);
          assert.deepEqual([read.text, read.finish, read.parts], [BEGINNING + REST, client.finished, 1]);
          const trace = await lastTrace();
          assert.equal(trace.status, 'completed');
          assert.deepEqual(
            trace.attempts.map(({ target, kind, outcome, error_code: code, retry_of: of }) => [
              target,
              kind,
              outcome,
              code,
              of,
            ]),
            [
              [TARGETS[first], 'first', 'failed', 'stream_interrupted', null],
              [TARGETS[second], 'continuation', 'completed', null, 0],
            ],
          );
          assert.match(JSON.stringify(trace.warnings), new RegExp(`broke off at ${TARGETS[first]} .* goes on at`));
          assert.deepEqual([read.inputTokens, read.outputTokens], [trace.tokens.input, trace.tokens.output]);
        });
      }
    }

    it('promise 1: is told that the answer is not whole where both break off', async () => {
      upstreams.gpt.answer(breaksOff('gpt', BEGINNING));
      upstreams.claude.answer(breaksOff('claude', REST));
      await assert.rejects(client.ask('gpt-claude'), /not the whole answer|interrupted/);
      const { status, error, attempts } = await lastTrace();
      assert.deepEqual([status, error?.code, attempts.length], ['failed', 'stream_interrupted', 2]);
    });

    it('promise 11: ends the second request when it leaves', async () => {
      upstreams.gpt.answer(breaksOff('gpt', BEGINNING));
      upstreams.claude.answer({ ...breaksOff('claude', REST), ending: 'stall' });
      const leaving = new AbortController();
      const asked = upstreams.claude.next();
      const read = client.ask('gpt-claude', leaving.signal);
      const { closed } = await asked;
      leaving.abort();
      await Promise.all([assert.rejects(read), closed]);
      const { status, attempts } = await lastTrace();
      assert.deepEqual([status, attempts.at(-1)?.outcome], ['aborted', 'aborted']);
    });
  });
}

describe('who goes on with a stream', () => {
  it('gets the text so far as a prefill where its model takes one', async () => {
    upstreams.gpt.answer(breaksOff('gpt', `${BEGINNING} `));
    upstreams.claude.answer(says('claude', ' keeper'));
    const { text } = await CHAT.ask('gpt-claude');
    assert.equal(text, `${BEGINNING} keeper`);
    assert.deepEqual((lastBody('claude')['messages'] as JsonObject[]).at(-1), {
      role: 'assistant',
      content: [{ type: 'text', text: BEGINNING }],
    });
  });

  it('is asked to go on elsewhere, and what it repeats is left out', async () => {
    upstreams.gpt.answer(breaksOff('gpt', BEGINNING));
    upstreams.claude.answer(says('claude', BEGINNING + REST));
    const { text } = await CHAT.ask('newer-claude');
    assert.equal(text, BEGINNING + REST);
    const messages = lastBody('claude')['messages'] as JsonObject[];
    assert.deepEqual(
      messages.map(({ role }) => role),
      ['user', 'assistant', 'user'],
    );
    assert.match(JSON.stringify(messages.at(-1)), /Go on exactly where it ends/);
  });

  it('goes on with JSON as a prefill alone', async () => {
    upstreams.gpt.answer(breaksOff('gpt', '{"city":"Par'));
    upstreams.claude.answer(says('claude', 'is"}'));
    const json_schema = { name: 'city', schema: { type: 'object', properties: { city: { type: 'string' } } } };
    const ask = (model: string) =>
      openai.chat.completions
        .stream({ model, messages: HELLO, response_format: { type: 'json_schema', json_schema } })
        .finalChatCompletion();
    const { choices } = await ask('gpt-claude');
    assert.deepEqual(JSON.parse(choices[0]?.message.content ?? ''), { city: 'Paris' });
    const askedBefore = upstreams.claude.received.length;
    await assert.rejects(ask('newer-claude'), /not the whole answer/);
    assert.equal(upstreams.claude.received.length, askedBefore);
  });

  it('is nobody once a tool call has begun, or where it is not asked for', async () => {
    const askedBefore = upstreams.claude.received.length;
    const call = gptSays({
      parts: [{ text: 'Let me see.' }, { call: 'call_1', name: 'get_weather', args: '{"city":"Paris"}' }],
      stop: 'tool_calls',
      usage: GPT_USAGE,
    })({ body: '{"stream":true}' });
    upstreams.gpt.answer({ ...call, chunks: (call.chunks ?? []).slice(0, -4), ending: 'cut' });
    await assert.rejects(CHAT.ask('gpt-claude'), /not the whole answer/);
    upstreams.gpt.answer(breaksOff('gpt', BEGINNING));
    await assert.rejects(CHAT.ask('plain'), /not the whole answer/);
    assert.equal(upstreams.claude.received.length, askedBefore);
  });

  it('may be a simulator after one that is cut', async () => {
    for (const client of CLIENTS) {
      const { text, finish } = await client.ask('simulated');
      assert.equal(finish, client.finished, client.what);
      assert.ok(text.length > 50, text);
      await assert.rejects(client.ask('simulated-twice'), client.what);
    }
  });
});

describe('an answer in order, of a model whose streams go on', () => {
  it('keeps the thoughts of Claude with their proofs for its own client, whatever it asked for', async () => {
    upstreams.claude.answer(
      claudeSays({
        parts: [
          { thinking: 'hm', signature: 'sig+/=' },
          { text: 'Let me see.' },
          { call: 't1', name: 'f', args: '{"a":1}' },
        ],
        stop: 'tool_use',
        usage: CLAUDE_USAGE,
      }),
    );
    const stream = anthropic.messages.stream({ model: 'claude-gpt', max_tokens: 1000, messages: HELLO });
    const { content, stop_reason: reason, usage, id } = await stream.finalMessage();
    const [thinking, text, call] = content;
    assert.deepEqual(thinking, { type: 'thinking', thinking: 'hm', signature: 'sig+/=' });
    assert.equal(text?.type === 'text' && text.text, 'Let me see.');
    assert.deepEqual(call?.type === 'tool_use' && [call.id, call.name, call.input], ['t1', 'f', { a: 1 }]);
    assert.equal(content.length, 3);
    assert.deepEqual([reason, id], ['tool_use', 'msg_01XFDUDYJgAACzvnptvVoYEL']);
    assert.deepEqual([usage.input_tokens, usage.output_tokens], [100, 20]);
  });

  it('has a usage frame only where the client asks for one', async () => {
    upstreams.gpt.answer(says('gpt', 'Hello'));
    const frames: OpenAI.ChatCompletionChunk[] = [];
    const stream = await openai.chat.completions.create({ model: 'gpt-claude', messages: HELLO, stream: true });
    for await (const frame of stream) frames.push(frame);
    assert.ok(frames.every(({ usage }) => !usage));
    assert.equal(frames.map(({ choices }) => choices[0]?.delta.content ?? '').join(''), 'Hello');
    assert.equal(frames[0]?.id, 'chatcmpl-B9MHDbslfkBeAs8l4bebGdFOJ6PeG');
  });
});
