import { GatewayError, toGatewayError } from '../../core/errors.ts';
import type { EmbeddingAnswer } from '../../core/inference/embedding.ts';
import { parseJson } from '../../core/json.ts';
import type { Embedder, Provider } from '../providers/provider.ts';
import type { UpstreamExchange, UpstreamFailure, UpstreamRequest } from '../transport/transport.ts';

/** Vectors are long: 2048 of 3072 numbers are about 60 MB as text. */
const MAX_BYTES = 256 * 1024 * 1024;

/** What came back, and from where. */
export interface Exchanged {
  readonly answer: EmbeddingAnswer;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Why nothing came back. */
export class ExchangeError extends Error {
  readonly error: GatewayError;
  readonly status: number | undefined;
  /** The provider may have worked on it, and bill it. */
  readonly billed: boolean;

  constructor(error: GatewayError, status: number | undefined, billed: boolean) {
    super(error.message, { cause: error });
    this.error = error;
    this.status = status;
    this.billed = billed;
  }
}

export interface RunningExchange {
  /** Settles after an abort too. @throws ExchangeError */
  readonly done: Promise<Exchanged>;
  abort(): void;
}

/** What an exchange is for: how many inputs, and who hears that it is on its way. */
export interface ExchangePurpose {
  readonly inputs: number;
  readonly sent: () => void;
}

/** One request for embeddings and its whole answer. */
export function exchange(
  provider: Provider,
  embedder: Embedder,
  request: UpstreamRequest,
  { inputs, sent }: ExchangePurpose,
): RunningExchange {
  const { promise, resolve, reject } = Promise.withResolvers<Exchanged>();
  let running: UpstreamExchange | undefined;
  let aborted = false;
  const chunks: Buffer[] = [];
  let bytes = 0;
  let status: number | undefined;
  let headers: Record<string, string> = {};
  const refuse = (error: GatewayError, billed: boolean): void => reject(new ExchangeError(error, status, billed));
  // A transport says nothing after that, and somebody waits for the place that this exchange has.
  const end = (error: GatewayError): void => {
    aborted = true;
    running?.abort();
    refuse(error, true);
  };
  const handler = {
    head(code: number, said: Record<string, string>): void {
      status = code;
      headers = said;
    },
    data(chunk: Buffer): void {
      bytes += chunk.length;
      if (bytes <= MAX_BYTES) chunks.push(chunk);
      else end(new GatewayError('provider_bad_response', { message: "The provider's answer is over 256 MB." }));
    },
    end(): void {
      const body = Buffer.concat(chunks, bytes);
      if (status === undefined || status >= 300) {
        refuse(embedder.readError(status ?? 502, shownHeaders(provider, headers), body), false);
        return;
      }
      try {
        resolve({ answer: embedder.read(parseJson(body.toString('utf8')), inputs), status, headers });
      } catch (thrown) {
        refuse(toGatewayError(thrown), true);
      }
    },
    fail(failure: UpstreamFailure): void {
      refuse(failureError(failure), failure.kind !== 'connect');
    },
  };
  const send = (ready: UpstreamRequest): void => {
    if (aborted) return;
    sent();
    running = provider.transport.send(ready, handler);
  };
  if (provider.authorize)
    provider.authorize(request).then(send, (thrown: unknown) => refuse(toGatewayError(thrown), false));
  else send(request);
  return { done: promise, abort: () => end(new GatewayError('client_aborted')) };
}

function shownHeaders({ passedHeaders }: Provider, headers: Record<string, string>): Record<string, string> {
  const shown = Object.entries(headers).filter(([name]) => passedHeaders.has(name) || name === 'content-type');
  return Object.fromEntries(shown);
}

function failureError({ kind, cause }: UpstreamFailure): GatewayError {
  if (kind === 'connect') return new GatewayError('provider_unreachable', { cause });
  if (kind === 'timeout') return new GatewayError('provider_timeout', { cause });
  const message = 'The provider closed the connection before its answer was complete.';
  return new GatewayError('provider_bad_response', { message, cause });
}
