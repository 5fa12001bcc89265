import { Readable } from 'node:stream';

import { type Dispatcher, Pool, errors } from 'undici';

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

  /** There is nowhere to send it to. */
  refuse(cause: unknown): void {
    this.#over = true;
    this.#handler.fail({ kind: 'connect', cause: cause instanceof Error ? cause : new Error(String(cause)) });
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

/** HTTP over pooled connections: a pool for each place and connect timeout, since undici fixes both when it is made. */
export class HttpTransport implements Transport {
  readonly #pools = new Map<number, Map<string, Pool>>();

  send(request: UpstreamRequest, handler: UpstreamHandler): UpstreamExchange {
    const exchange = new HttpExchange(handler);
    const { origin, timeouts } = request;
    let pool: Pool;
    try {
      pool = this.#pools.get(timeouts.connect)?.get(origin) ?? this.#open(timeouts.connect, origin);
    } catch (thrown) {
      exchange.refuse(thrown);
      return exchange;
    }
    pool.dispatch(
      {
        path: request.path,
        method: request.method,
        headers: request.headers,
        body: request.bodyStream ? Readable.from(request.bodyStream, { objectMode: false }) : (request.body ?? null),
        headersTimeout: timeouts.headers,
        bodyTimeout: timeouts.idle,
      },
      exchange,
    );
    return exchange;
  }

  async close(): Promise<void> {
    const pools = [...this.#pools.values()].flatMap((pooled) => [...pooled.values()]);
    await Promise.all(pools.map((pool) => pool.close()));
  }

  /** @throws where it is no place that a request can go to */
  #open(connectMs: number, origin: string): Pool {
    const pool = new Pool(origin, {
      connections: MAX_CONNECTIONS,
      pipelining: 1,
      // One request a connection: what is measured and tested, and a cut then costs one request.
      allowH2: false,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connect: { timeout: connectMs },
    });
    const pooled = this.#pools.get(connectMs) ?? new Map<string, Pool>();
    this.#pools.set(connectMs, pooled.set(origin, pool));
    return pool;
  }
}
