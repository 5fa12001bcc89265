import { abortError } from '../../../core/abort-error.ts';
import type { Call } from '../../../core/call.ts';
import type { AbortedBy } from '../../../core/cancellation.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { Saving } from '../../../core/caching.ts';
import { type Reply, ReplyStream } from '../../../core/reply.ts';
import { addCausewayHeaders, costHeader } from '../../../core/reply-headers.ts';
import { type Entry, type Origin, decodeEntry, errorOf, itemOf, replyOf, terminalOf } from './entries.ts';

/** The replica that asked is gone, and has said nothing. */
export class GoneError extends Error {}

/** What the other replica was refused. */
export class RemoteError extends Error {
  readonly error: GatewayError;
  /** Under a deadline of who asked there. */
  readonly wasTimed: boolean;

  constructor(error: GatewayError, wasTimed: boolean) {
    super(error.message);
    this.error = error;
    this.wasTimed = wasTimed;
  }
}

/** What comes after the head of a stream, and nowhere else. */
const IN_A_STREAM: ReadonlySet<Entry['type']> = new Set(['item', 'end']);

/** An answer that another replica asked for and passes on. */
export class FollowedAnswer {
  /** Rejects with a GoneError or a RemoteError, or how the call ended. */
  readonly reply: Promise<Reply>;
  /** Index of the entry that comes next. */
  next = 0;
  readonly #call: Call;
  readonly #now: () => number;
  readonly #left: () => void;
  readonly #resolve: (reply: Reply) => void;
  readonly #reject: (error: Error) => void;
  #forget = (): void => {};
  #stream: ReplyStream | undefined;
  #paused = false;
  #isOver = false;

  /** @param left called once, when nothing more is wanted. @param now monotonic milliseconds */
  constructor(call: Call, now: () => number, left: () => void) {
    this.#call = call;
    this.#now = now;
    this.#left = left;
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    this.reply = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#forget = call.cancellation.onCancel((by) => this.#leave(by));
  }

  /** Whether there is room for more. */
  get wantsMore(): boolean {
    return !this.#paused;
  }

  /** What came next. */
  take(texts: readonly string[]): void {
    for (const text of texts) {
      if (this.#isOver) return;
      this.next += 1;
      const entry = decodeEntry(text);
      if (entry) this.#read(entry);
      else this.gone();
    }
  }

  /** Nothing more comes. */
  gone(): void {
    if (!this.#over()) return;
    this.#reject(new GoneError());
    this.#stream?.end({ kind: 'failed', error: new GatewayError('stream_interrupted'), usage: undefined });
  }

  #read(entry: Entry): void {
    if (IN_A_STREAM.has(entry.type) !== (this.#stream !== undefined)) {
      this.gone();
      return;
    }
    switch (entry.type) {
      case 'stream':
        this.#open(entry);
        break;
      case 'item':
        this.#stream?.push(itemOf(entry));
        break;
      case 'end': {
        const terminal = terminalOf(entry.terminal);
        if (terminal.kind === 'completed') this.#book(entry.saving);
        this.#over();
        this.#stream?.end(terminal);
        break;
      }
      case 'answer':
        this.#note(entry.origin);
        if (entry.terminal.kind === 'completed') this.#book(entry.saving);
        this.#over();
        this.#resolve(replyOf(entry, this.#headers(entry.headers, costHeader(this.#call))));
        break;
      case 'failed':
        this.#over();
        this.#reject(new RemoteError(errorOf(entry.error), entry.wasTimed));
        break;
      default:
        this.gone();
    }
  }

  #open({ status, headers, translated, rewritten, framing, origin }: Extract<Entry, { type: 'stream' }>): void {
    this.#note(origin);
    this.#paused = true;
    const stream = new ReplyStream({
      pause: () => {
        this.#paused = true;
      },
      resume: () => {
        this.#paused = false;
      },
      cancel: (by) => this.#leave(by),
    });
    this.#stream = stream;
    this.#resolve({
      kind: 'stream',
      status,
      headers: this.#headers(headers, {}),
      translated,
      ...(rewritten && { rewritten }),
      ...(framing && { framing }),
      stream,
    });
  }

  #note({ target, responseModel, simulated, answeredBy, warnings }: Origin): void {
    const call = this.#call;
    const key = call.cache?.key;
    call.cache = { state: 'coalesced', key, target, responseModel, simulated, answeredAt: this.#now() };
    call.answeredBy = answeredBy;
    for (const warning of warnings) if (!call.warnings.includes(warning)) call.warnings.push(warning);
  }

  #headers(headers: Readonly<Record<string, string>>, more: Record<string, string>): Record<string, string> {
    return addCausewayHeaders(this.#call, { ...headers, ...more });
  }

  #book(saving: Saving): void {
    this.#call.savings = [...(this.#call.savings ?? []), saving];
  }

  #leave(by: AbortedBy): void {
    if (!this.#over()) return;
    this.#reject(abortError(by));
    this.#stream?.abort(by);
  }

  #over(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.#forget();
    this.#left();
    return true;
  }
}
