import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { GoogleGenAI } from '@google/genai';

import * as fc from '../../../../test/support/fast-check.ts';
import { type GeminiRecording, geminiRecordings } from '../../../../test/support/gemini-recordings.ts';
import { readStream } from '../../../../test/support/read-recording.ts';
import { recordingsMissing } from '../../../../test/support/recordings.ts';
import { piecesOf, splitsOf } from '../../../../test/support/splits.ts';
import { JSON_HEADERS, SSE_HEADERS, type Upstream, startUpstream } from '../../../../test/support/upstream.ts';
import type { StreamEvent } from '../../../core/events.ts';
import type { JsonObject } from '../../../core/json.ts';
import { mapError } from './map-error.ts';
import { geminiWire } from './wire.ts';

/** What an answer says, whoever read it. */
interface Reading {
  readonly text: string;
  readonly thought: string;
  readonly calls: readonly (readonly [name: string, args: unknown])[];
  readonly signatures: readonly string[];
  readonly finish: string | undefined;
  readonly input: number | undefined;
  readonly output: number | undefined;
}

interface RawPiece {
  readonly jsonPath: string;
  readonly stringValue?: string;
  readonly numberValue?: number;
  readonly boolValue?: boolean;
}

interface RawPart {
  readonly text?: string;
  readonly thought?: boolean;
  readonly thoughtSignature?: string;
  readonly functionCall?: {
    readonly name?: string;
    readonly args?: object;
    readonly partialArgs?: readonly RawPiece[];
  };
}

interface RawChunk {
  readonly candidates: readonly {
    readonly content?: { readonly parts?: readonly RawPart[] };
    readonly finishReason?: string;
  }[];
  readonly usageMetadata: {
    readonly promptTokenCount?: number;
    readonly candidatesTokenCount?: number;
    readonly thoughtsTokenCount?: number;
  };
}

/** The raw JSON, read by its names alone. */
function plainly({ chunks }: GeminiRecording): Reading {
  const raws = chunks.map((chunk) => JSON.parse(chunk) as RawChunk);
  const parts = raws.flatMap(({ candidates }) => candidates[0]?.content?.parts ?? []);
  const usage = raws.findLast(({ usageMetadata: counts }) => counts.promptTokenCount !== undefined)?.usageMetadata;
  return {
    text: parts.map(({ text, thought }) => (thought ? '' : (text ?? ''))).join(''),
    thought: parts.map(({ text, thought }) => (thought ? (text ?? '') : '')).join(''),
    calls: plainCalls(parts),
    signatures: parts.flatMap(({ thoughtSignature }) => thoughtSignature ?? []),
    finish: raws.at(-1)?.candidates[0]?.finishReason,
    input: usage?.promptTokenCount,
    output: usage && (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0),
  };
}

/** Pieces are appended to what stands at their path, which is written as JavaScript would. */
function plainCalls(parts: readonly RawPart[]): [string, unknown][] {
  const calls: [string, Map<string, unknown>, object][] = [];
  for (const { functionCall } of parts) {
    if (functionCall?.name !== undefined) calls.push([functionCall.name, new Map(), functionCall.args ?? {}]);
    for (const piece of functionCall?.partialArgs ?? []) {
      const values = calls.at(-1)?.[1];
      const begun = values?.get(piece.jsonPath);
      const value = piece.stringValue ?? piece.numberValue ?? piece.boolValue ?? null;
      values?.set(piece.jsonPath, typeof begun === 'string' ? `${begun}${String(value)}` : value);
    }
  }
  return calls.map(([name, values, args]) => [name, values.size === 0 ? args : Object.fromEntries(values)]);
}

/** Arguments as a flat list of paths, to compare with pieces that came as one. */
function flat(value: unknown, path = '$'): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Array.isArray(value)
    ? value.flatMap((each, at) => flat(each, `${path}[${at}]`))
    : Object.entries(value).flatMap(([key, each]) => flat(each, `${path}.${key}`));
}

function ofEvents(events: readonly StreamEvent[], raw: Reading): Reading {
  const joined = (type: 'text-delta' | 'reasoning-delta'): string =>
    events.map((event) => (event.type === type ? event.text : '')).join('');
  const calls = events
    .filter((event) => event.type === 'tool-call-start')
    .map(({ index, name }, at) => {
      const args = events.map((event) =>
        event.type === 'tool-call-delta' && event.index === index ? event.argumentsText : '',
      );
      const value: unknown = JSON.parse(args.join(''));
      const isInPieces = Object.keys(raw.calls[at]?.[1] ?? {}).some((key) => key.startsWith('$'));
      return [name, isInPieces ? Object.fromEntries(flat(value)) : value] as const;
    });
  const usage = events.findLast((event) => event.type === 'usage')?.usage;
  const finish = events.find((event) => event.type === 'finish');
  return {
    text: joined('text-delta'),
    thought: joined('reasoning-delta'),
    calls,
    signatures: events.flatMap((event) =>
      event.type === 'reasoning-signature' ? event.signature.replace(/^gemini:/, '') : [],
    ),
    finish: finish?.raw,
    input: usage?.inputTokens,
    output: usage?.outputTokens,
  };
}

