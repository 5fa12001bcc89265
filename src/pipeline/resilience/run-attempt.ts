import { abortError } from '../../core/abort-error.ts';
import type { AbortedBy } from '../../core/cancellation.ts';
import { GatewayError, toGatewayError } from '../../core/errors.ts';
import type { Reply, StreamWatcher, StreamedReply } from '../../core/reply.ts';
import type {
  UpstreamExchange,
  UpstreamFailure,
  UpstreamHandler,
  UpstreamRequest,
} from '../../models/transport/transport.ts';
import { answerFormOf } from './answer-form.ts';
import { RelayBytes } from './relay-bytes.ts';
import { RelayStream, type RelayStreamHooks } from './relay-stream.ts';
import { traced } from './traced.ts';
import { type AttemptContext, type Consumption, closeBilled, closeUnbilled } from './settle.ts';
import { WholeAnswer } from './whole-answer.ts';

/** What an error is called where the connection failed before there was anything to relay. */
function failureError({ kind, cause }: UpstreamFailure, headSeen: boolean): GatewayError {
  // Not the provider: what was to be sent did not come.
  if (cause instanceof GatewayError) return cause;
  if (kind === 'connect') return new GatewayError('provider_unreachable', { cause });
  if (kind === 'timeout') return new GatewayError('provider_timeout', { cause });
  const message = headSeen
    ? 'The provider closed the connection in the middle of its answer.'
    : 'The provider closed the connection without an answer.';
  return new GatewayError('provider_bad_response', { message, cause });
}

/** A stream that a client has begun to read was interrupted, whatever the reason. */
function cutError(failure: UpstreamFailure, released: boolean): GatewayError {
  const isSilence = failure.kind === 'timeout' && !released;
  return new GatewayError(isSilence ? 'provider_timeout' : 'stream_interrupted', { cause: failure.cause });
}

function interruptedBy(cause: GatewayError): GatewayError {
  return new GatewayError('stream_interrupted', { cause });
}

/** One exchange with a provider, from the request's first byte to the attempt's close. */
class AttemptRun implements UpstreamHandler, UpstreamExchange, RelayStreamHooks, StreamWatcher {
  readonly #context: AttemptContext;
  readonly #resolve: (reply: Reply) => void;
  readonly #reject: (error: GatewayError) => void;
  #exchange: UpstreamExchange | undefined;
  #whole: WholeAnswer | undefined;
  #stream: RelayStream | undefined;
  #relay: RelayBytes | undefined;
  #forgetCancel: (() => void) | undefined;

  constructor(context: AttemptContext, resolve: (reply: Reply) => void, reject: (error: GatewayError) => void) {
    this.#context = context;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  start(): void {
    const { call, attempt, provider, plan, clock, exportsTraces } = this.#context;
    const request = traced(plan.request, call, attempt, exportsTraces);
    attempt.sentAt = clock.monotonic();
    this.#forgetCancel = call.cancellation.onCancel((by) => this.cancel(by));
    if (provider.authorize) void this.#sendAuthorized(provider.authorize(request));
    else this.#exchange = provider.transport.send(request, this);
  }

