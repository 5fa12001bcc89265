import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import OpenAI from 'openai';
import type { Response as OpenAiResponse } from 'openai/resources/responses/responses';

import * as fc from '../../../../../test/support/fast-check.ts';
import { readStream } from '../../../../../test/support/read-recording.ts';
import { recordedFiles, recordedText, recordingsMissing } from '../../../../../test/support/recordings.ts';
import { splitsOf } from '../../../../../test/support/splits.ts';
import type { StreamEvent } from '../../../../core/events.ts';
import { type JsonObject, asString, isJsonObject } from '../../../../core/json.ts';
import type { Usage } from '../../../../core/usage.ts';
import { responsesWire } from './wire.ts';

const FOLDERS = ['openai/src/responses', 'azure/src', 'xai/src/responses'];
/** Recorded of other APIs. */
const FOREIGN = /azure-deepseek/;
/** Made by hand, with lines that are no JSON. */
const DAMAGED = 'openai/src/responses/__fixtures__/parallel-tool-call-wrapper.1.chunks.txt';
/** Their texts were shortened by hand in the pieces, and not in the whole. */
const SHORTENED = /openai-(phase|shell-container)\.1/;
/** The client's own reader refuses these: ids change on the way, or an event is new to it. */
const UNREAD_BY_CLIENT = /github-copilot-id-rotation|openai-apply-patch-tool\.1/;
/** Answers of the provider's own tools stand among the calls there, which only their names tell. */
const OF_XAI = new Set(['x_keyword_search', 'view_x_video']);

const files = FOLDERS.flatMap((folder) => recordedFiles(`${folder}/__fixtures__/*`)).filter((f) => !FOREIGN.test(f));
const bodies = files.filter((file) => file.endsWith('.json'));

/** What an answer says, as far as every reader of it must agree. */
interface Said {
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly { readonly id: string; readonly name: string; readonly args: string }[];
  readonly usage: {
    readonly input: unknown;
    readonly output: unknown;
    readonly cached: unknown;
    readonly reasoning: unknown;
  };
}

/** The frames of each answer; some files hold several, one after the other. */
function answersIn(file: string): JsonObject[][] {
  const answers: JsonObject[][] = [[]];
  for (const line of recordedText(file).split('\n')) {
    if (line.trim() === '') continue;
    const frame = JSON.parse(line) as JsonObject;
    if (frame['type'] === 'response.created' && answers.at(-1)?.length !== 0) answers.push([]);
    answers.at(-1)?.push(frame);
  }
  return answers;
}

interface RecordedStream {
  readonly name: string;
  readonly frames: readonly JsonObject[];
  /** As the provider frames them. */
  readonly bytes: Buffer;
}

function streamsIn(file: string): RecordedStream[] {
  return answersIn(file).map((frames, at) => ({
    name: `${file}#${at + 1}`,
    frames,
    bytes: Buffer.from(
      frames.map((frame) => `event: ${asString(frame['type'])}\ndata: ${JSON.stringify(frame)}\n\n`).join(''),
    ),
  }));
}

/** The response object by the provider's documents alone, and no code of ours. */
function saidIn(response: Pick<OpenAiResponse, 'output' | 'usage'>): Said {
  const said = { text: '', reasoning: '', calls: [] as { id: string; name: string; args: string }[] };
  for (const item of response.output) {
    if (item.type === 'message') {
      said.text += item.content.map((part) => (part.type === 'output_text' ? part.text : '')).join('');
    } else if (item.type === 'reasoning') {
      said.reasoning += [...item.summary, ...(item.content ?? [])].map((part) => part.text).join('');
    } else if (item.type === 'function_call') {
      said.calls.push({ id: item.call_id, name: item.name, args: item.arguments });
    } else if (item.type === 'custom_tool_call' && !OF_XAI.has(item.name)) {
      said.calls.push({ id: item.call_id, name: item.name, args: item.input });
    }
  }
  const { usage } = response;
  return {
    ...said,
    usage: {
      input: usage?.input_tokens,
      output: usage?.output_tokens,
      cached: usage?.input_tokens_details.cached_tokens,
      reasoning: usage?.output_tokens_details.reasoning_tokens,
    },
  };
}

/** The same of our events; other kinds of calls that a client runs have names that nobody chose. */
const CLIENT_KINDS = new Set(['apply_patch', 'local_shell', 'shell', 'tool_search']);

function saidBy(events: readonly StreamEvent[]): Said {
  const calls = new Map<number, { id: string; name: string; args: string }>();
  let usage: Usage | undefined;
  const said = { text: '', reasoning: '' };
  for (const event of events) {
    if (event.type === 'text-delta') said.text += event.text;
    if (event.type === 'reasoning-delta') said.reasoning += event.text;
    if (event.type === 'usage') ({ usage } = event);
    if (event.type === 'tool-call-start' && !event.served && !CLIENT_KINDS.has(event.name)) {
      calls.set(event.index, { id: event.id, name: event.name, args: '' });
    }
    const call = event.type === 'tool-call-delta' ? calls.get(event.index) : undefined;
    if (call && event.type === 'tool-call-delta') call.args += event.argumentsText;
  }
  return {
    ...said,
    calls: [...calls.values()],
    usage: {
      input: usage?.inputTokens,
      output: usage?.outputTokens,
      cached: usage?.cacheReadInputTokens,
      reasoning: usage?.reasoningOutputTokens,
    },
  };
}

