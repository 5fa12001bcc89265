import type { AbortedBy } from '../../../core/cancellation.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { Terminal } from '../../../core/events.ts';
import { ReplyStream, type StreamItem } from '../../../core/reply.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import { sizeOf } from './item-size.ts';
import { SaidSoFar } from './said-so-far.ts';

/** How much of running answers is kept for those who join late, bytes. */
export interface Keeping {
  /** Of one answer. */
  readonly maxBytes: number;
  /** Of all of them together. */
  readonly maxTotal: number;
  /** What is kept now. */
  total: number;
  readonly scheduler: Scheduler;
}

/** Who is no further behind than that is not cut off for the sake of other answers, bytes. */
const SLACK = 64 * 1024;
/** How long a reader has for the rest after the end. */
const REST_MS = 60_000;

export interface BranchHooks {
  /** The provider was asked for this reader. */
  readonly isLeader: boolean;
  /** The reader is gone before the end, or was cut off. Called at most once. */
  left(by: AbortedBy): void;
  /** How it ends for this reader; called before the reader is told. */
  ending(terminal: Terminal): void;
}

interface Branch {
  readonly stream: ReplyStream;
  readonly hooks: BranchHooks;
  /** What was said before it came, as long as it did not get all of that. */
  earlier: Iterator<StreamItem, void> | undefined;
  /** Index of the item that it gets next. */
  at: number;
  /** Until its reader starts, and while it is behind. */
  paused: boolean;
  over: boolean;
}

/**
 * One stream read by several, each at its own pace: who joins late is given what was said, then the rest.
 *
 * The provider waits only where no reader wants more. What was said is kept once for all; where that is too much nobody
 * may join any more, only what a reader still has to read is kept, and a reader that is too far behind is cut off.
 */
export class SharedStream {
  readonly #source: ReplyStream;
  readonly #keeping: Keeping;
  readonly #ended: () => void;
  readonly #branches = new Set<Branch>();
  /** Of all there were, those that some reader did not get yet. */
  #items: StreamItem[] = [];
  /** Items before those. */
  #dropped = 0;
  #bytes = 0;
  /** For those who join late; undefined where none of them needs it any more. */
  #said: SaidSoFar | undefined = new SaidSoFar();
  #isWhole = true;
  #ending: Terminal | undefined;
  #stopTimer: (() => void) | undefined;

  /** @param ended called once, before any reader is told */
  constructor(source: ReplyStream, keeping: Keeping, ended: () => void) {
    this.#source = source;
    this.#keeping = keeping;
    this.#ended = ended;
  }

  /** Whether all that was said is there, and more is to come. */
  get isJoinable(): boolean {
    return this.#isWhole && this.#ending === undefined;
  }

  /** All that was said so far; undefined where some of it is not kept any more. */
  get said(): readonly StreamItem[] | undefined {
    return this.#isWhole && this.#said ? [...this.#said.items()] : undefined;
  }