const ANSWERS = geminiRecordings().filter(({ kind }) => kind !== 'error');

function eventsOf({ kind, bytes }: GeminiRecording): readonly StreamEvent[] {
  if (kind === 'whole') return geminiWire.answerEvents(JSON.parse(bytes.toString()) as JsonObject);
  const { events, complete } = readStream(geminiWire, [bytes]);
  assert.equal(complete, true);
  return events;
}

describe('recordings of Gemini', { skip: recordingsMissing() }, () => {
  it('are there', () => {
    assert.equal(geminiRecordings().length, 15);
  });

  for (const recording of ANSWERS) {
    const { name, kind, bytes, chunks } = recording;
    const raw = plainly(recording);

    it(`promise 2: ${name} says what its JSON says`, () => {
      const events = eventsOf(recording);
      assert.deepEqual(ofEvents(events, raw), raw);
      const finish = events.find((event) => event.type === 'finish');
      assert.equal(finish?.reason, raw.calls.length > 0 ? 'tool-calls' : 'stop');
      const ids = events.flatMap((event) => (event.type === 'tool-call-start' ? event.id : []));
      assert.equal(new Set(ids).size, raw.calls.length);
      const reading = geminiWire.readWhole('chat', JSON.parse(chunks.at(-1) ?? '') as JsonObject);
      assert.equal(reading.error, undefined);
      if (kind === 'whole') {
        assert.deepEqual([reading.usage?.inputTokens, reading.usage?.outputTokens], [raw.input, raw.output]);
        assert.equal(reading.finishReason, finish?.reason);
      }
    });

    it(`the proof of a call in ${name} stands right before it`, () => {
      const events = eventsOf(recording).filter(({ type }) => type !== 'usage' && type !== 'message-start');
      const signed = chunks
        .flatMap((chunk) => (JSON.parse(chunk) as RawChunk).candidates[0]?.content?.parts ?? [])
        .filter(({ functionCall, thoughtSignature }) => functionCall && thoughtSignature);
      const proven = events.filter(
        (event, at) => event.type === 'tool-call-start' && events[at - 1]?.type === 'reasoning-signature',
      );
      assert.equal(proven.length, signed.length);
    });

    if (kind !== 'stream') continue;

    it(`any split of ${name} gives the same events`, () => {
      const whole = readStream(geminiWire, [bytes]);
      fc.assert(
        fc.property(splitsOf(bytes), (reads) => assert.deepEqual(readStream(geminiWire, reads), whole)),
        { numRuns: 15 },
      );
    });

    it(`promise 1: ${name} is not complete before its last chunk`, () => {
      const cut = bytes
        .toString()
        .split('\r\n\r\n')
        .slice(0, -2)
        .map((frame) => `${frame}\r\n\r\n`);
      assert.equal(
        readStream(
          geminiWire,
          cut.map((frame) => Buffer.from(frame)),
        ).complete,
        false,
      );
    });
  }

  it('a refusal says when to come again', () => {
    const refusal = geminiRecordings().find(({ kind }) => kind === 'error');
    assert.ok(refusal);
    const error = mapError(429, {}, refusal.bytes);
    assert.deepEqual([error.code, error.retryAfterMs], ['provider_rate_limited', 34_400]);
    assert.equal(error.refusal?.dialect, 'gemini');
  });
});

describe("Google's own client", { skip: recordingsMissing() }, () => {
  let upstream: Upstream;
  let client: GoogleGenAI;

  before(async () => {
    upstream = await startUpstream();
    client = new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl: upstream.url } });
  });
  after(() => upstream.close());

  const request = { model: 'gemini-3-pro', contents: 'Hello' };

  for (const recording of ANSWERS) {
    const { name, kind, bytes } = recording;
    it(`promise 2: reads ${name} as the gateway does`, async () => {
      const headers = kind === 'stream' ? SSE_HEADERS : JSON_HEADERS;
      upstream.answer({ headers, chunks: piecesOf(bytes, 500) });
      const answers = kind === 'stream' ? await client.models.generateContentStream(request) : undefined;
      const read = [];
      if (answers) for await (const answer of answers) read.push(answer);
      else read.push(await client.models.generateContent(request));
      const parts = read.flatMap((answer) => answer.candidates?.[0]?.content?.parts ?? []);
      const said = ofEvents(eventsOf(recording), plainly(recording));
      assert.equal(said.text, parts.map(({ text, thought }) => (thought ? '' : (text ?? ''))).join(''));
      assert.deepEqual(
        said.calls.map(([call]) => call),
        parts.flatMap(({ functionCall }) => functionCall?.name ?? []),
      );
      assert.deepEqual(
        said.signatures,
        parts.flatMap(({ thoughtSignature }) => thoughtSignature ?? []),
      );
      const last = read.at(-1);
      assert.equal(said.finish, last?.candidates?.[0]?.finishReason);
      assert.equal(said.input, last?.usageMetadata?.promptTokenCount);
      const { candidatesTokenCount = 0, thoughtsTokenCount = 0 } = last?.usageMetadata ?? {};
      assert.equal(said.output, candidatesTokenCount + thoughtsTokenCount);
    });
  }
});
