import type { Clock } from '../../../core/clock.ts';
import type { Terminal } from '../../../core/events.ts';
import { ReplyStream } from '../../../core/reply.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import type { Piece } from './token-pieces.ts';

/** Timers are no finer than that, so what is due within it is sent now. Milliseconds. */
const FINEST_MS = 4;

export interface Pace {
  readonly tokensPerSecond: number;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
}

/** A stream that says its pieces one by one, as a model would, and then ends. A reader that is slow slows it down. */
export function pacedStream(pieces: Iterator<Piece, void>, ending: Terminal, pace: Pace): ReplyStream {
  return new PacedReplay(pieces, ending, pace).stream;
}

class PacedReplay {
  readonly stream: ReplyStream;
  readonly #pieces: Iterator<Piece, void>;
  readonly #ending: Terminal;
  readonly #pace: Pace;
  readonly #msPerToken: number;
  /** Monotonic milliseconds at which the next piece is due. */
  #dueAt = Number.NEGATIVE_INFINITY;
  /** Nobody reads yet. */
  #isPaused = true;
  #isOver = false;
  #isRunning = false;
  #forgetTimer: (() => void) | undefined;

  constructor(pieces: Iterator<Piece, void>, ending: Terminal, pace: Pace) {
    this.#pieces = pieces;
    this.#ending = ending;
    this.#pace = pace;
    this.#msPerToken = 1000 / pace.tokensPerSecond;
    this.stream = new ReplyStream({
      pause: () => this.#pause(),
      resume: () => this.#resume(),
      cancel: () => this.#stop(),
    });
  }

  #pause(): void {
    this.#isPaused = true;
    this.#forgetTimer?.();
    this.#forgetTimer = undefined;
  }

  /** What was not said during a pause is not made up for. */
  #resume(): void {
    if (!this.#isPaused || this.#isOver) return;
    this.#isPaused = false;
    this.#dueAt = Math.max(this.#dueAt, this.#pace.clock.monotonic());
    this.#run();
  }

  #stop(): void {
    this.#isOver = true;
    this.#pause();
  }

  /** A reader that makes room while it is given something calls back from within. */
  #run(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    while (!this.#isPaused && !this.#isOver && this.#isDue()) this.#say();
    this.#isRunning = false;
  }

  #isDue(): boolean {
    const waitMs = this.#dueAt - this.#pace.clock.monotonic();
    if (waitMs < FINEST_MS) return true;
    this.#forgetTimer?.();
    this.#forgetTimer = this.#pace.scheduler.after(waitMs, () => {
      this.#forgetTimer = undefined;
      this.#run();
    });
    return false;
  }

  #say(): void {
    const next = this.#pieces.next();
    if (next.done) {
      this.#stop();
      this.stream.end(this.#ending);
      return;
    }
    this.#dueAt += next.value.tokens * this.#msPerToken;
    this.stream.push(next.value.item);
  }
}
