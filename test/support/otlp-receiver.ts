import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  createServer,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import { type ReceivedPoint, type ReceivedSpan, partialSuccess, readPoints, readSpans } from './otlp-messages.ts';

interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** `hang`: it takes the request and never answers. `part`: it takes all but one span. */
export type Mood = 'take' | 'refuse' | 'busy' | 'hang' | 'part';

/** An OpenTelemetry collector as far as the protocol shows one: OTLP over HTTP, in protobuf. */
export class OtlpReceiver {
  readonly requests: Received[] = [];
  /** Of requests that were taken. */
  readonly spans: ReceivedSpan[] = [];
  /** Of the last export of metrics that was taken. */
  points: ReceivedPoint[] = [];
  mood: Mood = 'take';
  readonly #server: Server;
  readonly #waiting = new Set<() => void>();

  private constructor() {
    this.#server = createServer((request, response) => {
      // Who was closed in the middle of a request has sent none.
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  static async start(port = 0): Promise<OtlpReceiver> {
    const receiver = new OtlpReceiver();
    await new Promise<void>((resolve) => receiver.#server.listen(port, '127.0.0.1', resolve));
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Everything that came, as one text to search in. */
  get everything(): string {
    return this.requests.map(({ headers, body }) => JSON.stringify(headers) + body.toString('latin1')).join('\n');
  }

  /** Once it is so; looked at after each request. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const received = { path: request.url ?? '', headers: request.headers, body: await buffer(request) };
    this.requests.push(received);
    this.#respond(received, response);
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }

  #respond({ path, body }: Received, response: ServerResponse): void {
    if (this.mood === 'hang') return;
    if (this.mood === 'refuse') return void response.writeHead(400).end('refused: Bearer sk-planted-in-an-answer-123');
    if (this.mood === 'busy') return void response.writeHead(503).end();
    if (path.endsWith('/v1/traces')) this.spans.push(...readSpans(body));
    if (path.endsWith('/v1/metrics')) this.points = readPoints(body);
    response.writeHead(200, { 'content-type': 'application/x-protobuf' });
    response.end(this.mood === 'part' ? partialSuccess(1, 'one span is too old') : undefined);
  }
}
