import assert from 'node:assert/strict';

import type { Call } from '../../src/core/call.ts';
import { type ErrorCode, GatewayError } from '../../src/core/errors.ts';
import type { StreamEvent } from '../../src/core/events.ts';
import { newTraceId } from '../../src/core/ids.ts';
import { responseId } from '../../src/core/inference/response-ids.ts';
import { type Json, type JsonObject, isJsonObject } from '../../src/core/json.ts';
import { type Reply, ReplyStream } from '../../src/core/reply.ts';
import type { ResourceRequest } from '../../src/core/resource.ts';
import { responses } from '../../src/edge/dialects/responses/adapter.ts';
import { ResponseArchive } from '../../src/pipeline/stored-responses/archive.ts';
import type { StoredResponsesDeps } from '../../src/pipeline/stored-responses/deps.ts';
import { storedResponsesStage } from '../../src/pipeline/stored-responses/stage.ts';
import type { ChainBounds } from '../../src/pipeline/stored-responses/stored-response.ts';
import { WriteQueue } from '../../src/pipeline/stored-responses/write-queue.ts';
import { FakeClock } from './fake-clock.ts';
import { type CallParts, makeCall } from './make-call.ts';
import { MemoryResponseStore } from './response-store.ts';

/** Milliseconds. */
export const TTL = 60_000;
export const quiet = { warn: () => undefined, error: () => undefined };
export const ADA = { keyId: 'k', project: 'ada', user: undefined, models: undefined };
export const BOB = { ...ADA, project: 'bob' };

interface Asking {
  readonly as?: Call['principal'];
  readonly says?: readonly StreamEvent[];
  readonly streamed?: 'completed' | 'aborted';
}

interface Asked {
  readonly id: string;
  /** What the target is asked. */
  readonly input: Json | undefined;
  readonly call: Call;
}

export function said(text: string): StreamEvent[] {
  return [
    { type: 'message-start', model: 'claude' },
    { type: 'text-delta', choice: 0, index: 0, text: text.slice(0, 2) },
    { type: 'text-delta', choice: 0, index: 0, text: text.slice(2) },
    { type: 'finish', choice: 0, reason: 'stop' },
    { type: 'usage', usage: { inputTokens: 3, outputTokens: 2 } },
    { type: 'end' },
  ];
}

export function calls(id: string, name: string, args: string): StreamEvent[] {
  return [
    { type: 'message-start', model: 'claude' },
    { type: 'tool-call-start', choice: 0, index: 0, id, name },
    { type: 'tool-call-delta', choice: 0, index: 0, argumentsText: args },
    { type: 'tool-call-end', choice: 0, index: 0 },
    { type: 'finish', choice: 0, reason: 'tool-calls' },
    { type: 'end' },
  ];
}

/** A gateway's keeping of responses, without the rest of it. */
export class House {
  readonly clock = new FakeClock();
  readonly store = new MemoryResponseStore();
  readonly settings = { store: true, ttl: TTL };
  relayed = false;
  queue = new WriteQueue(this.store, quiet, { retryMs: 1 });
  readonly failures: unknown[] = [];
  readonly #bounds: ChainBounds | undefined;
  #release: () => void = () => undefined;

  constructor(bounds?: ChainBounds) {
    this.#bounds = bounds;
  }

