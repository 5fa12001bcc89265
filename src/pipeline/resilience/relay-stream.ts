import type { AbortedBy } from '../../core/cancellation.ts';
import { GatewayError, toGatewayError } from '../../core/errors.ts';
import { type FinishReason, type StreamEvent, isContentEvent } from '../../core/events.ts';
import { ReplyStream, type StreamItem, type StreamProducer, type StreamedReply } from '../../core/reply.ts';
import { type Usage, mergeUsage } from '../../core/usage.ts';
import type { UpstreamExchange } from '../../models/transport/transport.ts';
import { answerHeaders } from './answer-headers.ts';
import { type AnswerTranslation, translationOf } from './answer-translation.ts';
import { type AttemptContext, type Consumption, closeBilled } from './settle.ts';
import { type Tapped, StreamTap } from './stream-tap.ts';

/** Frames before the first content are few and small; more than this is let go rather than held. */
const MAX_HELD_BYTES = 1024 * 1024;

export interface RelayStreamHooks {
  /** The first content is there: the reply may go out. */
  ready(reply: StreamedReply): void;
  /** It ended badly before any content, so the caller may still answer otherwise. */
  failed(error: GatewayError): void;
}

/**
 * Relays a provider's stream frame by frame and reads it on the way; of a translated one only what was read goes on.
 * Whole frames only go out, so that an error event can follow at any time.
 */
export class RelayStream implements StreamProducer {
  readonly #context: AttemptContext;
  readonly #headers: Record<string, string>;
  readonly #exchange: UpstreamExchange;
  readonly #hooks: RelayStreamHooks;
  readonly #tap: StreamTap;
  readonly #translated: AnswerTranslation | undefined;
  readonly #stream: ReplyStream;
  #held: StreamItem[] = [];
  #heldBytes = 0;
  #released = false;
  #over = false;
  #holdTimer: NodeJS.Timeout | undefined;
  #usage: Usage | undefined;
  #answerBytes = 0;
  #finishReason: FinishReason | undefined;

  constructor(
    context: AttemptContext,
    headers: Record<string, string>,
    exchange: UpstreamExchange,
    hooks: RelayStreamHooks,
  ) {
    this.#context = context;
    this.#headers = headers;
    this.#exchange = exchange;
    this.#hooks = hooks;
    this.#translated = translationOf(context);
    const { wire, plan, call } = context;
    const reader = wire.streamReader({ hideUsageFrame: plan.hideUsageFrame, operation: call.operation });
    this.#tap = new StreamTap(reader, wire.framing?.splitter(), this.#translated === undefined);
    this.#stream = new ReplyStream(this);
  }

  /** The reply is out, so a client may have read of it. */
  get released(): boolean {
    return this.#released;
  }

  pause(isBrief?: boolean): void {
    this.#exchange.pause(isBrief);
  }

  resume(): void {
    this.#exchange.resume();
  }

  data(chunk: Buffer): void {
    if (this.#over) {
      // Nothing follows the last word; a provider that goes on would hold its connection for as long as it likes.
      this.#exchange.abort();
      return;
    }
    try {
      this.#take(this.#tap.take(chunk));
    } catch (thrown) {
      this.fail(toGatewayError(thrown));
    }
  }

  /** The upstream connection ended in order; whether the answer did is for the reader to say. */
  end(): void {
    if (this.#over) return;
    try {
      this.#take(this.#tap.flush());
      if (this.#tap.complete) this.#complete();
      else this.fail(new GatewayError('stream_interrupted'));
    } catch (thrown) {
      this.fail(toGatewayError(thrown));
    }
  }

  fail(error: GatewayError): void {
    if (!this.#close()) return;
    closeBilled(this.#context, 'failed', this.#consumption(false), error.code);
    this.#exchange.abort();
    if (this.#released) this.#stream.end({ kind: 'failed', error, usage: this.#usage });
    else this.#hooks.failed(error);
  }

  /** The reader left, or the call's time is over. */
  cancel(by: AbortedBy): void {
    if (this.#close()) closeBilled(this.#context, 'aborted', this.#consumption(false));
    this.#exchange.abort();
    // Also where all has come and only the reader is slow.
    if (this.#released) this.#stream.abort(by);
  }

  #take({ shown, events, failure }: Tapped): void {
    if (shown || events.length > 0) this.#emit(shown, events);
    if (failure) this.fail(failure);
    else if (events.at(-1)?.type === 'end') this.#complete();
  }

  #emit(shown: Buffer | undefined, read: readonly StreamEvent[]): void {
    const bytes = this.#translated ? undefined : shown;
    const events = this.#translated?.apply(read) ?? read;
    if (events.length === 0 && !bytes) return;
    const hasContent = this.#note(events);
    const item: StreamItem = bytes ? { bytes, events } : { events };
    if (this.#released) {
      this.#stream.push(item);
      return;
    }
    this.#held.push(item);
    this.#heldBytes += bytes?.length ?? 0;
    if (hasContent || this.#heldBytes > MAX_HELD_BYTES) this.#release();
    else this.#holdTimer ??= setTimeout(() => this.#release(), this.#context.holdHeadersMs);
  }

  /** Keeps what settlement and the record need; says whether there was anything that a reader sees. */
  #note(events: readonly StreamEvent[]): boolean {
    const { attempt, clock } = this.#context;
    let hasContent = false;
    for (const event of events) {
      if (event.type === 'usage') this.#usage = this.#usage ? mergeUsage(this.#usage, event.usage) : event.usage;
      else if (event.type === 'message-start') attempt.responseModel = event.model ?? attempt.responseModel;
      else if (event.type !== 'finish') this.#answerBytes += bytesOf(event);
      else if (event.choice === 0) this.#finishReason = event.reason;
      hasContent ||= isContentEvent(event);
    }
    if (hasContent) attempt.firstContentAt ??= clock.monotonic();
    return hasContent;
  }

  #release(): void {
    if (this.#released || this.#over) return;
    this.#released = true;
    clearTimeout(this.#holdTimer);
    const { attempt } = this.#context;
    this.#hooks.ready({
      kind: 'stream',
      status: attempt.httpStatus ?? 200,
      headers: answerHeaders(this.#context, this.#headers, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-cache',
      }),
      translated: this.#translated !== undefined,
      ...(this.#context.rewritten ? { rewritten: true } : {}),
      stream: this.#stream,
    });
    for (const item of this.#held) this.#stream.push(item);
    this.#held = [];
  }

  #complete(): void {
    this.#release();
    if (!this.#close()) return;
    closeBilled(this.#context, 'completed', this.#consumption(true));
    this.#stream.end({ kind: 'completed', finishReason: this.#finishReason, usage: this.#usage });
    // What follows the provider's last word is drained, so that its connection can be used again.
    this.#exchange.resume();
  }

  #consumption(final: boolean): Consumption {
    return { reported: this.#usage, final, answerBytes: this.#answerBytes };
  }

  #close(): boolean {
    if (this.#over) return false;
    this.#over = true;
    clearTimeout(this.#holdTimer);
    return true;
  }
}

function bytesOf(event: StreamEvent): number {
  switch (event.type) {
    case 'text-delta':
    case 'reasoning-delta':
    case 'refusal-delta':
      return Buffer.byteLength(event.text);
    case 'tool-call-delta':
      return Buffer.byteLength(event.argumentsText);
    default:
      return 0;
  }
}
