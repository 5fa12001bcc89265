import type {
  Transport,
  UpstreamExchange,
  UpstreamFailure,
  UpstreamHandler,
  UpstreamRequest,
} from '../../src/models/transport/transport.ts';

/** One exchange whose provider is the test: it says what comes back, and sees how it was steered. */
export class FakeExchange implements UpstreamExchange {
  readonly request: UpstreamRequest;
  readonly #handler: UpstreamHandler;
  paused = false;
  pauses = 0;
  aborts = 0;
  over = false;

  constructor(request: UpstreamRequest, handler: UpstreamHandler) {
    this.request = request;
    this.#handler = handler;
  }

  /** The connection can no longer cost anything: it ended, failed or was aborted. */
  get freed(): boolean {
    return this.over || this.aborts > 0;
  }

  head(status: number, headers: Record<string, string> = { 'content-type': 'application/json' }): void {
    if (!this.freed) this.#handler.head(status, headers);
  }

  sse(): void {
    this.head(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  }

  data(bytes: string | Buffer): void {
    if (!this.freed) this.#handler.data(Buffer.from(bytes));
  }

  end(): void {
    if (this.freed) return;
    this.over = true;
    this.#handler.end();
  }

  fail(kind: UpstreamFailure['kind']): void {
    if (this.freed) return;
    this.over = true;
    this.#handler.fail({ kind, cause: new Error(`fake ${kind}`) });
  }

  /** A whole answer in one go. */
  answer(status: number, body: unknown, headers: Record<string, string> = {}): void {
    this.head(status, { 'content-type': 'application/json', ...headers });
    this.data(typeof body === 'string' ? body : JSON.stringify(body));
    this.end();
  }

  pause(): void {
    this.paused = true;
    this.pauses += 1;
  }

  resume(): void {
    this.paused = false;
  }

  abort(): void {
    this.aborts += 1;
  }
}

/** A transport without sockets: each request waits for what the test lets come back. */
export class FakeTransport implements Transport {
  readonly exchanges: FakeExchange[] = [];
  closed = false;
  /** Requests fail while they are being sent, as one with an impossible header does. */
  unsendable = false;

  send(request: UpstreamRequest, handler: UpstreamHandler): FakeExchange {
    const exchange = new FakeExchange(request, handler);
    this.exchanges.push(exchange);
    if (this.unsendable) exchange.fail('connect');
    return exchange;
  }

  /** The latest request. */
  get last(): FakeExchange {
    const exchange = this.exchanges.at(-1);
    if (!exchange) throw new Error('nothing was sent');
    return exchange;
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}
