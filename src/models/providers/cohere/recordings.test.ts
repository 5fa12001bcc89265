import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { CohereClientV2 } from 'cohere-ai';

import { type CohereRecording, cohereRecordings } from '../../../../test/support/cohere-recordings.ts';
import * as fc from '../../../../test/support/fast-check.ts';
import { readStream } from '../../../../test/support/read-recording.ts';
import { recordingsMissing } from '../../../../test/support/recordings.ts';
import { piecesOf, splitsOf } from '../../../../test/support/splits.ts';
import { JSON_HEADERS, SSE_HEADERS, type Upstream, startUpstream } from '../../../../test/support/upstream.ts';
import type { StreamEvent } from '../../../core/events.ts';
import type { JsonObject } from '../../../core/json.ts';
import { SseSplitter } from '../../transport/sse.ts';
import { cohereWire } from './wire.ts';

/** What an answer says, whoever read it. */
interface Reading {
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly (readonly [id: string, name: string, args: string])[];
  readonly finish: string | undefined;
  readonly input: number | undefined;
  readonly output: number | undefined;
}

interface RawMessage {
  readonly content?: readonly { readonly text?: string; readonly thinking?: string }[];
  readonly tool_plan?: string;
  readonly tool_calls?: readonly {
    readonly id: string;
    readonly function: { readonly name: string; readonly arguments: string };
  }[];
}

interface RawEnd {
  readonly finish_reason: string;
  readonly usage: { readonly billed_units: { readonly input_tokens: number; readonly output_tokens: number } };
}

/** Cohere writes "null" where a function takes no arguments. */
function argsOf(text: string): string {
  return text === 'null' ? '' : text;
}

/** The raw JSON, read by its names alone. */
function plainWhole(body: { readonly message: RawMessage } & RawEnd): Reading {
  const { content = [], tool_plan: plan = '', tool_calls: calls = [] } = body.message;
  return {
    text: content.map((part) => part.text ?? '').join(''),
    reasoning: content.map((part) => part.thinking ?? '').join('') + plan,
    calls: calls.map((call) => [call.id, call.function.name, argsOf(call.function.arguments)]),
    finish: body.finish_reason,
    input: body.usage.billed_units.input_tokens,
    output: body.usage.billed_units.output_tokens,
  };
}

type RawDelta = Omit<RawMessage, 'content' | 'tool_calls'> & {
  readonly content?: { readonly text?: string; readonly thinking?: string };
  readonly tool_calls?: {
    readonly id?: string;
    readonly function: { readonly name?: string; readonly arguments: string };
  };
};
interface RawEvent {
  readonly type: string;
  readonly index?: number;
  readonly delta?: { readonly message?: RawDelta } & Partial<RawEnd>;
}

/** The events' deltas, put together by their names alone. */
function plainStream(bytes: Buffer): Reading {
  const lines = bytes
    .toString()
    .split('\n')
    .filter((line) => line.startsWith('data: '));
  const events = lines.map((line) => JSON.parse(line.slice(6)) as RawEvent);
  const deltas = events.filter(({ type }) => type !== 'message-start').map(({ delta }) => delta?.message ?? {});
  const calls = events
    .filter(({ type }) => type === 'tool-call-start')
    .map(({ index, delta }): [string, string, string] => {
      const pieces = events.filter((event) => event.index === index && event.type.startsWith('tool-call-'));
      const args = pieces.map((event) => event.delta?.message?.tool_calls?.function.arguments ?? '').join('');
      const call = delta?.message?.tool_calls;
      return [call?.id ?? '', call?.function.name ?? '', argsOf(args)];
    });
  const end = events.find(({ type }) => type === 'message-end')?.delta;
  return {
    text: deltas.map(({ content }) => content?.text ?? '').join(''),
    reasoning: deltas.map(({ content, tool_plan: plan }) => (content?.thinking ?? '') + (plan ?? '')).join(''),
    calls,
    finish: end?.finish_reason,
    input: end?.usage?.billed_units.input_tokens,
    output: end?.usage?.billed_units.output_tokens,
  };
}

function plainly({ kind, bytes }: CohereRecording): Reading {
  return kind === 'stream' ? plainStream(bytes) : plainWhole(JSON.parse(bytes.toString()));
}

/** What the gateway makes of it. */
function ofEvents(events: readonly StreamEvent[]): Reading {
  const joined = (type: 'text-delta' | 'reasoning-delta'): string =>
    events.map((event) => (event.type === type ? event.text : '')).join('');
  const calls = events
    .filter((event) => event.type === 'tool-call-start')
    .map(({ index, id, name }): [string, string, string] => {
      const args = events.map((event) =>
        event.type === 'tool-call-delta' && event.index === index ? event.argumentsText : '',
      );
      return [id, name, args.join('')];
    });
  const usage = events.findLast((event) => event.type === 'usage')?.usage;
  return {
    text: joined('text-delta'),
    reasoning: joined('reasoning-delta'),
    calls,
    finish: events.find((event) => event.type === 'finish')?.raw,
    input: usage?.inputTokens,
    output: usage?.outputTokens,
  };
}

