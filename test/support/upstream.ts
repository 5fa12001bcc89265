import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** What the stand-in says to a request. */
export interface UpstreamAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Written one by one, each in a write of its own. */
  readonly chunks?: readonly (Uint8Array | string)[];
  /** What follows the chunks: an end in order, a destroyed connection, or silence until a test releases it. */
  readonly ending?: 'end' | 'cut' | 'stall';
}

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Resolves once the other side gave the exchange up, or it ended. */
  readonly closed: Promise<void>;
  /** Goes on after a stall: these chunks, then an end in order. */
  release(chunks?: readonly (Uint8Array | string)[]): void;
}

export interface Upstream {
  readonly url: string;
  readonly received: readonly ReceivedRequest[];
  /** From now on every request is answered so. */
  answer(next: UpstreamAnswer | ((request: ReceivedRequest) => UpstreamAnswer)): void;
  /** The next request that comes. */
  next(): Promise<ReceivedRequest>;
  close(): Promise<void>;
}

export const JSON_HEADERS = { 'content-type': 'application/json' };
export const SSE_HEADERS = { 'content-type': 'text/event-stream; charset=utf-8' };

/** A stand-in for a provider on a real socket: says what the test tells it to and keeps what it was asked. */
export async function startUpstream(first: UpstreamAnswer = {}): Promise<Upstream> {
  const received: ReceivedRequest[] = [];
  const waiting: ((request: ReceivedRequest) => void)[] = [];
  let answer: UpstreamAnswer | ((request: ReceivedRequest) => UpstreamAnswer) = first;
  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await receive(message, response);
    received.push(request);
    waiting.shift()?.(request);
    await say(response, typeof answer === 'function' ? answer(request) : answer);
  };
  const server = createServer((message, response) => void serve(message, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer(next) {
      answer = next;
    },
    next: () => new Promise((resolve) => void waiting.push(resolve)),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function receive(message: IncomingMessage, response: ServerResponse): Promise<ReceivedRequest> {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  response.once('close', resolve);
  const { method = '', url = '', headers } = message;
  const body = Buffer.concat(await message.toArray()).toString();
  const release = (chunks: readonly (Uint8Array | string)[] = []): void => {
    for (const chunk of chunks) response.write(chunk);
    response.end();
  };
  return { method, path: url, headers, body, closed, release };
}

async function say(response: ServerResponse, answer: UpstreamAnswer): Promise<void> {
  const { status = 200, headers = {}, chunks = [], ending = 'end' } = answer;
  response.writeHead(status, headers);
  response.flushHeaders();
  for (const chunk of chunks) {
    if (chunk.length > 0) await new Promise((resolve) => void response.write(chunk, resolve));
    await nextTurn();
  }
  if (ending === 'end') response.end();
  if (ending === 'cut') response.destroy();
}
