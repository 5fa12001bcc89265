import type { Call } from '../core/call.ts';
import { GatewayError, toGatewayError } from '../core/errors.ts';
import type { Terminal } from '../core/events.ts';
import type { Reply, StreamItem, StreamSink, StreamedReply } from '../core/reply.ts';
import type { RenderedAnswer } from '../pipeline/guards/review/review.ts';
import type { DialectAdapter, StreamEncoder } from './dialects/dialect-adapter.ts';
import { answerContext, bodyOf, errorOf } from './reply-body.ts';

/**
 * An answer, or the error that it is, byte by byte as the client of the call would have got it; for whoever has no socket.
 * Never rejects.
 * @param mostBytes an answer that is larger is an error
 */
export async function renderReply(
  call: Call,
  adapter: DialectAdapter,
  replying: Promise<Reply>,
  mostBytes: number,
): Promise<RenderedAnswer> {
  try {
    const reply = await replying;
    const { body, isError } =
      reply.kind === 'stream' ? await gather(call, adapter, reply, mostBytes) : wholeOf(call, adapter, reply);
    if (body.byteLength > mostBytes) throw tooLarge();
    const contentType =
      reply.headers['content-type'] ?? (reply.kind === 'stream' ? 'text/event-stream' : 'application/json');
    return { status: reply.status, contentType, body, requestId: call.id, isError: isError || reply.status >= 400 };
  } catch (thrown) {
    const { status, headers, body } = adapter.renderError(toGatewayError(thrown), call.id);
    const contentType = headers['content-type'] ?? 'application/json';
    return { status, contentType, body, requestId: call.id, isError: true };
  }
}

interface Bytes {
  readonly body: Uint8Array;
  readonly isError: boolean;
}

function wholeOf(call: Call, adapter: DialectAdapter, reply: Exclude<Reply, StreamedReply>): Bytes {
  return { body: bodyOf(call, adapter, reply), isError: reply.terminal.kind !== 'completed' };
}

function gather(call: Call, adapter: DialectAdapter, reply: StreamedReply, mostBytes: number): Promise<Bytes> {
  const { promise, resolve, reject } = Promise.withResolvers<Bytes>();
  const encoder = reply.translated ? adapter.streamEncoder(answerContext(call, adapter, reply.rewritten)) : undefined;
  const errorEvent = (error: GatewayError): string => encoder?.fail?.(error) ?? adapter.errorEvent(error, call.id);
  call.cancellation.onCancel((by) => reply.stream.abort(by));
  reply.stream.read(
    new Gathering({ encoder, errorEvent, isFile: reply.framing === 'bytes', mostBytes, resolve, reject }),
  );
  // One that is too large is not read to its end.
  return promise.catch((error: unknown) => {
    reply.stream.abort('client');
    throw error;
  });
}

interface GatheringParts {
  readonly encoder: StreamEncoder | undefined;
  readonly errorEvent: (error: GatewayError) => string;
  /** In which no error can be said. */
  readonly isFile: boolean;
  readonly mostBytes: number;
  readonly resolve: (gathered: Bytes) => void;
  readonly reject: (error: GatewayError) => void;
}

/** Reads a stream to its end. */
class Gathering implements StreamSink {
  readonly #parts: GatheringParts;
  readonly #pieces: Buffer[] = [];
  #bytes = 0;

  constructor(parts: GatheringParts) {
    this.#parts = parts;
  }

  item({ bytes, events }: StreamItem): boolean {
    const { encoder, mostBytes, reject } = this.#parts;
    this.#add(encoder ? encoder.push(events) : bytes);
    if (this.#bytes <= mostBytes) return true;
    reject(tooLarge());
    return false;
  }

  terminal(terminal: Terminal): void {
    const { encoder, errorEvent, isFile, resolve, reject } = this.#parts;
    const error = errorOf(terminal);
    if (error && isFile) {
      reject(error);
      return;
    }
    this.#add(error ? errorEvent(error) : encoder?.end());
    resolve({ body: Buffer.concat(this.#pieces), isError: error !== undefined });
  }

  #add(piece: string | Uint8Array | undefined): void {
    if (piece === undefined || piece.length === 0) return;
    const bytes = Buffer.from(piece);
    this.#bytes += bytes.length;
    this.#pieces.push(bytes);
  }
}

function tooLarge(): GatewayError {
  return new GatewayError('provider_bad_response', { message: 'The answer is too large to be kept for its client.' });
}
