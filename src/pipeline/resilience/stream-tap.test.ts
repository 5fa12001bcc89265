import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';

import { wireOf } from '../../../test/support/read-recording.ts';
import { loadRecordings, recordedFiles, recordedText, recordingsMissing } from '../../../test/support/recordings.ts';
import { piecesOf, splitsOf } from '../../../test/support/splits.ts';
import type { StreamEvent } from '../../core/events.ts';
import { asString, isJsonObject, parseJson } from '../../core/json.ts';
import { GatheredEvents } from '../../core/gathered-events.ts';
import { anthropicWire } from '../../models/providers/anthropic/wire.ts';
import { responsesWire } from '../../models/providers/openai/responses/wire.ts';
import { openAiWire, openaiCompatibleWire, openaiWire } from '../../models/providers/openai/wire.ts';
import type { StreamReader, Wire } from '../../models/providers/provider.ts';
import { StreamTap } from './stream-tap.ts';

interface Read {
  readonly events: readonly StreamEvent[] | undefined;
  readonly shown: string;
  readonly failure: string | undefined;
  readonly complete: boolean;
}

interface Reading extends Read {
  /** Frames that were stepped. */
  readonly steps: number;
}

/** A reader that is counted, and one that says nothing of texts: each of its frames is parsed. */
function readerOf(wire: Wire, isParsing: boolean, stepped: () => void): StreamReader {
  const reader = wire.streamReader({ hideUsageFrame: true });
  return {
    step(frame) {
      stepped();
      return reader.step(frame);
    },
    get complete() {
      return reader.complete;
    },
    get textPlace() {
      return isParsing ? undefined : reader.textPlace;
    },
  };
}

function tapped(wire: Wire, reads: readonly Buffer[], isParsing: boolean): Reading {
  let steps = 0;
  const tap = new StreamTap(
    readerOf(wire, isParsing, () => (steps += 1)),
    undefined,
    true,
  );
  const said = new GatheredEvents();
  const shown: Buffer[] = [];
  let failure: string | undefined;
  for (const read of [...reads, undefined]) {
    const { events, shown: bytes, failure: failed } = read ? tap.take(read) : tap.flush();
    said.add(events.filter((event) => !('text' in event) || event.text !== ''));
    if (bytes) shown.push(bytes);
    failure = failed?.message;
    if (failed || events.at(-1)?.type === 'end') break;
  }
  return { events: said.all, shown: Buffer.concat(shown).toString(), failure, complete: tap.complete, steps };
}

function withoutSteps({ events, shown, failure, complete }: Reading): Read {
  return { events, shown, failure, complete };
}

/** By its bytes it says what parsing each frame says, however it is cut. @returns frames that were parsed all the same */
function assertSame(wire: Wire, reads: readonly Buffer[], whole: Buffer): number {
  const { steps, ...read } = tapped(wire, reads, false);
  assert.deepEqual(read, withoutSteps(tapped(wire, [whole], true)));
  return steps;
}

interface Recorded {
  readonly name: string;
  readonly wire: Wire;
  readonly bytes: Buffer;
}

function recordedResponses(): Recorded[] {
  return recordedFiles('{openai,azure}/src/responses/__fixtures__/*.chunks.txt').map((name) => {
    const frames = recordedText(name)
      .split('\n')
      .flatMap((line) => {
        const event = parseJson(line);
        return isJsonObject(event) ? [`event: ${asString(event['type'])}\ndata: ${line}\n\n`] : [];
      });
    return { name, wire: responsesWire, bytes: Buffer.from(frames.join('')) };
  });
}

function recorded(): Recorded[] {
  const streams = loadRecordings().filter(({ kind }) => kind === 'stream');
  return streams.map((one) => ({ name: one.name, wire: wireOf(one), bytes: one.bytes }));
}

const skip = recordingsMissing();

describe('promises 1 and 9: a stream that is told by its bytes', { skip }, () => {
  for (const { name, wire, bytes } of skip === false ? [...recorded(), ...recordedResponses()] : []) {
    it(`${name}: says what parsing it says, however it is cut`, () => {
      assertSame(wire, [bytes], bytes);
      assertSame(wire, piecesOf(bytes, bytes.length < 20_000 ? 1 : 1021), bytes);
      fc.assert(
        fc.property(splitsOf(bytes), (reads) => void assertSame(wire, reads, bytes)),
        { numRuns: 5 },
      );
    });
  }
});

const END: Readonly<Record<string, string>> = {
  openai: 'data: [DONE]\n\n',
  anthropic: 'event: message_stop\ndata: {"type":"message_stop"}\n\n',
};

function chunk(delta: object, more: object = {}, rest: object = {}): string {
  const choices = [{ index: 0, delta, finish_reason: null, ...more }];
  return `data: ${JSON.stringify({ id: 'c', created: 1, model: 'm', choices, ...rest })}\n\n`;
}

