import type { ServerResponse } from 'node:http';

import type { Call } from '../core/call.ts';
import type { AbortedBy } from '../core/cancellation.ts';
import { type GatewayError, toGatewayError } from '../core/errors.ts';
import type { Terminal } from '../core/events.ts';
import type { Reply, ReplyStream, StreamItem, StreamSink } from '../core/reply.ts';
import { causewayHeaders } from '../core/reply-headers.ts';
import type { Handler } from '../core/stage.ts';
import type { DialectAdapter, StreamEncoder } from './dialects/dialect-adapter.ts';
import { type EdgeLog, logIfInternal } from './edge-log.ts';
import type { OpenExchange, OpenExchanges } from './open-exchanges.ts';
import { PieceWriter } from './piece-writer.ts';
import { answerContext, bodyOf, errorOf } from './reply-body.ts';
import { REQUEST_ID_HEADER, writeError } from './write-error.ts';

/** How long a reader that takes nothing is waited for once all has been said. */
const UNREAD_END_MS = 10_000;

export interface ExchangeContext {
  readonly handler: Handler;
  readonly open: OpenExchanges;
  readonly log: EdgeLog;
}

const EXCHANGE = Symbol('exchange');
type ExchangeResponse = ServerResponse & { [EXCHANGE]?: Exchange };

// One listener for all responses, since a closure for each costs on the hot path.
function onClose(this: ExchangeResponse): void {
  this[EXCHANGE]?.closed();
}

function onDrain(this: ExchangeResponse): void {
  this[EXCHANGE]?.drained();
}

function onDeadline(exchange: Exchange): void {
  exchange.cancel('deadline');
}

/** One call and the socket that waits for its reply, from the first stage to the last byte. */
export class Exchange implements StreamSink, OpenExchange {
  place = -1;
  readonly #call: Call;
  readonly #adapter: DialectAdapter;
  readonly #response: ExchangeResponse;
  readonly #context: ExchangeContext;
  #stream: ReplyStream | undefined;
  #pieces: PieceWriter | undefined;
  /** Only for a stream that comes without bytes of its own. */
  #encoder: StreamEncoder | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #said = false;
  #isFile = false;

  constructor(call: Call, adapter: DialectAdapter, response: ServerResponse, context: ExchangeContext) {
    this.#call = call;
    this.#adapter = adapter;
    this.#response = response;
    this.#context = context;
  }

  /** Runs the pipeline and writes what it answers. Never rejects. */
  async run(): Promise<void> {
    this.#context.open.add(this);
    this.#response[EXCHANGE] = this;
    this.#response.on('close', onClose);
    const { deadlineAt, startedAt } = this.#call;
    if (deadlineAt !== undefined) this.#deadline = setTimeout(onDeadline, deadlineAt - startedAt, this).unref();
    try {
      this.#write(await this.#context.handler(this.#call));
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  /** Ends the call from outside; what came so far stays, and the client is told why the rest does not come. */
  cancel(by: AbortedBy): void {
    this.#call.cancellation.cancel(by);
    this.#stream?.abort(by);
  }

  endConnection(): void {
    this.#response.shouldKeepAlive = false;
  }

  /** The response is over: written out, or its client is gone. */
  closed(): void {
    clearTimeout(this.#deadline);
    this.#context.open.delete(this);
    if (!this.#said) this.cancel('client');
  }

  drained(): void {
    this.#stream?.resume();
  }

  item(item: StreamItem): boolean {
    const bytes = this.#encoder ? this.#encoder.push(item.events) : item.bytes;
    if (!bytes || this.#response.destroyed) return true;
    this.#pieces ??= new PieceWriter(this.#response, () => this.drained());
    return this.#pieces.write(bytes);
  }

  terminal(terminal: Terminal): void {
    this.#said = true;
    const response = this.#response;
    if (response.destroyed) return;
    if (this.#pieces?.isFull) response.setTimeout(UNREAD_END_MS, () => response.destroy());
    const error = errorOf(terminal);
    if (error && this.#isFile) response.destroy();
    else response.end(error ? this.#failure(error) : this.#encoder?.end());
  }

  #failure(error: GatewayError): string {
    return this.#encoder?.fail?.(error) ?? this.#adapter.errorEvent(error, this.#call.id);
  }

  #write(reply: Reply): void {
    const gone = this.#response.destroyed;
    if (reply.kind !== 'stream') {
      this.#said = true;
      if (gone) return;
      const body = bodyOf(this.#call, this.#adapter, reply);
      this.#response.writeHead(reply.status, this.#head(reply, body.byteLength));
      this.#response.end(body);
      return;
    }
    if (reply.translated)
      this.#encoder = this.#adapter.streamEncoder(answerContext(this.#call, this.#adapter, reply.rewritten));
    this.#isFile = reply.framing === 'bytes';
    this.#stream = reply.stream;
    if (gone) {
      reply.stream.abort('client');
      return;
    }
    this.#response.writeHead(reply.status, this.#head(reply, undefined));
    this.#response.on('drain', onDrain);
    reply.stream.read(this);
  }

  /** Names and values in turn, the form that Node writes without a look-up. */
  #head(reply: Reply, length: number | undefined): (string | number)[] {
    const head: (string | number)[] = [REQUEST_ID_HEADER, this.#call.id];
    for (const name in reply.headers) {
      if (name === REQUEST_ID_HEADER || (name === 'content-length' && length !== undefined)) continue;
      head.push(name, reply.headers[name] as string);
    }
    if (length !== undefined) head.push('content-length', length);
    return head;
  }

  #fail(thrown: unknown): void {
    const error = toGatewayError(thrown);
    logIfInternal(this.#context.log, this.#call.id, error);
    this.#said = true;
    this.#stream?.abort('client');
    if (this.#response.destroyed) return;
    if (this.#response.headersSent) this.#response.destroy();
    else writeError(this.#response, this.#adapter, error, causewayHeaders(this.#call));
  }
}