function eventsOf({ kind, bytes }: CohereRecording, reads: readonly Buffer[] = [bytes]): readonly StreamEvent[] {
  if (kind === 'stream') return readStream(cohereWire, reads).events;
  return cohereWire.answerEvents(JSON.parse(bytes.toString()) as JsonObject);
}

let upstream: Upstream;
let client: CohereClientV2;

/** What the official client makes of it. */
async function byClient({ kind, bytes }: CohereRecording): Promise<Reading> {
  const headers = kind === 'stream' ? SSE_HEADERS : JSON_HEADERS;
  upstream.answer({ headers, chunks: piecesOf(bytes, 700) });
  const request = { model: 'command-a-03-2025', messages: [{ role: 'user' as const, content: 'Hello' }] };
  if (kind === 'whole') {
    const { message, finishReason, usage } = await client.chat(request);
    const content = message.content ?? [];
    return {
      text: content.map((part) => (part.type === 'text' ? part.text : '')).join(''),
      reasoning:
        content.map((part) => (part.type === 'thinking' ? part.thinking : '')).join('') + (message.toolPlan ?? ''),
      calls: (message.toolCalls ?? []).map(({ id, function: fn }) => [id, fn?.name ?? '', argsOf(fn?.arguments ?? '')]),
      finish: finishReason,
      input: usage?.billedUnits?.inputTokens,
      output: usage?.billedUnits?.outputTokens,
    };
  }
  const reading = { text: '', reasoning: '', calls: [] as [string, string, string][], finish: '', input: 0, output: 0 };
  for await (const event of await client.chatStream(request)) {
    if (event.type === 'content-delta') {
      reading.text += event.delta?.message?.content?.text ?? '';
      reading.reasoning += event.delta?.message?.content?.thinking ?? '';
    } else if (event.type === 'tool-plan-delta') reading.reasoning += event.delta?.message?.toolPlan ?? '';
    else if (event.type === 'tool-call-start') {
      const call = event.delta?.message?.toolCalls;
      reading.calls.push([call?.id ?? '', call?.function?.name ?? '', call?.function?.arguments ?? '']);
    } else if (event.type === 'tool-call-delta') {
      const open = reading.calls[event.index ?? 0];
      if (open) open[2] += event.delta?.message?.toolCalls?.function?.arguments ?? '';
    } else if (event.type === 'message-end') {
      reading.finish = event.delta?.finishReason ?? '';
      reading.input = event.delta?.usage?.billedUnits?.inputTokens ?? 0;
      reading.output = event.delta?.usage?.billedUnits?.outputTokens ?? 0;
    }
  }
  return reading;
}

describe('recorded answers of Cohere', { skip: recordingsMissing() }, () => {
  before(async () => {
    upstream = await startUpstream();
    client = new CohereClientV2({ token: 'co-key', baseUrl: upstream.url });
  });
  after(() => upstream.close());

  it('are there', () => assert.equal(cohereRecordings().length, 10));

  for (const recording of cohereRecordings()) {
    const name = `${recording.name} (${recording.kind})`;
    it(`${name}: says what its JSON says, and what the official client reads`, async () => {
      const read = ofEvents(eventsOf(recording));
      assert.deepEqual(read, plainly(recording));
      assert.deepEqual(read, await byClient(recording));
    });

    it(`${name}: is read whole as its events are`, () => {
      const events = eventsOf(recording);
      assert.equal(events[0]?.type, 'message-start');
      assert.equal(events.at(-1)?.type, 'end');
      assert.ok(!events.some(({ type }) => type === 'error'));
      const starts = events.filter(({ type }) => type === 'tool-call-start').length;
      assert.equal(events.filter(({ type }) => type === 'tool-call-end').length, starts);
      if (recording.kind === 'stream') return;
      const reading = cohereWire.readWhole('chat', JSON.parse(recording.bytes.toString()) as JsonObject);
      const finish = events.find((event) => event.type === 'finish');
      assert.deepEqual([reading.error, reading.finishReason], [undefined, finish?.reason]);
      assert.deepEqual(reading.usage, events.find((event) => event.type === 'usage')?.usage);
    });

    if (recording.kind === 'whole') continue;
    it(`${name}: any split of its bytes gives the same events`, () => {
      const { bytes } = recording;
      const whole = readStream(cohereWire, [bytes]);
      assert.equal(whole.complete, true);
      const same = (reads: Buffer[]): void => assert.deepEqual(readStream(cohereWire, reads), whole);
      fc.assert(fc.property(splitsOf(bytes), same), { numRuns: 10 });
      same(piecesOf(bytes, 1));
    });

    it(`promise 1: ${name}: is not complete where it is cut before its last word`, () => {
      const { bytes } = recording;
      const ends = new SseSplitter().push(bytes).frames.map(({ end }) => end);
      for (const end of ends.slice(0, -1)) {
        const { complete, events } = readStream(cohereWire, [bytes.subarray(0, end)]);
        assert.equal(complete, false);
        assert.ok(!events.some(({ type }) => type === 'finish' || type === 'end'));
      }
    });
  }
});
