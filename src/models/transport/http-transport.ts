import { Readable } from 'node:stream';

import { Agent, type Dispatcher, errors } from 'undici';

import type { Transport, UpstreamExchange, UpstreamFailure, UpstreamHandler, UpstreamRequest } from './transport.ts';

/** Connections of one provider that may be open at once; beyond that requests wait inside undici. */
const MAX_CONNECTIONS = 4096;
const KEEP_ALIVE_MS = 30_000;

type RawHeaders = Record<string, string | string[] | undefined>;

/** Nearly every answer names each header once, and then the parsed headers are as good as a copy. */
function joinHeaders(headers: RawHeaders): Record<string, string> {
  for (const name in headers) if (typeof headers[name] !== 'string') return joinedCopy(headers);
  return headers as Record<string, string>;
}

function joinedCopy(headers: RawHeaders): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) joined[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return joined;
}

/** What may come after a pause before the connection stands still. */
const MOST_AFTER_PAUSE = 64 * 1024;

function holdBack(exchange: HttpExchange): void {
  exchange.holdBack();
}

/** Binds undici's callbacks to an {@link UpstreamHandler}, and steers the exchange also before it has started. */
class HttpExchange implements UpstreamExchange, Dispatcher.DispatchHandler {
  readonly #handler: UpstreamHandler;
  #controller: Dispatcher.DispatchController | undefined;
  #paused = false;
  /** The connection stands still. */
  #isHeld = false;
  #willHold = false;
  #bytesSincePause = 0;
  #over = false;

  constructor(handler: UpstreamHandler) {
    this.#handler = handler;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#over) controller.abort(new errors.RequestAbortedError());
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: object): void {
    if (this.#over || status < 200) return;
    this.#handler.head(status, joinHeaders(headers as RawHeaders));
    if (this.#paused) this.holdBack();
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#over) return;
    this.#handler.data(chunk);
    if (!this.#paused) return;
    this.#bytesSincePause += chunk.length;
    if (this.#bytesSincePause > MOST_AFTER_PAUSE) this.holdBack();
  }

  onResponseEnd(): void {
    if (this.#over) return;
    this.#over = true;
    this.#handler.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#over) return;
    this.#over = true;
    this.#handler.fail({ kind: this.#kindOf(error), cause: error });
  }

  /** A request that never began on a connection was not sent, whatever the reason is called. */
  #kindOf(error: Error): UpstreamFailure['kind'] {
    if (!this.#controller) return 'connect';
    const isSilence = error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError;
    return isSilence ? 'timeout' : 'broken';
  }

  pause(isBrief = false): void {
    if (!isBrief) {
      this.#paused = true;
      this.holdBack();
    } else if (!this.#paused && !this.#over) {
      this.#paused = true;
      this.#bytesSincePause = 0;
      if (!this.#willHold) setImmediate(holdBack, this);
      this.#willHold = true;
    }
  }

  /** Stops the connection, where it is still paused. */
  holdBack(): void {
    this.#willHold = false;
    if (!this.#paused || this.#over) return;
    this.#isHeld = true;
    this.#controller?.pause();
  }

  resume(): void {
    this.#paused = false;
    if (!this.#isHeld) return;
    this.#isHeld = false;
    if (!this.#over) this.#controller?.resume();
  }

  abort(): void {
    if (this.#over) return;
    this.#over = true;
    this.#controller?.abort(new errors.RequestAbortedError());
  }
}

/** HTTP over pooled connections: one pool a connect timeout, since undici fixes that when the pool is made. */
export class HttpTransport implements Transport {
  readonly #agents = new Map<number, Agent>();

  send(request: UpstreamRequest, handler: UpstreamHandler): UpstreamExchange {
    const exchange = new HttpExchange(handler);
    this.#agent(request.timeouts.connect).dispatch(
      {
        origin: request.origin,
        path: request.path,
        method: request.method,
        headers: request.headers,
        body: request.bodyStream ? Readable.from(request.bodyStream, { objectMode: false }) : (request.body ?? null),
        headersTimeout: request.timeouts.headers,
        bodyTimeout: request.timeouts.idle,
      },
      exchange,
    );
    return exchange;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#agents.values()].map((agent) => agent.close()));
  }

  #agent(connectMs: number): Agent {
    let agent = this.#agents.get(connectMs);
    if (!agent) {
      agent = new Agent({
        connections: MAX_CONNECTIONS,
        pipelining: 1,
        // One request a connection: what is measured and tested, and a cut then costs one request.
        allowH2: false,
        keepAliveTimeout: KEEP_ALIVE_MS,
        connect: { timeout: connectMs },
      });
      this.#agents.set(connectMs, agent);
    }
    return agent;
  }
}
