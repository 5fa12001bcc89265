import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { ConverseCommand, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';

import type { StreamEvent } from '../../src/core/events.ts';
import { parseExact } from '../../src/core/inference/exact-json.ts';
import { type JsonObject, asCount, asString, isJsonObject } from '../../src/core/json.ts';
import { converseWire } from '../../src/models/providers/bedrock/wire.ts';
import { bedrockClient } from '../support/bedrock-client.ts';
import { EVENT_STREAM_HEADERS, framesOf } from '../support/event-stream.ts';
import * as fc from '../support/fast-check.ts';
import { type ConverseRecording, loadConverseRecordings, recordingsMissing } from '../support/recordings.ts';
import { piecesOf, splitsOf } from '../support/splits.ts';
import { JSON_HEADERS, type Upstream, startUpstream } from '../support/upstream.ts';

/** What an answer says, whoever read it. */
interface Said {
  text: string;
  reasoning: string;
  calls: { id: string; name: string; value: unknown }[];
  finish: string | undefined;
  usage: { input: number; output: number } | undefined;
}

const NOTHING = (): Said => ({ text: '', reasoning: '', calls: [], finish: undefined, usage: undefined });

function object(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

function usageIn({ usage }: JsonObject): Said['usage'] {
  const counts = object(usage);
  const sum = ['inputTokens', 'cacheReadInputTokens', 'cacheWriteInputTokens'].map(
    (name) => asCount(counts[name]) ?? 0,
  );
  return { input: sum.reduce((a, b) => a + b), output: asCount(counts['outputTokens']) ?? 0 };
}

/** Events as Bedrock documents them, from the recording itself or from the official client. */
function readEvents(events: readonly JsonObject[]): Said {
  const said = NOTHING();
  const calls = new Map<unknown, { id: string; name: string; text: string }>();
  for (const event of events) {
    const { contentBlockStart, contentBlockDelta, messageStop, metadata } = event;
    const started = object(object(object(contentBlockStart)['start'])['toolUse']);
    if (typeof started['toolUseId'] === 'string') {
      const call = { id: started['toolUseId'], name: asString(started['name']) ?? '', text: '' };
      calls.set(object(contentBlockStart)['contentBlockIndex'], call);
    }
    const delta = object(object(contentBlockDelta)['delta']);
    said.text += asString(delta['text']) ?? '';
    said.reasoning += asString(object(delta['reasoningContent'])['text']) ?? '';
    const call = calls.get(object(contentBlockDelta)['contentBlockIndex']);
    if (call) call.text += asString(object(delta['toolUse'])['input']) ?? '';
    if (messageStop !== undefined) said.finish = asString(object(messageStop)['stopReason']);
    if (metadata !== undefined) said.usage = usageIn(object(metadata));
  }
  said.calls = [...calls.values()].map(({ id, name, text }) => ({ id, name, value: JSON.parse(text || '{}') }));
  return said;
}

/** A whole answer, likewise. */
function readWhole(body: JsonObject): Said {
  const said = NOTHING();
  const content = object(object(body['output'])['message'])['content'];
  for (const block of Array.isArray(content) ? content.map(object) : []) {
    said.text += asString(block['text']) ?? '';
    said.reasoning += asString(object(object(block['reasoningContent'])['reasoningText'])['text']) ?? '';
    const { toolUseId: id, name, input: value } = object(block['toolUse']);
    if (typeof id === 'string') said.calls.push({ id, name: asString(name) ?? '', value });
  }
  return { ...said, finish: asString(body['stopReason']), usage: usageIn(body) };
}

function readOurs(events: readonly StreamEvent[]): Said {
  const said = NOTHING();
  const calls = new Map<number, { id: string; name: string; text: string }>();
  for (const event of events) {
    if (event.type === 'text-delta') said.text += event.text;
    else if (event.type === 'reasoning-delta') said.reasoning += event.text;
    else if (event.type === 'tool-call-start') calls.set(event.index, { id: event.id, name: event.name, text: '' });
    else if (event.type === 'tool-call-delta') {
      const call = calls.get(event.index);
      assert.ok(call);
      call.text += event.argumentsText;
    } else if (event.type === 'finish') said.finish = event.raw;
    else if (event.type === 'usage') {
      said.usage = { input: event.usage.inputTokens ?? 0, output: event.usage.outputTokens ?? 0 };
    }
  }
  said.calls = [...calls.values()].map(({ id, name, text }) => ({ id, name, value: JSON.parse(text || '{}') }));
  return said;
}

function eventsOf(reads: readonly Buffer[]): StreamEvent[] {
  const splitter = converseWire.framing?.splitter();
  assert.ok(splitter);
  const reader = converseWire.streamReader({ hideUsageFrame: false });
  const batches = [...reads.map((read) => splitter.push(read)), splitter.flush()];
  const events = batches.flatMap(({ frames }) =>
    frames.flatMap(({ event, data = '' }) => reader.step({ event, data }).events),
  );
  assert.ok(reader.complete);
  // Some of the files were made without the metadata, which Bedrock itself always sends.
  const isWhole = events.some(({ type }) => type === 'usage');
  assert.deepEqual(
    events.flatMap(({ type }, at) => (type === 'end' ? [at] : [])),
    isWhole ? [events.length - 1] : [],
  );
  return events;
}

function expected({ kind, text }: ConverseRecording): Said {
  if (kind === 'whole') return readWhole(JSON.parse(text) as JsonObject);
  return readEvents(text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as JsonObject])));
}

