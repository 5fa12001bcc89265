import { abortError } from '../../../core/abort-error.ts';
import type { Call } from '../../../core/call.ts';
import type { AbortedBy } from '../../../core/cancellation.ts';
import { type GatewayError, toGatewayError } from '../../../core/errors.ts';
import type { Terminal } from '../../../core/events.ts';
import type { Reply, ReplyStream, StreamItem, StreamedReply } from '../../../core/reply.ts';
import type { Handler } from '../../../core/stage.ts';
import { type Keeping, SharedStream } from './shared-stream.ts';

/** A place at a request that is under way. */
export interface Seat {
  /** The answer, of a stream with a branch of its own; its headers are those of who asked. Or why there is none. */
  readonly reply: Promise<Reply>;
  /** Gives the place back, with what of the answer there is. */
  leave(by: AbortedBy): void;
}

/** Called with how a stream ends for a reader, before the reader is told. */
export type Ending = (terminal: Terminal) => void;

interface Taken extends Seat {
  readonly ending: Ending;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: GatewayError) => void;
  branch: ReplyStream | undefined;
}

/**
 * One request to a provider, and all who wait for its answer. It goes on while one of them is left, also where the one
 * that it was asked for is gone; the last one who leaves ends it.
 */
export class Flight {
  /** The call that it is asked for. */
  readonly leader: Call;
  readonly #keeping: Keeping;
  readonly #ended: () => void;
  readonly #seats = new Set<Taken>();
  #leading: Taken | undefined;
  #stream: SharedStream | undefined;
  /** The streamed answer, whose stream is read by `#stream`. */
  #answer: StreamedReply | undefined;
  /** More may join. */
  #isOpen = true;
  /** The provider has said its last word. */
  #isOver = false;
  #letCancel = (): void => {};
  #letSettle = (): void => {};

  /** @param ended called once, when nobody may join any more */
  constructor(leader: Call, keeping: Keeping, ended: () => void) {
    this.leader = leader;
    this.#keeping = keeping;
    this.#ended = ended;
  }

  get isJoinable(): boolean {
    return this.#isOpen && (this.#stream?.isJoinable ?? true);
  }

  /** Whether the answer has begun. */
  get isAnswering(): boolean {
    return this.#stream !== undefined;
  }

  /** All that a stream has said so far, where that is kept. */
  get said(): readonly StreamItem[] | undefined {
    return this.#stream?.said;
  }

  /** Asks. */
  lead(ask: Handler): Promise<Reply> {
    const seat = this.#take(() => {});
    this.#leading = seat;
    this.#letCancel = this.leader.cancellation.hold((by) => this.#leave(seat, by));
    void this.#run(ask);
    return seat.reply;
  }

  /** One more who waits; only where it `isJoinable`. */
  join(ending: Ending): Seat {
    const seat = this.#take(ending);
    if (this.#stream && this.#answer) seat.resolve(this.#branchFor(seat, this.#stream, this.#answer));
    return seat;
  }

  #take(ending: Ending): Taken {
    const { promise: reply, resolve, reject } = Promise.withResolvers<Reply>();
    const leave = (by: AbortedBy): void => this.#leave(seat, by);
    const seat: Taken = { reply, leave, ending, resolve, reject, branch: undefined };
    this.#seats.add(seat);
    return seat;
  }

  async #run(ask: Handler): Promise<void> {
    try {
      this.#answered(await ask(this.leader));
    } catch (thrown) {
      const error = toGatewayError(thrown);
      this.#over();
      for (const seat of this.#seats) seat.reject(error);
    }
  }

  #answered(reply: Reply): void {
    if (reply.kind !== 'stream') {
      this.#over();
      for (const seat of this.#seats) seat.resolve(reply);
      return;
    }
    const stream = new SharedStream(reply.stream, this.#keeping, () => this.#over());
    this.#stream = stream;
    this.#answer = reply;
    for (const seat of this.#seats) seat.resolve(this.#branchFor(seat, stream, reply));
    stream.start();
    if (this.#seats.size === 0) stream.abort('client');
  }

  #branchFor(seat: Taken, stream: SharedStream, reply: StreamedReply): StreamedReply {
    const branch = stream.branch({
      isLeader: seat === this.#leading,
      left: (by) => this.#left(seat, by),
      ending: seat.ending,
    });
    seat.branch = branch;
    return { ...reply, stream: branch };
  }

  #leave(seat: Taken, by: AbortedBy): void {
    if (seat.branch) seat.branch.abort(by);
    else if (this.#seats.size > 1 || seat !== this.#leading) this.#left(seat, by);
    // It is its own request alone, which says by itself how it ended.
    else this.#abandon(by);
  }

  #left(seat: Taken, by: AbortedBy): void {
    if (!this.#seats.delete(seat)) return;
    if (this.#seats.size === 0) this.#abandon(by);
    else if (seat === this.#leading && !this.#isOver) this.#letSettle = this.leader.attempts.hold();
    // Who left does not look any more.
    seat.reply.catch(() => {});
    seat.reject(abortError(by));
  }

  /** Nobody is left. */
  #abandon(by: AbortedBy): void {
    this.#close();
    this.#stream?.abort(by);
    this.#letCancel();
  }

  #close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#ended();
  }

  /** Nothing more comes from the provider. */
  #over(): void {
    this.#isOver = true;
    this.#close();
    this.#letCancel();
    this.#letSettle();
  }
}