/** Whether a client has to do something before the model goes on, by the items alone. */
function waits(output: readonly JsonObject[]): boolean {
  return output.some(({ type, name, environment, execution }) => {
    if (type === 'custom_tool_call') return !OF_XAI.has(asString(name) ?? '');
    if (type === 'shell_call') return !isJsonObject(environment);
    if (type === 'tool_search_call') return execution === 'client';
    return ['function_call', 'local_shell_call', 'apply_patch_call'].includes(asString(type) ?? '');
  });
}

/** What OpenAI's own client makes of the stream. */
function readByClient(bytes: Buffer): Promise<OpenAiResponse> {
  const fetch = () =>
    Promise.resolve(new Response(new Uint8Array(bytes), { headers: { 'content-type': 'text/event-stream' } }));
  const client = new OpenAI({ apiKey: 'key', baseURL: 'http://nowhere.test/v1', fetch });
  return client.responses.stream({ model: 'm', input: 'i' }).finalResponse();
}

function finishOf(events: readonly StreamEvent[]): string | undefined {
  const finish = events.find(({ type }) => type === 'finish');
  return finish?.type === 'finish' ? finish.reason : undefined;
}

function outputOf(response: JsonObject): JsonObject[] {
  const { output } = response;
  return Array.isArray(output) ? output.filter(isJsonObject) : [];
}

const streams = files.filter((file) => file.endsWith('.txt') && file !== DAMAGED).flatMap(streamsIn);

describe('recorded responses', { skip: recordingsMissing() }, () => {
  test('there are recordings of each provider', () => {
    for (const folder of FOLDERS)
      assert.ok(
        streams.some(({ name }) => name.startsWith(folder)),
        folder,
      );
    assert.ok(streams.length > 35 && bodies.length > 35, `${streams.length} ${bodies.length}`);
  });

  for (const { name, frames, bytes } of streams) {
    if (frames.at(-1)?.['type'] === 'response.failed') continue;

    test(`${name}: what the client's own reader reads, and what the last frame says`, async () => {
      const { events, complete } = readStream(responsesWire, [bytes]);
      const last = frames.at(-1)?.['response'] as JsonObject;
      const said = saidBy(events);
      const inPieces = frames
        .filter(({ type }) => type === 'response.output_text.delta')
        .map(({ delta }) => asString(delta));
      const whole = saidIn(last as unknown as OpenAiResponse);
      assert.deepEqual(said, SHORTENED.test(name) ? { ...whole, text: inPieces.join('') } : whole);
      if (!UNREAD_BY_CLIENT.test(name)) assert.deepEqual(whole, saidIn(await readByClient(bytes)));
      assert.equal(finishOf(events), waits(outputOf(last)) ? 'tool-calls' : 'stop');
      assert.equal(complete, true);
      assert.equal(events.at(-1)?.type, 'end');
    });
  }

  test('whatever the reads are', () => {
    for (const { bytes } of streams.filter((stream) => stream.bytes.length < 200_000)) {
      const whole = readStream(responsesWire, [bytes]);
      fc.assert(
        fc.property(splitsOf(bytes), (reads) => assert.deepEqual(readStream(responsesWire, reads), whole)),
        { numRuns: 3 },
      );
    }
  });

  test('promise 1: a stream that was cut is not complete, wherever it was', () => {
    for (const { name, frames } of streams) {
      const reader = responsesWire.streamReader({ hideUsageFrame: false });
      for (const frame of frames.slice(0, -1)) {
        const { events } = reader.step({ event: undefined, data: JSON.stringify(frame) });
        assert.equal(reader.complete, false, name);
        assert.ok(!events.some(({ type }) => type === 'end' || type === 'finish'), name);
      }
    }
  });

  test('a failed response is an error, by its code', () => {
    const failed = streams.filter(({ frames }) => frames.at(-1)?.['type'] === 'response.failed');
    assert.equal(failed.length, 1);
    for (const { bytes } of failed) {
      const { events, complete } = readStream(responsesWire, [bytes]);
      const [start, error] = events;
      assert.equal(start?.type, 'message-start');
      assert.equal(error?.type === 'error' && error.error.code, 'provider_auth_failed');
      assert.equal(complete, false);
    }
  });

  test('promise 1: a frame that is no JSON is an error', () => {
    const lines = recordedText(DAMAGED).trim().split('\n');
    const { events } = readStream(responsesWire, [Buffer.from(lines.map((line) => `data: ${line}\n\n`).join(''))]);
    assert.ok(events.some((event) => event.type === 'error' && event.error.code === 'provider_bad_response'));
  });

  for (const file of bodies) {
    test(`${file}: the same in one piece`, () => {
      const body = JSON.parse(recordedText(file)) as JsonObject;
      const reading = responsesWire.readWhole('chat', body);
      if (body['error']) {
        assert.ok(reading.error);
        return;
      }
      const events = responsesWire.answerEvents(body);
      assert.deepEqual(saidBy(events), saidIn(body as unknown as OpenAiResponse));
      assert.equal(reading.error, undefined);
      assert.equal(reading.responseModel, body['model']);
      assert.equal(reading.finishReason, finishOf(events));
      assert.equal(reading.finishReason, waits(outputOf(body)) ? 'tool-calls' : 'stop');
      assert.deepEqual(
        events.find(({ type }) => type === 'usage'),
        { type: 'usage', usage: reading.usage },
      );
      assert.equal(events.at(-1)?.type, 'end');
    });
  }
});