  head(status: number, headers: Record<string, string>): void {
    const { call, attempt, provider } = this.#context;
    attempt.httpStatus = status;
    this.#context.onHead?.(status, headers);
    attempt.providerRequestId = headers[provider.requestIdHeader];
    const form = answerFormOf(call, this.#context.wire, status, headers);
    if (form === 'events') this.#stream = new RelayStream(this.#context, headers, this, this);
    else if (form === 'whole') this.#whole = new WholeAnswer(this.#context, status, headers);
    else this.#openRelay(headers);
  }

  data(chunk: Buffer): void {
    const passing = this.#stream ?? this.#relay;
    if (passing) {
      passing.data(chunk);
      return;
    }
    try {
      this.#whole?.push(chunk);
    } catch (thrown) {
      this.#exchange?.abort();
      this.#fail(toGatewayError(thrown));
    }
  }

  end(): void {
    const passing = this.#stream ?? this.#relay;
    if (passing) {
      passing.end();
      return;
    }
    this.#forgetCancel?.();
    try {
      if (!this.#whole) throw new GatewayError('provider_bad_response');
      this.#resolve(this.#whole.finish());
    } catch (thrown) {
      this.#fail(toGatewayError(thrown));
    }
  }

  fail(failure: UpstreamFailure): void {
    if (this.#stream) this.#stream.fail(cutError(failure, this.#stream.released));
    else if (this.#relay) this.#relay.fail(cutError(failure, true));
    // The status has said it; only its words are cut short.
    else if (this.#whole?.isRefusal) this.end();
    else {
      const error = failureError(failure, this.#whole !== undefined);
      // What did not reach the provider whole was not worked on.
      if (failure.kind === 'connect' || error === failure.cause) closeUnbilled(this.#context, 'failed', error.code);
      this.#fail(error);
    }
  }

  expire(error: GatewayError, beforeContent: boolean): void {
    const { attempt } = this.#context;
    if (attempt.closing || (beforeContent && attempt.firstContentAt !== undefined)) return;
    this.#exchange?.abort();
    if (this.#stream) this.#stream.fail(this.#stream.released ? interruptedBy(error) : error);
    else if (this.#relay) this.#relay.fail(interruptedBy(error));
    else {
      if (this.#exchange === undefined) closeUnbilled(this.#context, 'failed', error.code);
      this.#fail(error);
    }
  }

  cancel(by: AbortedBy): void {
    this.#forgetCancel?.();
    this.#stream?.cancel(by);
    this.#relay?.cancel(by);
    this.#exchange?.abort();
    const isUnsent = this.#exchange === undefined;
    if (isUnsent || this.#whole?.isRefusal) closeUnbilled(this.#context, 'aborted');
    else closeBilled(this.#context, 'aborted', this.#seen());
    this.#reject(abortError(by));
  }

  /** The token or signature has to be there first; what ends the call meanwhile ends it before anything was sent. */
  async #sendAuthorized(authorized: Promise<UpstreamRequest>): Promise<void> {
    const { attempt, provider } = this.#context;
    try {
      const request = await authorized;
      if (!attempt.closing) this.#exchange = provider.transport.send(request, this);
    } catch (thrown) {
      const error = toGatewayError(thrown);
      this.#forgetCancel?.();
      closeUnbilled(this.#context, 'failed', error.code);
      this.#reject(error);
    }
  }

  pause(isBrief?: boolean): void {
    this.#exchange?.pause(isBrief);
  }

  resume(): void {
    this.#exchange?.resume();
  }

  abort(): void {
    this.#exchange?.abort();
  }

  ready(reply: StreamedReply): void {
    reply.stream.observe(this);
    this.#resolve(reply);
  }

  failed(error: GatewayError): void {
    this.#fail(error);
  }

  /** Of a stream: nobody can cancel it any more. */
  terminal(): void {
    this.#forgetCancel?.();
  }

  #openRelay(headers: Record<string, string>): void {
    this.#relay = new RelayBytes(this.#context, headers, this);
    this.ready(this.#relay.reply);
  }

  /** Rejects, and closes the attempt where nobody did: the provider may have worked on it. */
  #fail(error: GatewayError): void {
    this.#forgetCancel?.();
    closeBilled(this.#context, 'failed', this.#seen(), error.code);
    this.#reject(error);
  }

  /** What is known of the tokens where a whole answer did not come to its end. */
  #seen(): Consumption {
    return { reported: undefined, final: false, answerBytes: this.#whole?.answerBytes ?? 0 };
  }
}

/** An attempt that was sent. */
export interface RunningAttempt {
  /** Resolves with its reply (a stream: at its first content) or rejects with why there is none. */
  readonly reply: Promise<Reply>;
  /** Ends it; what it used is settled. */
  cancel(by: AbortedBy): void;
  /** Ends it as failed, since it took too long; with `beforeContent` only where there is no content yet. */
  expire(error: GatewayError, beforeContent: boolean): void;
}

/** Sends one attempt. */
export function startAttempt(context: AttemptContext): RunningAttempt {
  const { promise: reply, resolve, reject } = Promise.withResolvers<Reply>();
  const run = new AttemptRun(context, resolve, reject);
  run.start();
  return { reply, cancel: (by) => run.cancel(by), expire: (error, before) => run.expire(error, before) };
}
