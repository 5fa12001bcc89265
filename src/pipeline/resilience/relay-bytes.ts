import type { AbortedBy } from '../../core/cancellation.ts';
import type { GatewayError } from '../../core/errors.ts';
import { ReplyStream, type StreamedReply } from '../../core/reply.ts';
import type { UpstreamExchange } from '../../models/transport/transport.ts';
import { answerHeaders } from './answer-headers.ts';
import { type AttemptContext, type Consumption, closeBilled } from './settle.ts';

/** What says of itself what it holds, and how it is to be kept. */
const DESCRIBING = ['content-length', 'content-disposition', 'content-encoding'] as const;

const NOTHING_SAID: Consumption = { reported: undefined, final: true, answerBytes: 0 };

/** Relays an answer that is no JSON and no event stream, such as audio or a file, as it comes. */
export class RelayBytes {
  readonly #context: AttemptContext;
  readonly #exchange: UpstreamExchange;
  readonly #stream: ReplyStream;
  readonly #headers: Record<string, string>;
  #over = false;

  constructor(context: AttemptContext, headers: Record<string, string>, exchange: UpstreamExchange) {
    this.#context = context;
    this.#headers = headers;
    this.#exchange = exchange;
    this.#stream = new ReplyStream({
      pause: () => exchange.pause(),
      resume: () => exchange.resume(),
      cancel: (by) => this.cancel(by),
    });
  }

  /** Its status is out of the provider's hands now: what goes wrong from here on cuts it. */
  get reply(): StreamedReply {
    const { attempt } = this.#context;
    const described: Record<string, string> = { 'content-type': 'application/octet-stream' };
    for (const name of DESCRIBING) {
      const value = this.#headers[name];
      if (value !== undefined) described[name] = value;
    }
    const headers = answerHeaders(this.#context, this.#headers, described);
    const status = attempt.httpStatus ?? 200;
    return { kind: 'stream', status, headers, translated: false, framing: 'bytes', stream: this.#stream };
  }

  data(chunk: Buffer): void {
    if (this.#over) return;
    this.#context.attempt.firstContentAt ??= this.#context.clock.monotonic();
    this.#stream.push({ bytes: chunk, events: [] });
  }

  end(): void {
    if (!this.#close()) return;
    closeBilled(this.#context, 'completed', NOTHING_SAID);
    this.#stream.end({ kind: 'completed', finishReason: undefined, usage: undefined });
  }

  fail(error: GatewayError): void {
    if (!this.#close()) return;
    closeBilled(this.#context, 'failed', NOTHING_SAID, error.code);
    this.#exchange.abort();
    this.#stream.end({ kind: 'failed', error, usage: undefined });
  }

  cancel(by: AbortedBy): void {
    if (this.#close()) closeBilled(this.#context, 'aborted', NOTHING_SAID);
    this.#exchange.abort();
    this.#stream.abort(by);
  }

  #close(): boolean {
    if (this.#over) return false;
    this.#over = true;
    return true;
  }
}
