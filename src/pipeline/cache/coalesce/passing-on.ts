import type { Call } from '../../../core/call.ts';
import { toGatewayError } from '../../../core/errors.ts';
import type { Terminal } from '../../../core/events.ts';
import type { Reply, ReplyStream, StreamItem } from '../../../core/reply.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import { type Entry, encodeEntry, endEntry, failedEntry, headEntry, itemEntry } from './entries.ts';
import type { Seat } from './flight.ts';
import { sizeOf } from './item-size.ts';
import type { WarningMark } from './sharing.ts';

/** Others look about as often for more. */
const GATHER_MS = 20;
/** What waits to be passed on, bytes; more is not read as long as it waits. */
const MAX_WAITING = 64 * 1024;
/** A larger answer in one piece is not passed on: it would hold up what others ask Redis. Characters. */
const MAX_PIECE = 4 * 1024 * 1024;
/** More of one stream is not passed on. Characters. */
const MAX_STREAM = 32 * 1024 * 1024;

/** Writes entries where others read them. @returns false where that failed */
export type WriteEntries = (entries: readonly string[], isLast: boolean) => Promise<boolean>;

export interface PassingOnParts {
  readonly leader: Call;
  readonly mark: WarningMark;
  readonly seat: Seat;
  readonly scheduler: Scheduler;
  readonly write: WriteEntries;
  /** Called once, when nothing more is written. */
  readonly done: () => void;
}

/** The other replicas that wait for an answer, as one more reader of it. */
export class PassingOn {
  readonly #parts: PassingOnParts;
  #stream: ReplyStream | undefined;
  #waiting: StreamItem[] = [];
  #waitingBytes = 0;
  #passedOn = 0;
  #isWriting = false;
  #isOver = false;
  #terminal: Terminal | undefined;
  #stopTimer: (() => void) | undefined;

  constructor(parts: PassingOnParts) {
    this.#parts = parts;
    void this.#begin();
  }

  /** Nobody wants it any more. */
  stop(): void {
    if (this.#isOver) return;
    this.#over();
    this.#parts.seat.leave('client');
  }

  async #begin(): Promise<void> {
    const { seat, leader, mark, write } = this.#parts;
    let reply: Reply;
    try {
      reply = await seat.reply;
    } catch (thrown) {
      if (this.#isOver) return;
      await write([encodeEntry(failedEntry(toGatewayError(thrown), leader.deadlineAt !== undefined))], true);
      this.#over();
      return;
    }
    if (this.#isOver) return;
    const head = encodeEntry(headEntry(leader, leader.warnings.slice(mark), reply));
    if (reply.kind !== 'stream') {
      await write([head.length > MAX_PIECE ? GONE : head], true);
      this.#over();
    } else if (await write([head], false)) this.#read(reply.stream);
    else this.stop();
  }

  #read(stream: ReplyStream): void {
    if (this.#isOver) return;
    this.#stream = stream;
    stream.read({
      item: (item) => {
        this.#waiting.push(item);
        this.#waitingBytes += sizeOf(item);
        this.#soon();
        return this.#waitingBytes < MAX_WAITING;
      },
      terminal: (terminal) => {
        this.#terminal = terminal;
        void this.#write();
      },
    });
  }

  #soon(): void {
    this.#stopTimer ??= this.#parts.scheduler.after(GATHER_MS, () => {
      this.#stopTimer = undefined;
      void this.#write();
    });
  }

  async #write(): Promise<void> {
    if (this.#isWriting || this.#isOver) return;
    const [items, terminal] = [this.#waiting, this.#terminal];
    this.#waiting = [];
    this.#waitingBytes = 0;
    const entries: string[] = [];
    if (items.length > 0) entries.push(encodeEntry(itemEntry(items)));
    for (const entry of entries) this.#passedOn += entry.length;
    if (terminal) entries.push(encodeEntry(endEntry(this.#parts.leader, terminal)));
    this.#isWriting = true;
    const isWritten = await this.#parts.write(entries, terminal !== undefined);
    this.#isWriting = false;
    if (terminal) this.#over();
    // Who reads it is told that it is not whole, as it is where this replica dies.
    else if (!isWritten || this.#passedOn > MAX_STREAM) await this.#giveUp();
    else if (this.#terminal) await this.#write();
    else {
      if (this.#waiting.length > 0) this.#soon();
      this.#stream?.resume();
    }
  }

  async #giveUp(): Promise<void> {
    if (this.#isOver) return;
    await this.#parts.write([GONE], true);
    this.stop();
  }

  #over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stopTimer?.();
    this.#parts.done();
  }
}

const GONE = encodeEntry({ type: 'gone' } satisfies Entry);

/** An answer that ended before anybody was known to want it, piece by piece. */
export async function passOnWhole(
  leader: Call,
  mark: WarningMark,
  answer: { readonly reply: Reply; readonly items: readonly StreamItem[] | undefined; readonly terminal: Terminal },
  write: WriteEntries,
): Promise<void> {
  const { reply, items, terminal } = answer;
  const head = encodeEntry(headEntry(leader, leader.warnings.slice(mark), reply));
  if (reply.kind !== 'stream' || !items) {
    const isPassedOn = reply.kind !== 'stream' && head.length <= MAX_PIECE;
    await write([isPassedOn ? head : GONE], true);
    return;
  }
  let isWritten = await write([head], false);
  for (const some of inPieces(items)) isWritten &&= await write([encodeEntry(itemEntry(some))], false);
  await write([isWritten ? encodeEntry(endEntry(leader, terminal)) : GONE], true);
}

/** Items in a row that are passed on together. */
function* inPieces(items: readonly StreamItem[]): Generator<readonly StreamItem[]> {
  let piece: StreamItem[] = [];
  let size = 0;
  for (const item of items) {
    piece.push(item);
    size += sizeOf(item);
    if (size < MAX_WAITING) continue;
    yield piece;
    piece = [];
    size = 0;
  }
  if (piece.length > 0) yield piece;
}
