import type { AbortedBy } from '../../core/cancellation.ts';
import { type ErrorCode, GatewayError, toGatewayError } from '../../core/errors.ts';
import type { Reply } from '../../core/reply.ts';
import type { UpstreamExchange, UpstreamFailure, UpstreamHandler } from '../../models/transport/transport.ts';
import { RelayStream } from './relay-stream.ts';
import { type AttemptContext, closeBilled, closeUnbilled } from './settle.ts';
import { WholeAnswer } from './whole-answer.ts';

const ABORT_CODES: Readonly<Record<AbortedBy, ErrorCode>> = {
  client: 'client_aborted',
  deadline: 'deadline_exceeded',
  shutdown: 'shutting_down',
};

const NOTHING_REPORTED = { reported: undefined, final: false, answerChars: 0 } as const;

/** What an error is called where the upstream's connection failed, before the answer's head and after it. */
function failureError(failure: UpstreamFailure, headSeen: boolean, streamed: boolean): GatewayError {
  if (failure.kind === 'connect') return new GatewayError('provider_unreachable', { cause: failure.cause });
  if (headSeen && streamed) return new GatewayError('stream_interrupted', { cause: failure.cause });
  if (failure.kind === 'timeout') return new GatewayError('provider_timeout', { cause: failure.cause });
  const message = headSeen
    ? 'The provider closed the connection in the middle of its answer.'
    : 'The provider closed the connection without an answer.';
  return new GatewayError('provider_bad_response', { message, cause: failure.cause });
}

/** One exchange with a provider, from the request's first byte to the attempt's close. */
class AttemptRun implements UpstreamHandler {
  readonly #context: AttemptContext;
  readonly #resolve: (reply: Reply) => void;
  readonly #reject: (error: GatewayError) => void;
  #exchange: UpstreamExchange | undefined;
  #whole: WholeAnswer | undefined;
  #stream: RelayStream | undefined;
  #forgetCancel: (() => void) | undefined;

  constructor(context: AttemptContext, resolve: (reply: Reply) => void, reject: (error: GatewayError) => void) {
    this.#context = context;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  start(): void {
    const { call, attempt, provider, plan, clock } = this.#context;
    attempt.sentAt = clock.monotonic();
    this.#exchange = provider.transport.send(plan.request, this);
    this.#forgetCancel = call.cancellation.onCancel((by) => this.#cancel(by));
  }

  head(status: number, headers: Record<string, string>): void {
    const { call, attempt, provider } = this.#context;
    attempt.httpStatus = status;
    attempt.providerRequestId = headers[provider.requestIdHeader];
    const isStream = call.facts.stream && status < 300 && isEventStream(headers);
    if (isStream) this.#stream = this.#openStream(headers);
    else this.#whole = new WholeAnswer(this.#context, status, headers);
  }

  data(chunk: Buffer): void {
    if (this.#stream) {
      this.#stream.data(chunk);
      return;
    }
    try {
      this.#whole?.push(chunk);
    } catch (thrown) {
      this.#exchange?.abort();
      this.#failBilled(toGatewayError(thrown));
    }
  }

  end(): void {
    if (this.#stream) {
      this.#stream.end();
      return;
    }
    this.#forgetCancel?.();
    try {
      if (!this.#whole) throw new GatewayError('provider_bad_response');
      this.#resolve(this.#whole.finish());
    } catch (thrown) {
      this.#failBilled(toGatewayError(thrown));
    }
  }

  fail(failure: UpstreamFailure): void {
    const headSeen = this.#context.attempt.httpStatus !== undefined;
    const error = failureError(failure, headSeen, this.#stream !== undefined);
    if (this.#stream) {
      this.#stream.fail(error);
    } else if (failure.kind === 'connect') {
      this.#context.attempt.sentAt = undefined;
      closeUnbilled(this.#context, 'failed', error.code);
      this.#failBilled(error);
    } else {
      this.#failBilled(error);
    }
  }

  #openStream(headers: Record<string, string>): RelayStream {
    const steer: UpstreamExchange = {
      pause: () => this.#exchange?.pause(),
      resume: () => this.#exchange?.resume(),
      abort: () => this.#exchange?.abort(),
    };
    return new RelayStream(this.#context, headers, steer, {
      ready: (reply) => {
        reply.stream.observe({ terminal: () => this.#forgetCancel?.() });
        this.#resolve(reply);
      },
      failed: (error) => this.#failBilled(error),
    });
  }

  /** Rejects, and closes the attempt where nobody did: the provider may have worked on it. */
  #failBilled(error: GatewayError): void {
    this.#forgetCancel?.();
    closeBilled(this.#context, 'failed', NOTHING_REPORTED, error.code);
    this.#reject(error);
  }

  #cancel(by: AbortedBy): void {
    this.#stream?.cancel(by);
    this.#exchange?.abort();
    closeBilled(this.#context, 'aborted', NOTHING_REPORTED);
    this.#reject(new GatewayError(ABORT_CODES[by]));
  }
}

function isEventStream(headers: Record<string, string>): boolean {
  return (headers['content-type'] ?? '').toLowerCase().startsWith('text/event-stream');
}

/** Sends one attempt; resolves with its reply (a stream: at its first content) or rejects with why there is none. */
export function runAttempt(context: AttemptContext): Promise<Reply> {
  return new Promise((resolve, reject) => {
    new AttemptRun(context, resolve, reject).start();
  });
}
