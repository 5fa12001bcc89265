import { setImmediate as nextTurn } from 'node:timers/promises';

import { GatewayError } from '../../core/errors.ts';
import type { Scheduler } from '../../core/scheduler.ts';

export interface WriteBehindOptions<Item> {
  /** Rejects with storage_unavailable where it is to be tried again; any other failure is final. */
  write(item: Item): Promise<void>;
  /** It cannot be written, however often it were tried. */
  failed(item: Item, err: unknown): void;
  /** The database does not answer, and these wait for it. Called at each try. */
  away?(waiting: readonly Item[]): void;
  /** How many may wait. */
  readonly most: number;
  readonly scheduler: Scheduler;
}

const RETRY_MS = 1000;

/** Few things on their way to the database: written one by one, in their order, beside the requests; kept while it is away. */
export class WriteBehind<Item> {
  readonly #options: WriteBehindOptions<Item>;
  readonly #waiting: Item[] = [];
  #writing: Promise<void> | undefined;
  #isClosed = false;
  /** Ends the pause between two tries. */
  #wake: (() => void) | undefined;

  constructor(options: WriteBehindOptions<Item>) {
    this.#options = options;
  }

  /** False where too many wait, or it is closed; then it is not written. */
  add(item: Item): boolean {
    if (this.#isClosed || this.#waiting.length >= this.#options.most) return false;
    this.#waiting.push(item);
    this.#writing ??= this.#write();
    return true;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Resolves when all is written, or when the time is over. */
  async flush(timeoutMs: number): Promise<void> {
    if (!this.#writing) return;
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const cancel = this.#options.scheduler.after(timeoutMs, resolve);
    await Promise.race([this.#writing, over]);
    cancel();
  }

  /** Writes what waits, for as long as the time allows; what is left then is lost. */
  async close(timeoutMs: number): Promise<void> {
    await this.flush(timeoutMs);
    this.#isClosed = true;
    this.#wake?.();
    await this.#writing;
  }

  async #write(): Promise<void> {
    // The answer goes out first.
    await nextTurn();
    for (;;) {
      const [item] = this.#waiting;
      if (item === undefined || this.#isClosed) break;
      await this.#tryOne(item);
    }
    this.#writing = undefined;
  }

  async #tryOne(item: Item): Promise<void> {
    try {
      await this.#options.write(item);
      this.#waiting.shift();
    } catch (err) {
      if (err instanceof GatewayError && err.code === 'storage_unavailable') {
        this.#options.away?.(this.#waiting);
        await this.#pause();
      } else {
        this.#waiting.shift();
        this.#options.failed(item, err);
      }
    }
  }

  async #pause(): Promise<void> {
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const cancel = this.#options.scheduler.after(RETRY_MS, resolve);
    this.#wake = resolve;
    if (!this.#isClosed) await over;
    cancel();
    this.#wake = undefined;
  }
}