const word = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 8 }), fc.constantFrom(' a', '', '\n', '"', '<think>'));
const call = (args: object): object => ({ tool_calls: [{ index: 0, ...args }] });
const openAiFrames = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: word.map((content) => chunk({ content })) },
    { weight: 2, arbitrary: word.map((reasoning) => chunk({ content: null, reasoning_content: reasoning })) },
    { weight: 2, arbitrary: word.map((args) => chunk(call({ function: { arguments: args } }))) },
    word.map((text) => chunk({ content: text }, {}, { created: text.length, obfuscation: 'x'.repeat(text.length) })),
    word.map((text) => chunk({ content: text, reasoning: text })),
    word.map((text) => chunk({ content: text }, { index: 1 })),
    word.map((name) => chunk(call({ id: name, function: { name: 'f', arguments: '' } }))),
    word.map((text) => chunk({ content: text }, {}, { usage: { prompt_tokens: 1, completion_tokens: text.length } })),
    fc.constantFrom(
      ': keep-alive\n\n',
      chunk({}, { finish_reason: 'stop' }),
      chunk({ content: 'x' }, { finish_reason: 'length' }),
      chunk({ content: 'x' }, { finish_reason: 'error' }),
      'data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}\n\n',
      'data: {"error":{"message":"no"}}\n\n',
      'data: {"choices"\n\n',
      'data: [DONE]\n\n',
    ),
  ),
  { maxLength: 24 },
);

function block(type: string, name: string): (text: string) => string {
  return (text) => {
    const body = { type: 'content_block_delta', index: 0, delta: { type, [name]: text } };
    return `event: content_block_delta\ndata: ${JSON.stringify(body)}\n\n`;
  };
}

const anthropicFrames = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: word.map(block('text_delta', 'text')) },
    { weight: 2, arbitrary: word.map(block('thinking_delta', 'thinking')) },
    { weight: 2, arbitrary: word.map(block('input_json_delta', 'partial_json')) },
    fc.constantFrom(
      'event: ping\ndata: {"type":"ping"}\n\n',
      'data: {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"a","name":"f","input":{"a":1}}}\n\n',
      'data: {"type":"content_block_stop","index":0}\n\n',
      'data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":7}}\n\n',
      'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"busy"}}\n\n',
    ),
  ),
  { maxLength: 24 },
);

const wires: readonly (readonly [string, Wire, fc.Arbitrary<string[]>])[] = [
  ['openai', openaiWire, openAiFrames],
  ['openai', openaiCompatibleWire, openAiFrames],
  ['openai', openAiWire({ doneRequired: false, thinkTags: true }), openAiFrames],
  ['anthropic', anthropicWire, anthropicFrames],
];

describe('StreamTap', () => {
  for (const [index, [name, wire, frames]] of wires.entries()) {
    it(`says what parsing each frame says, of whatever a server sends (${name} ${index})`, () => {
      const anyStream = frames.map((list) => Buffer.from(list.join('') + (END[name] ?? '')));
      const cut = anyStream.chain((bytes) => fc.tuple(fc.constant(bytes), splitsOf(bytes, 10)));
      fc.assert(
        fc.property(cut, ([bytes, reads]) => void assertSame(wire, reads, bytes)),
        { numRuns: 400 },
      );
    });
  }

  it('parses the first piece of a text alone, and one event a read says the others', () => {
    const text = Array.from({ length: 50 }, (_, at) => chunk({ content: `piece ${at} ` }, {}, { created: at }));
    const bytes = Buffer.from(`${chunk({ role: 'assistant', content: '' })}${text.join('')}data: [DONE]\n\n`);
    assert.equal(assertSame(openaiWire, [bytes], bytes), 3);
    const tap = new StreamTap(openaiWire.streamReader({ hideUsageFrame: false }), undefined, true);
    tap.take(Buffer.from(text.slice(0, 2).join('')));
    const read = Buffer.from(text.slice(2, 5).join(''));
    const { events, shown } = tap.take(read);
    assert.deepEqual(events, [{ type: 'text-delta', choice: 0, index: 0, text: 'piece 2 piece 3 piece 4 ' }]);
    assert.equal(shown, read, 'bytes that all go on are not copied');
  });

  it('gives each piece as it came to who writes it anew', () => {
    const tap = new StreamTap(openaiWire.streamReader({ hideUsageFrame: false }), undefined, false);
    const { events } = tap.take(Buffer.from(['a', 'b', 'c'].map((content) => chunk({ content })).join('')));
    assert.equal(events.filter(({ type }) => type === 'text-delta').length, 3);
  });

  it('looks for no more forms where each frame has its own', () => {
    const frames = Array.from({ length: 50 }, (_, at) => chunk({ content: 'x' }, {}, { system_fingerprint: `f${at}` }));
    const bytes = Buffer.from(frames.join(''));
    assert.equal(assertSame(openaiWire, [bytes], bytes), 50);
  });
});