  /** Begins to read; the first branches have to be there. */
  start(): void {
    this.#source.read({
      item: (item) => this.#take(item),
      terminal: (terminal) => this.#end(terminal),
    });
  }

  /** One more reader, from the first item on. */
  branch(hooks: BranchHooks): ReplyStream {
    const stream = new ReplyStream({
      pause() {
        branch.paused = true;
      },
      resume: () => this.#resume(branch),
      cancel: (by) => this.#leave(branch, by),
    });
    const earlier = this.#itemCount > 0 ? this.#said?.items() : undefined;
    const branch: Branch = { stream, hooks, earlier, at: this.#itemCount, paused: true, over: false };
    this.#branches.add(branch);
    return stream;
  }

  abort(by: AbortedBy): void {
    this.#source.abort(by);
  }

  /** How many items there were. */
  get #itemCount(): number {
    return this.#dropped + this.#items.length;
  }

  /** False where no reader wants more. */
  #take(item: StreamItem): boolean {
    this.#remember(item);
    if (!this.#handOn(item)) {
      this.#items.push(item);
      this.#count(sizeOf(item));
      for (const branch of this.#branches) this.#pump(branch);
      this.#drop();
    }
    const { maxBytes, maxTotal, total } = this.#keeping;
    if (this.#bytes > maxBytes || total > maxTotal) {
      this.#isWhole = false;
      this.#forgetSaid();
    }
    if (this.#bytes > maxBytes || (this.#keeping.total > maxTotal && this.#bytes > SLACK)) this.#cutSlowest();
    return this.#wantsMore;
  }

  /** Where there is one reader, and it has got all so far, nothing has to wait. */
  #handOn(item: StreamItem): boolean {
    const [branch] = this.#branches;
    if (!branch || branch.paused || this.#branches.size > 1 || this.#items.length > 0) return false;
    this.#dropped += 1;
    branch.at = this.#dropped;
    branch.stream.push(item);
    return true;
  }

  #remember(item: StreamItem): void {
    if (!this.#isWhole || !this.#said) return;
    const before = this.#said.size;
    this.#said.add(item);
    this.#count(this.#said.size - before);
  }

  /** Where nobody may join any more, and nobody reads it. */
  #forgetSaid(): void {
    if (!this.#said || this.isJoinable) return;
    for (const { earlier } of this.#branches) if (earlier) return;
    this.#count(-this.#said.size);
    this.#said = undefined;
  }

  get #wantsMore(): boolean {
    for (const { paused } of this.#branches) if (!paused) return true;
    return false;
  }

  #resume(branch: Branch): void {
    if (branch.over) return;
    branch.paused = false;
    this.#pump(branch);
    if (!branch.paused && !this.#ending) this.#source.resume();
  }

  #pump(branch: Branch): void {
    while (!branch.over && !branch.paused) {
      const item = this.#nextFor(branch);
      if (!item) break;
      branch.stream.push(item);
    }
    const hasAll = !branch.earlier && branch.at === this.#itemCount;
    if (!branch.over && this.#ending && hasAll) this.#finish(branch, this.#ending);
  }

  #nextFor(branch: Branch): StreamItem | undefined {
    const earlier = branch.earlier?.next().value;
    if (earlier) return earlier;
    if (branch.earlier) {
      branch.earlier = undefined;
      this.#forgetSaid();
    }
    const item = this.#items[branch.at - this.#dropped];
    if (item) branch.at += 1;
    return item;
  }

  #end(terminal: Terminal): void {
    this.#ending = terminal;
    this.#ended();
    this.#forgetSaid();
    for (const branch of this.#branches) this.#pump(branch);
    this.#drop();
    if (this.#branches.size === 0) return;
    this.#stopTimer = this.#keeping.scheduler.after(REST_MS, () => {
      for (const branch of this.#branches) this.#cut(branch);
    });
  }

  #finish(branch: Branch, terminal: Terminal): void {
    if (terminal.kind !== 'aborted') this.#close(branch, terminal);
    else if (branch.hooks.isLeader) branch.stream.abort(terminal.by);
    // It was not this reader who ended it.
    else this.#close(branch, interrupted(terminal));
  }

  #close(branch: Branch, terminal: Terminal): void {
    this.#forget(branch);
    branch.hooks.ending(terminal);
    branch.stream.end(terminal);
  }

  #leave(branch: Branch, by: AbortedBy): void {
    if (branch.over) return;
    this.#forget(branch);
    branch.hooks.left(by);
  }

  #forget(branch: Branch): void {
    branch.over = true;
    this.#branches.delete(branch);
    if (this.#branches.size === 0) this.#stopTimer?.();
    this.#forgetSaid();
    if (branch.at === this.#dropped || this.#branches.size === 0) this.#drop();
  }

  /** Lets go of what nobody needs any more. */
  #drop(): void {
    let needed = this.#itemCount;
    for (const { at } of this.#branches) needed = Math.min(needed, at);
    const count = needed - this.#dropped;
    if (count <= 0) return;
    let size = 0;
    for (const item of this.#items.slice(0, count)) size += sizeOf(item);
    this.#items = this.#items.slice(count);
    this.#dropped = needed;
    this.#count(-size);
  }

  /** Others wait for more, which there is no room for as long as this one is behind. */
  #cutSlowest(): void {
    if (!this.#wantsMore) return;
    for (const branch of this.#branches) {
      if (branch.at === this.#dropped) this.#cut(branch);
    }
  }

  #cut(branch: Branch): void {
    const error = new GatewayError('stream_interrupted', { message: TOO_SLOW });
    branch.hooks.left('client');
    this.#close(branch, { kind: 'failed', error, usage: undefined });
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.#keeping.total += bytes;
  }
}

const TOO_SLOW = 'The answer was read too slowly to be kept any longer. It is not whole.';

function interrupted({ usage }: Terminal): Terminal {
  return { kind: 'failed', error: new GatewayError('stream_interrupted'), usage };
}
