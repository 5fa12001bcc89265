import type { Call } from '../../../core/call.ts';
import { toGatewayError } from '../../../core/errors.ts';
import type { Terminal } from '../../../core/events.ts';
import type { Reply, ReplyStream, StreamItem } from '../../../core/reply.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import { encodeEntry, endEntry, failedEntry, headEntry, itemEntry } from './entries.ts';
import type { Seat } from './flight.ts';
import { wasTimed } from './go-on-alone.ts';
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

/** Where others read an answer. */
export interface Readers {
  /** Adds entries. @returns false where that failed */
  write(entries: readonly string[], isLast: boolean): Promise<boolean>;
  /** Tells them that nothing more comes; never rejects. */
  giveUp(): Promise<void>;
}

export interface PassingOnParts {
  readonly leader: Call;
  readonly mark: WarningMark;
  readonly seat: Seat;
  readonly scheduler: Scheduler;
  readonly readers: Readers;
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
    const { seat, leader, mark, readers } = this.#parts;
    let reply: Reply;
    try {
      reply = await seat.reply;
    } catch (thrown) {
      if (this.#isOver) return;
      const error = toGatewayError(thrown);
      const isWritten = await readers.write([encodeEntry(failedEntry(error, wasTimed(leader, error)))], true);
      if (!isWritten) await readers.giveUp();
      this.#over();
      return;
    }
    if (this.#isOver) return;
    const head = encodeEntry(headEntry(leader, leader.warnings.slice(mark), reply));
    if (reply.kind !== 'stream') {
      await writePiece(readers, head);
      this.#over();
    } else if (await readers.write([head], false)) this.#read(reply.stream);
    else await this.#giveUp();
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
    const isWritten = await this.#parts.readers.write(entries, terminal !== undefined);
    this.#isWriting = false;
    // Who reads it is told that it is not whole, as it is where this replica dies.
    if (!isWritten || (!terminal && this.#passedOn > MAX_STREAM)) await this.#giveUp();
    else if (terminal) this.#over();
    else if (this.#terminal) await this.#write();
    else {
      if (this.#waiting.length > 0) this.#soon();
      this.#stream?.resume();
    }
  }

  async #giveUp(): Promise<void> {
    if (this.#isOver) return;
    await this.#parts.readers.giveUp();
    this.stop();
  }

  #over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stopTimer?.();
    this.#parts.done();
  }
}

async function writePiece(readers: Readers, head: string): Promise<void> {
  const isWritten = head.length <= MAX_PIECE && (await readers.write([head], true));
  if (!isWritten) await readers.giveUp();
}

/** An answer that ended before anybody was known to want it, piece by piece. */
export async function passOnWhole(
  leader: Call,
  mark: WarningMark,
  answer: { readonly reply: Reply; readonly items: readonly StreamItem[] | undefined; readonly terminal: Terminal },
  readers: Readers,
): Promise<void> {
  const { reply, items, terminal } = answer;
  const head = encodeEntry(headEntry(leader, leader.warnings.slice(mark), reply));
  if (reply.kind !== 'stream') {
    await writePiece(readers, head);
    return;
  }
  let isWritten = items !== undefined && (await readers.write([head], false));
  for (const some of inPieces(items ?? [])) isWritten &&= await readers.write([encodeEntry(itemEntry(some))], false);
  isWritten &&= await readers.write([encodeEntry(endEntry(leader, terminal))], true);
  if (!isWritten) await readers.giveUp();
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
