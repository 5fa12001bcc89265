import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import Anthropic, { APIError as AnthropicError } from '@anthropic-ai/sdk';
import * as fc from '../support/fast-check.ts';
import OpenAI, { APIError as OpenAiError } from 'openai';

import { isJsonObject, parseJson } from '../../src/core/json.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { type Recording, loadRecordings, recordingsMissing } from '../support/recordings.ts';
import { splitsOf } from '../support/splits.ts';
import { JSON_HEADERS, SSE_HEADERS, type Upstream, type UpstreamAnswer, startUpstream } from '../support/upstream.ts';

const skip = recordingsMissing();
const asKept = loadRecordings();
/** Some files lost the blank line that ends their last event, without which the client does not read it. */
const clipped = asKept.filter(({ kind, bytes }) => kind === 'stream' && !bytes.toString().endsWith('\n\n'));
const recordings = asKept.map((recording) =>
  clipped.includes(recording)
    ? { ...recording, bytes: Buffer.from(`${recording.bytes.toString().trimEnd()}\n\n`) }
    : recording,
);

/**
 * Recordings that a client cannot read from the provider directly, or that were made by hand, and why.
 * For these the gateway must show the same, or an error: never more than the provider said.
 */
const FAULTY: ReadonlyMap<string, string> = new Map([
  ...recordings.flatMap(({ name, faulty }) => (faulty === undefined ? [] : [[name, faulty] as const])),
  ['anthropic-sdk/incomplete_partial_json_response.txt', "a tool's arguments end inside their JSON"],
]);

let gateway: Gateway;
let upstream: Upstream;

/** Everything that a client gets to see of one answer. */
interface Seen {
  readonly events: readonly unknown[];
  /** What the helper puts together of a stream, or the whole answer. */
  readonly final: unknown;
  readonly thrown: unknown;
}

before(async () => {
  if (skip) return;
  upstream = await startUpstream();
  gateway = await startGateway({
    config: [
      'records: { bodies: none }',
      'providers:',
      `  openai: { type: openai, apiKey: k, baseUrl: "${upstream.url}/v1" }`,
      `  server: { type: openai-compatible, apiKey: k, baseUrl: "${upstream.url}/v1" }`,
      `  anthropic: { type: anthropic, apiKey: k, baseUrl: "${upstream.url}" }`,
    ].join('\n'),
  });
});
after(async () => {
  if (skip) return;
  await gateway.close();
  await upstream.close();
});

const MESSAGES = [{ role: 'user' as const, content: 'Hi' }];

function providerOf({ name, dialect }: Recording): string {
  if (dialect === 'anthropic') return 'anthropic';
  return name.startsWith('openai/') ? 'openai' : 'server';
}

/** The answer of the stand-in: the recorded bytes, in reads that chance cuts. */
function answerOf({ kind, bytes }: Recording, seed: number): UpstreamAnswer {
  const [chunks = [bytes]] = fc.sample(splitsOf(bytes), { numRuns: 1, seed });
  const ids = { 'x-request-id': 'req_recorded', 'request-id': 'req_recorded' };
  if (kind === 'stream') return { headers: { ...SSE_HEADERS, ...ids }, chunks };
  return { status: kind === 'error' ? 400 : 200, headers: { ...JSON_HEADERS, ...ids }, chunks };
}

/** Runs a reading to its end; what it throws is a part of what is seen. */
async function seen(read: (events: unknown[]) => Promise<unknown>): Promise<Seen> {
  const events: unknown[] = [];
  try {
    return { events, final: await read(events), thrown: undefined };
  } catch (thrown) {
    return { events, final: undefined, thrown: errorFacts(thrown) };
  }
}

function errorFacts(thrown: unknown): unknown {
  if (!(thrown instanceof OpenAiError || thrown instanceof AnthropicError)) return String(thrown);
  const { status, message, requestID, type } = thrown;
  return { name: thrown.constructor.name, status, message, requestID, type, error: thrown.error as unknown };
}

/** A whole answer or an error. */
function readWhole(recording: Recording, model: string, target: Target): Promise<Seen> {
  if (recording.dialect === 'anthropic') {
    const client = anthropicAt(target);
    return seen(() => client.messages.create({ model, max_tokens: 100, messages: MESSAGES }));
  }
  const client = openaiAt(target);
  if (recording.operation === 'embeddings') {
    const input = vectorsIn(recording).map(() => 'Hi');
    return seen(() => client.embeddings.create({ model, input, encoding_format: 'float' }));
  }
  return seen(() => client.chat.completions.create({ model, messages: MESSAGES }));
}

function vectorsIn({ bytes }: Recording): readonly unknown[] {
  const answer = parseJson(bytes.toString('utf8'));
  return isJsonObject(answer) && Array.isArray(answer['data']) ? answer['data'] : [];
}

