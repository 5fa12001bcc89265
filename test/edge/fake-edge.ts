import assert from 'node:assert/strict';
import { type Socket, connect } from 'node:net';
import type { TestContext } from 'node:test';

import type { Call, Principal } from '../../src/core/call.ts';
import { type AbortedBy } from '../../src/core/cancellation.ts';
import { systemClock } from '../../src/core/clock.ts';
import { GatewayError } from '../../src/core/errors.ts';
import type { Json } from '../../src/core/json.ts';
import { type Reply, ReplyStream, type StreamedReply, type WholeReply } from '../../src/core/reply.ts';
import type { EdgeDeps } from '../../src/edge/edge-deps.ts';
import { type EdgeServer, createServer } from '../../src/edge/server.ts';
import { adminDoor } from '../support/admin-door.ts';

export const PRINCIPAL: Principal = { keyId: 'key_1', project: 'default', user: undefined, models: undefined };

export interface Refusal {
  readonly call: Call;
  readonly error: GatewayError;
}

export interface FakeEdge {
  readonly url: string;
  readonly port: number;
  readonly server: EdgeServer;
  readonly refusals: Refusal[];
  readonly logged: object[];
}

/** A listening edge in front of whatever handler the test gives; it is closed at the end of the test. */
export async function startEdge(t: TestContext, overrides: Partial<EdgeDeps> = {}): Promise<FakeEdge> {
  const refusals: Refusal[] = [];
  const logged: object[] = [];
  const server = await createServer({
    handler: (call) => Promise.resolve(wholeReply({ model: call.facts.model })),
    refuse: (call, error) => void refusals.push({ call, error }),
    identify,
    listModels: () => [{ id: 'lab/echo:1', ownedBy: 'lab', createdAt: 1_700_000_000_000 }],
    limits: { bodyLimitBytes: 100_000, trustedProxies: 0, drainTimeoutMs: 0 },
    clock: systemClock,
    adminRoutes: [],
    operators: adminDoor('admin-key'),
    publicRoutes: [],
    readiness: () => ({ ready: true, reasons: [] }),
    log: { error: (fields) => void logged.push(fields) },
    ...overrides,
  });
  const { url } = await server.listen({ port: 0, host: '127.0.0.1' });
  t.after(() => server.drain());
  return { url, port: Number(new URL(url).port), server, refusals, logged };
}

/** Takes `cw-good` as Bearer, as the access room would. */
export function identify(call: Call): Principal {
  const { authorization } = call.headers;
  if (authorization === undefined && call.headers['x-api-key'] === undefined)
    throw new GatewayError('auth_missing_key');
  if (authorization === 'Bearer cw-good' || call.headers['x-api-key'] === 'cw-good') return PRINCIPAL;
  throw new GatewayError('auth_invalid_key');
}

export function wholeReply(body: Json, headers: Record<string, string> = {}): WholeReply {
  return {
    kind: 'whole',
    status: 200,
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(JSON.stringify(body)),
    terminal: { kind: 'completed', finishReason: 'stop', usage: undefined },
  };
}

/** A stream whose producer is the test. */
export class FakeProducer {
  readonly stream: ReplyStream;
  readonly cancelled = Promise.withResolvers<AbortedBy>();
  paused = false;
  pauses = 0;
  onResume: () => void = () => {};

  constructor() {
    this.stream = new ReplyStream({
      pause: () => {
        this.paused = true;
        this.pauses += 1;
      },
      resume: () => {
        this.paused = false;
        this.onResume();
      },
      cancel: (by) => this.cancelled.resolve(by),
    });
  }

  get reply(): StreamedReply {
    return {
      kind: 'stream',
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
      translated: false,
      stream: this.stream,
    };
  }

  push(text: string): void {
    this.stream.push({ bytes: Buffer.from(text), events: [] });
  }

  complete(): void {
    this.stream.end({ kind: 'completed', finishReason: 'stop', usage: undefined });
  }

  fail(error: GatewayError): void {
    this.stream.end({ kind: 'failed', error, usage: undefined });
  }
}

export const OPENAI_CHUNK = `data: ${JSON.stringify({
  id: 'c1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index: 0, delta: { role: 'assistant', content: 'Hello' }, finish_reason: null }],
})}\n\n`;

export const ANTHROPIC_START = [
  ['message_start', { message: { id: 'm1', type: 'message', role: 'assistant', content: [], model: 'm', usage: {} } }],
  ['content_block_start', { index: 0, content_block: { type: 'text', text: '' } }],
  ['content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Hello' } }],
]
  .map(([type, rest]) => `event: ${type as string}\ndata: ${JSON.stringify({ type, ...(rest as object) })}\n\n`)
  .join('');

export const CHAT = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };

export function postJson(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: text });
}

/** Sends bytes as they are and collects what comes until the server closes the connection. */
export async function sendRaw(port: number, bytes: Uint8Array | string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  const { promise: closed, resolve } = Promise.withResolvers<unknown>();
  socket
    .on('data', (chunk: Buffer) => chunks.push(chunk))
    .on('error', resolve)
    .on('close', resolve);
  socket.write(bytes);
  const reason = await closed;
  if (reason instanceof Error) chunks.push(Buffer.from(` (${reason.message})`));
  return Buffer.concat(chunks).toString('latin1');
}

/** A raw connection that has sent a chat request and reads nothing until it is told to. */
export function openRawChat(port: number, path = '/v1/chat/completions'): Socket {
  const socket = connect(port, '127.0.0.1');
  const body = JSON.stringify({ ...CHAT, stream: true, max_tokens: 5 });
  socket.pause();
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  return socket;
}

export type { Reply };

/** The body limit of {@link startRecordingEdge}, bytes. */
export const RECORDING_LIMIT = 1000;

/** The pipeline records every call that it is given, so the two lists together are the records. */
export async function startRecordingEdge(t: TestContext): Promise<FakeEdge & { records: () => Refusal[] }> {
  const byPipeline: Refusal[] = [];
  const edge = await startEdge(t, {
    limits: { bodyLimitBytes: RECORDING_LIMIT, trustedProxies: 0, drainTimeoutMs: 0 },
    handler: (call) => {
      try {
        identify(call);
        return Promise.resolve(wholeReply({ model: call.facts.model }));
      } catch (thrown) {
        assert.ok(thrown instanceof GatewayError);
        byPipeline.push({ call, error: thrown });
        return Promise.reject(thrown);
      }
    },
  });
  return { ...edge, records: () => [...byPipeline, ...edge.refusals] };
}
