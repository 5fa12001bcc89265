import assert from 'node:assert/strict';

import type { StreamEvent } from '../../src/core/events.ts';
import { type Json, type JsonObject, asString } from '../../src/core/json.ts';
import type { AnswerContext } from '../../src/edge/dialects/dialect-adapter.ts';
import { ResponsesStreamEncoder } from '../../src/edge/dialects/responses/stream-encoder.ts';
import { makeInference } from './make-inference.ts';

const BODY: JsonObject = { model: 'asked', input: 'hi', instructions: 'brief', metadata: { a: 'b' } };

/** What an encoder of responses is told, of a request with this body. */
export function responseContext(body: JsonObject = {}): AnswerContext {
  return {
    requestId: 'r1',
    createdAt: 1_700_000_000_500,
    model: 'asked',
    request: makeInference({ stream: true }),
    body: { ...BODY, ...body },
    now: () => 1_700_000_003_900,
  };
}

/** The stream of an answer, event by event. */
export function responseStream(events: readonly StreamEvent[], context = responseContext()): string {
  const encoder = new ResponsesStreamEncoder(context);
  return events.map((event) => encoder.push([event])).join('') + encoder.end();
}

/** The events of a stream; each frame has to be one, and they have to be numbered. */
export function responseFrames(stream: string): JsonObject[] {
  return stream
    .split('\n\n')
    .slice(0, -1)
    .map((frame, at) => {
      const [, event, data] = /^event: ([\w.]+)\ndata: (.+)$/.exec(frame) ?? [];
      const body = JSON.parse(data ?? '') as JsonObject;
      assert.deepEqual([body['type'], body['sequence_number']], [event, at]);
      return body;
    });
}

/** A member that has to be a text. */
export function asText(value: Json | undefined): string {
  const text = asString(value);
  assert.ok(text !== undefined, JSON.stringify(value));
  return text;
}
