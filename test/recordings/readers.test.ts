import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../support/fast-check.ts';

import { isContentEvent } from '../../src/core/events.ts';
import { isJsonObject, parseJson } from '../../src/core/json.ts';
import { type Usage, countsOf } from '../../src/core/usage.ts';
import type { WholeReading } from '../../src/models/providers/provider.ts';
import { SseSplitter } from '../../src/models/transport/sse.ts';
import { readStream, wireOf } from '../support/read-recording.ts';
import { type Recording, loadRecordings, recordingsMissing } from '../support/recordings.ts';
import { piecesOf, splitsOf } from '../support/splits.ts';

const skip = recordingsMissing();
const recordings = loadRecordings();
const streams = recordings.filter(({ kind }) => kind === 'stream');
const wholes = recordings.filter(({ kind }) => kind === 'whole');

/** Whole answers that were written by hand, with less than a provider says. */
const HAND_MADE = new Set(['anthropic/anthropic-advisor-stop-reasons.json']);

function readWhole(recording: Recording): WholeReading {
  const body = parseJson(recording.bytes.toString());
  assert.ok(isJsonObject(body));
  return wireOf(recording).readWhole(recording.operation, body);
}

/** The counts that a provider reported, by name. */
/** Of tokens; which tier served it is not said in every chunk. */
function kinds(usage: Usage | undefined): string[] {
  return Object.keys(countsOf(usage ?? {})).toSorted();
}

function usageIn({ bytes, ...recording }: Recording): Usage | undefined {
  const { events } = readStream(wireOf({ bytes, ...recording }), [bytes]);
  return events.reduce<Usage | undefined>((last, event) => (event.type === 'usage' ? event.usage : last), undefined);
}

describe('recorded streams', { skip }, () => {
  it('are there in both dialects', () => {
    for (const dialect of ['openai', 'anthropic']) {
      assert.ok(streams.filter((stream) => stream.dialect === dialect).length > 10, dialect);
    }
  });

  for (const recording of streams) {
    it(`${recording.name}: says all that a record needs, and is complete`, () => {
      const { events, complete } = readStream(wireOf(recording), [recording.bytes]);
      const has = (type: string): boolean => events.some((event) => event.type === type);
      assert.equal(complete, true);
      assert.ok(!has('error'));
      assert.ok(has('finish') && has('message-start') && events.some(isContentEvent));
      assert.equal(events.at(-1)?.type, 'end');
      const {
        inputTokens,
        outputTokens,
        cacheReadInputTokens = 0,
        reasoningOutputTokens = 0,
      } = usageIn(recording) ?? {};
      assert.ok(inputTokens !== undefined && inputTokens >= cacheReadInputTokens, 'the input includes what was cached');
      assert.ok(outputTokens !== undefined && outputTokens >= reasoningOutputTokens, 'the output includes reasoning');
    });

    it(`${recording.name}: any split of its bytes gives the same events`, () => {
      const wire = wireOf(recording);
      const whole = readStream(wire, [recording.bytes]);
      const same = (reads: Buffer[]): void => assert.deepEqual(readStream(wire, reads), whole);
      fc.assert(fc.property(splitsOf(recording.bytes), same), { numRuns: 5 });
      same(piecesOf(recording.bytes, recording.bytes.length < 20_000 ? 1 : 1021));
    });

    it(`promise 1: ${recording.name}: is not complete where it is cut before its last word`, () => {
      const wire = wireOf(recording);
      const ends = new SseSplitter().push(recording.bytes).frames.map(({ end }) => end);
      const cuts = ends.filter((_, at) => at < 3 || at % 50 === 0 || at > ends.length - 4);
      const lastWord = wire === wireOf({ ...recording, name: 'openai/' }) || recording.dialect === 'anthropic';
      for (const cut of cuts.filter((end) => end < recording.bytes.length)) {
        const { complete, events } = readStream(wire, [recording.bytes.subarray(0, cut)]);
        const isFinished = events.some(({ type }) => type === 'finish');
        assert.equal(complete, events.at(-1)?.type === 'end' || (isFinished && !lastWord), `cut at ${cut}`);
      }
    });
  }
});

describe('recorded whole answers', { skip }, () => {
  for (const recording of wholes) {
    it(`${recording.name}: says all that a record needs`, () => {
      const { error, responseModel, usage, finishReason } = readWhole(recording);
      assert.equal(error, undefined);
      assert.ok(responseModel && usage?.inputTokens !== undefined);
      if (recording.operation === 'chat') assert.ok(finishReason !== undefined && usage.outputTokens !== undefined);
    });
  }

  for (const whole of wholes) {
    const stream = streams.find(({ name }) => name === whole.name.replace(/\.json$/, '.chunks.txt'));
    if (!stream || HAND_MADE.has(whole.name)) continue;
    it(`${whole.name}: reports the same kinds of tokens as its stream`, () => {
      assert.deepEqual(kinds(usageIn(stream)), kinds(readWhole(whole).usage));
    });
  }
});

describe('recorded errors', { skip }, () => {
  for (const recording of recordings.filter(({ kind }) => kind === 'error')) {
    it(`${recording.name}: is shown as it came`, () => {
      const error = wireOf(recording).readError(400, {}, recording.bytes);
      assert.equal(error.code, 'request_invalid');
      assert.deepEqual(error.refusal?.body, recording.bytes);
    });
  }
});
