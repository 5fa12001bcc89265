import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';

import { GatewayError } from '../../core/errors.ts';
import { type ResponseStore, type StoredResponse, bytesOf } from './stored-response.ts';

export interface WriteLog {
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

export interface QueueBounds {
  readonly bytes: number;
  readonly responses: number;
  /** Milliseconds until the next try, where the database did not answer. */
  readonly retryMs: number;
}

const DEFAULT_BOUNDS: QueueBounds = { bytes: 64 * 1024 * 1024, responses: 10_000, retryMs: 1000 };
const BATCH = 50;
const CLOSE_MS = 5000;

/**
 * Answers on their way to the database: written beside the requests, in the order in which they came. What is beyond
 * the bounds is not kept.
 */
export class WriteQueue {
  readonly #store: Pick<ResponseStore, 'add'>;
  readonly #log: WriteLog;
  readonly #bounds: QueueBounds;
  readonly #waiting = new Map<string, StoredResponse>();
  readonly #closing = new AbortController();
  #bytes = 0;
  #batch = BATCH;
  #dropped = 0;
  #writing: Promise<void> | undefined;
  /** The statement that runs. */
  #statement: Promise<void> | undefined;

  constructor(store: Pick<ResponseStore, 'add'>, log: WriteLog, bounds: Partial<QueueBounds> = {}) {
    this.#store = store;
    this.#log = log;
    this.#bounds = { ...DEFAULT_BOUNDS, ...bounds };
  }

  get(id: string): StoredResponse | undefined {
    return this.#waiting.get(id);
  }

  add(response: StoredResponse): void {
    const bytes = this.#bytes + bytesOf(response);
    if (bytes > this.#bounds.bytes || this.#waiting.size >= this.#bounds.responses || this.#closing.signal.aborted) {
      this.#drop(response.id);
      return;
    }
    this.#bytes = bytes;
    this.#waiting.set(response.id, response);
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
  }

  /** Takes one out. What was under way to the database is there then, or never will be. */
  async forget(id: string): Promise<void> {
    const response = this.#waiting.get(id);
    if (!response) return;
    this.#remove(response);
    await this.#statement?.catch(() => undefined);
  }

  /** Writes what waits, for as long as the time allows. */
  async close(timeoutMs: number = CLOSE_MS): Promise<void> {
    const timer = setTimeout(() => this.#closing.abort(), timeoutMs);
    await this.#writing;
    clearTimeout(timer);
    this.#closing.abort();
    if (this.#waiting.size > 0) this.#log.warn({ responses: this.#waiting.size }, 'stored responses were not written');
  }

  async #write(): Promise<void> {
    // The answer goes out first.
    await nextTurn();
    while (this.#waiting.size > 0 && !this.#closing.signal.aborted) {
      const batch = this.#next();
      try {
        this.#statement = this.#store.add(batch);
        await this.#statement;
        for (const response of batch) this.#remove(response);
        this.#batch = BATCH;
      } catch (thrown) {
        await this.#failed(batch, thrown);
      }
    }
  }

  #next(): StoredResponse[] {
    const batch: StoredResponse[] = [];
    for (const response of this.#waiting.values()) {
      batch.push(response);
      if (batch.length >= this.#batch) break;
    }
    return batch;
  }

  /** What the database refuses is tried one by one, and what it refuses then is not kept. */
  async #failed(batch: readonly StoredResponse[], err: unknown): Promise<void> {
    if (err instanceof GatewayError) {
      const { signal } = this.#closing;
      await delay(this.#bounds.retryMs, undefined, { ref: false, signal }).catch(() => undefined);
    } else if (batch.length > 1) this.#batch = 1;
    else {
      for (const response of batch) this.#remove(response);
      this.#log.error({ err, response: batch[0]?.id }, 'a response could not be stored');
    }
  }

  #remove(response: StoredResponse): void {
    if (this.#waiting.delete(response.id)) this.#bytes -= bytesOf(response);
  }

  #drop(response: string): void {
    this.#dropped += 1;
    const isPowerOfTwo = (this.#dropped & (this.#dropped - 1)) === 0;
    if (isPowerOfTwo) {
      this.#log.warn({ response, dropped: this.#dropped }, 'too much waits to be written; responses are not stored');
    }
  }
}