  get deps(): StoredResponsesDeps {
    return {
      archive: new ResponseArchive(this.store, this.queue, this.clock, this.#bounds),
      clock: this.clock,
      settings: () => this.settings,
      isRelayed: () => this.relayed,
      encode: (call, events, endedAt) => encode(call, events, endedAt),
      failed: (_call, error) => this.failures.push(error),
    };
  }

  /** Asks, and waits until the answer waits to be written. */
  async ask(json: JsonObject, { as = ADA, says = said('Hello'), streamed }: Asking = {}): Promise<Asked> {
    const call = this.call({ json: { model: 'chat', ...json }, as });
    let input: Json | undefined;
    const reply = await storedResponsesStage(this.deps).run(call, (asked) => {
      ({ input } = asked.body.exactJson);
      // It can be decoded, but for what goes to a provider as it is.
      if (!this.relayed) assert.ok(asked.inference.messages.length > 0);
      return Promise.resolve(streamed ? streamOf(says, streamed) : wholeOf(says));
    });
    if (reply.kind === 'stream') reply.stream.read({ item: () => true, terminal: () => undefined });
    await new Promise(setImmediate);
    return { id: responseId(call.id), input, call };
  }

  call({ as = ADA, ...parts }: CallParts & { readonly as?: Call['principal'] }): Call {
    const own = { id: newTraceId(this.clock.now()), receivedAt: this.clock.now(), principal: as };
    return makeCall({ dialect: 'responses', json: {}, ...own, ...parts });
  }

  /** Asks for what is kept; `undefined` where the stage leaves it to others. */
  async fetch(
    id: string,
    action: ResourceRequest['action'] = 'retrieve',
    { as = ADA, query = '' }: { as?: Call['principal']; query?: string } = {},
  ): Promise<JsonObject | undefined> {
    const resource = { kind: 'response', action, method: 'GET', id, path: `/responses/${id}` } as const;
    const call = this.call({ resource, as, query, operation: 'resource' });
    const elsewhere = new Error('elsewhere');
    try {
      const reply = await storedResponsesStage(this.deps).run(call, () => Promise.reject(elsewhere));
      assert.equal(reply.kind, 'whole');
      return reply.kind === 'whole' ? (JSON.parse(Buffer.from(reply.body).toString()) as JsonObject) : undefined;
    } catch (thrown) {
      if (thrown === elsewhere) return undefined;
      throw thrown;
    }
  }

  /** From now on all waits to be written, until it settles. */
  holdWrites(): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.store.writable = promise;
    this.#release = resolve;
  }

  /** Everything is in the database, and nothing waits. */
  async settle(): Promise<void> {
    this.#release();
    await this.queue.close();
    this.queue = new WriteQueue(this.store, quiet, { retryMs: 1 });
  }
}

export function encode(call: Call, events: readonly StreamEvent[], endedAt: number): JsonObject {
  const { id, receivedAt, facts, inference, body } = call;
  const context = { requestId: id, createdAt: receivedAt, model: facts.model, request: inference, body: body.json };
  return responses.encodeAnswer(events, { ...context, now: () => endedAt });
}

export function wholeOf(events: readonly StreamEvent[]): Reply {
  const terminal = { kind: 'completed', finishReason: 'stop', usage: undefined } as const;
  return { kind: 'translated', status: 200, headers: {}, events, terminal };
}

export function streamOf(events: readonly StreamEvent[], ending: 'completed' | 'aborted'): Reply {
  const stream = new ReplyStream({ pause: () => undefined, resume: () => undefined, cancel: () => undefined });
  for (const event of events) stream.push({ events: [event] });
  stream.end(
    ending === 'completed'
      ? { kind: 'completed', finishReason: 'stop', usage: undefined }
      : { kind: 'aborted', by: 'client', usage: undefined },
  );
  return { kind: 'stream', status: 200, headers: {}, translated: true, stream };
}

export function refusal(code: ErrorCode, param?: string) {
  return (error: unknown) => {
    assert.ok(error instanceof GatewayError);
    assert.deepEqual([error.code, error.param], [code, param]);
    return true;
  };
}

/** Items without what only names them. */
export function plain(items: Json | undefined): Json[] {
  return (Array.isArray(items) ? items : []).map((item) => {
    const { id: _id, status: _status, ...rest } = item as JsonObject;
    return rest;
  });
}

export const user = (text: string): JsonObject => ({
  type: 'message',
  role: 'user',
  content: [{ type: 'input_text', text }],
});
export const assistant = (text: string): JsonObject => ({
  type: 'message',
  role: 'assistant',
  content: [{ type: 'output_text', text, annotations: [], logprobs: [] }],
});
export const TOOL_CALL = { type: 'function_call', call_id: 'call_1', name: 'weather', arguments: '{"at":"Bonn"}' };
export const TOOL_OUTPUT = { type: 'function_call_output', call_id: 'call_1', output: 'rain' };

/** Three turns, the second by a tool: the id of each. */
export async function talk(house: House, between: () => Promise<void> = () => Promise.resolve()): Promise<string[]> {
  const first = await house.ask({ input: 'Hi', instructions: 'Be brief.' });
  await between();
  const asks = { says: calls('call_1', 'weather', '{"at":"Bonn"}') };
  const second = await house.ask({ input: 'Weather?', previous_response_id: first.id }, asks);
  await between();
  const third = await house.ask({ input: [TOOL_OUTPUT], previous_response_id: second.id }, { says: said('Rain.') });
  await between();
  return [first.id, second.id, third.id];
}

export function objectsIn(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
