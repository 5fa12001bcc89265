import type { Clock } from '../../../core/clock.ts';

/** Calls later, when what waits for the thread now has been done. */
export type Defer = (work: () => void) => void;

export interface Work {
  /** What it will read of bodies, bytes, as far as that is known before. */
  readonly bytes: number;
  /** @returns the bytes that it has read */
  run(): number;
  /** It was not done: there was no room left when its turn came (undefined), or it threw. */
  failed(error: unknown): void;
}

/** What the thread spares for it, in bytes of bodies; a burst is as much as a second. */
const BYTES_PER_SECOND = 2 * 1024 * 1024;
/** Work that does not grow with the body, as bytes. */
const EACH = 4096;

/** Work that is done beside the requests: one piece in a turn of the event loop, and only so much in a second. */
export class WorkQueue {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #defer: Defer;
  #waiting: Work[] = [];
  /** Below nothing where a piece read more than was known before. */
  #room = BYTES_PER_SECOND;
  #filledAt: number;

  constructor(clock: Pick<Clock, 'monotonic'>, defer: Defer = (work) => void setImmediate(work)) {
    this.#clock = clock;
    this.#defer = defer;
    this.#filledAt = clock.monotonic();
  }

  /** False where there was too much lately: then it is never done. */
  offer(work: Work): boolean {
    this.#fill();
    const bytes = work.bytes + EACH;
    if (bytes > this.#room) return false;
    this.#room -= bytes;
    this.#waiting.push(work);
    if (this.#waiting.length === 1) this.#defer(() => this.#next());
    return true;
  }

  #fill(): void {
    const now = this.#clock.monotonic();
    this.#room = Math.min(BYTES_PER_SECOND, this.#room + ((now - this.#filledAt) / 1000) * BYTES_PER_SECOND);
    this.#filledAt = now;
  }

  #next(): void {
    const [work] = this.#waiting;
    try {
      if (work) this.#run(work);
    } finally {
      this.#waiting = this.#waiting.slice(1);
      if (this.#waiting.length > 0) this.#defer(() => this.#next());
    }
  }

  /** Nobody waits for it: what it throws would end the process. */
  #run(work: Work): void {
    this.#fill();
    if (this.#room < 0) return work.failed(undefined);
    try {
      this.#room -= Math.max(0, work.run() - work.bytes);
    } catch (error) {
      work.failed(error);
    }
  }
}