/** Every event of a stream as the client reads it. */
function readEvents(recording: Recording, model: string, target: Target): Promise<Seen> {
  return seen(async (events) => {
    const stream =
      recording.dialect === 'anthropic'
        ? await anthropicAt(target).messages.create({ model, max_tokens: 100, messages: MESSAGES, stream: true })
        : await openaiAt(target).chat.completions.create({
            model,
            messages: MESSAGES,
            stream: true,
            stream_options: { include_usage: true },
          });
    for await (const event of stream) events.push(event);
  });
}

/** The chunks where the client did not ask for the usage. */
function readChunks(_recording: Recording, model: string, target: Target): Promise<Seen> {
  return seen(async (events) => {
    const stream = await openaiAt(target).chat.completions.create({ model, messages: MESSAGES, stream: true });
    for await (const chunk of stream) events.push(chunk);
  });
}

function isUsageFrame(event: unknown): boolean {
  const { choices, usage } = event as OpenAI.ChatCompletionChunk;
  return choices.length === 0 && Boolean(usage);
}

/** What the client's helper makes of a stream. */
function readFinal(recording: Recording, model: string, target: Target): Promise<Seen> {
  if (recording.dialect === 'anthropic') {
    return seen(() =>
      anthropicAt(target).messages.stream({ model, max_tokens: 100, messages: MESSAGES }).finalMessage(),
    );
  }
  const options = { stream_options: { include_usage: true } };
  return seen(() =>
    openaiAt(target)
      .chat.completions.stream({ model, messages: MESSAGES, ...options })
      .finalChatCompletion(),
  );
}

interface Target {
  readonly url: string;
  readonly apiKey: string;
}

function openaiAt({ url, apiKey }: Target): OpenAI {
  return new OpenAI({ apiKey, baseURL: `${url}/v1`, maxRetries: 0 });
}

function anthropicAt({ url, apiKey }: Target): Anthropic {
  return new Anthropic({ apiKey, baseURL: url, maxRetries: 0 });
}

type Reader = (recording: Recording, model: string, target: Target) => Promise<Seen>;

/** The same bytes, read from the provider and through the gateway, cut in different ways. */
async function bothWays(recording: Recording, read: Reader): Promise<{ direct: Seen; through: Seen }> {
  upstream.answer(answerOf(recording, 1));
  const direct = await read(recording, 'm', { url: upstream.url, apiKey: 'k' });
  upstream.answer(answerOf(recording, 2));
  const through = await read(recording, `${providerOf(recording)}/m`, gateway);
  return { direct, through };
}

const faithful = recordings.filter(({ name }) => !FAULTY.has(name));
const streams = faithful.filter(({ kind }) => kind === 'stream');

describe('recorded answers: the client reads through the gateway what it reads from the provider', { skip }, () => {
  it('are there in both dialects, streamed, whole and as errors', () => {
    const kinds = new Set(recordings.map(({ dialect, kind }) => `${dialect} ${kind}`));
    for (const kind of ['openai stream', 'openai whole', 'openai error', 'anthropic stream', 'anthropic whole']) {
      assert.ok(kinds.has(kind), kind);
    }
  });

  for (const recording of faithful.filter(({ kind }) => kind !== 'stream')) {
    it(recording.name, async () => {
      const { direct, through } = await bothWays(recording, readWhole);
      assert.deepEqual(through, direct);
      assert.equal(direct.thrown === undefined, recording.kind === 'whole');
    });
  }

  for (const recording of streams) {
    it(`${recording.name}: every event`, async () => {
      const { direct, through } = await bothWays(recording, readEvents);
      assert.deepEqual(through, direct);
      assert.ok(direct.events.length > 1 && direct.thrown === undefined);
    });

    it(`${recording.name}: what the helper makes of it`, async () => {
      const { direct, through } = await bothWays(recording, readFinal);
      assert.deepEqual(through, direct);
    });
  }
});

describe('recorded streams without the usage that the client did not ask for', { skip }, () => {
  for (const recording of streams.filter(({ dialect }) => dialect === 'openai')) {
    it(`${recording.name}: every other chunk is there`, async () => {
      const { direct, through } = await bothWays(recording, readChunks);
      assert.deepEqual(through, { ...direct, events: direct.events.filter((event) => !isUsageFrame(event)) });
    });
  }
});

describe('recordings without the blank line at their end', { skip }, () => {
  for (const recording of clipped) {
    it(`${recording.name}: the gateway ends the last event, and adds nothing else`, async () => {
      const { direct, through } = await bothWays(recording, readEvents);
      assert.deepEqual(through.events, [...direct.events, { type: 'message_stop' }]);
    });
  }
});

describe('faulty recordings are never shown as better than they are', { skip }, () => {
  for (const recording of recordings.filter(({ name }) => FAULTY.has(name))) {
    it(`promise 1: ${recording.name} (${FAULTY.get(recording.name)})`, async () => {
      for (const read of [readEvents, readFinal]) {
        const { direct, through } = await bothWays(recording, read);
        if (through.thrown === undefined) assert.deepEqual(through, direct);
        else assert.deepEqual(through.events, direct.events.slice(0, through.events.length));
      }
    });
  }
});