describe('recorded answers of Bedrock', { skip: recordingsMissing() }, () => {
  let upstream: Upstream;
  before(async () => {
    upstream = await startUpstream();
  });
  after(() => upstream.close());

  async function byClient({ kind, text }: ConverseRecording): Promise<Said> {
    const client = bedrockClient(upstream.url);
    const input = { modelId: 'm', messages: [] };
    if (kind === 'whole') {
      upstream.answer({ headers: JSON_HEADERS, chunks: [text] });
      return readWhole((await client.send(new ConverseCommand(input))) as unknown as JsonObject);
    }
    upstream.answer({ headers: EVENT_STREAM_HEADERS, chunks: piecesOf(Buffer.concat(framesOf(text)), 100) });
    const { stream } = await client.send(new ConverseStreamCommand(input));
    assert.ok(stream);
    const events: object[] = [];
    for await (const event of stream) events.push(event);
    return readEvents(events.map(object));
  }

  for (const recording of loadConverseRecordings()) {
    const { name, kind, text } = recording;
    it(`promise 2: ${name} says what it says, and what the official client reads`, async () => {
      const plain = expected(recording);
      assert.deepEqual(await byClient(recording), plain);
      if (kind === 'whole') {
        const body = parseExact(text);
        assert.ok(isJsonObject(body));
        const { usage, error } = converseWire.readWhole('chat', body);
        assert.deepEqual([error, usage?.outputTokens], [undefined, plain.usage?.output]);
        assert.deepEqual(readOurs(converseWire.answerEvents(body)), plain);
        return;
      }
      const bytes = Buffer.concat(framesOf(text));
      assert.deepEqual(readOurs(eventsOf([bytes])), plain);
      fc.assert(
        fc.property(splitsOf(bytes), (reads) => {
          assert.deepEqual(readOurs(eventsOf(reads)), plain);
        }),
        { numRuns: 20 },
      );
      assert.deepEqual(readOurs(eventsOf(piecesOf(bytes, 1))), plain);
    });

    if (kind === 'whole') continue;
    it(`promise 1: ${name} that is cut is not complete`, () => {
      const frames = framesOf(text);
      const stop = frames.findIndex((frame) => frame.includes('messageStop'));
      for (const [at] of frames.entries()) {
        if (at > stop) break;
        const reader = converseWire.streamReader({ hideUsageFrame: false });
        const splitter = converseWire.framing?.splitter();
        for (const { event, data = '' } of splitter?.push(Buffer.concat(frames.slice(0, at))).frames ?? []) {
          assert.notEqual(reader.step({ event, data }).events.at(-1)?.type, 'end');
        }
        assert.equal(reader.complete, false, `before event ${at}`);
      }
    });
  }
});
