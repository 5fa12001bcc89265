import { Worker } from 'node:worker_threads';

import { threadUrl } from '../../core/thread-url.ts';

import type { Encoding } from './encoding.ts';

/** What the thread is asked. */
export interface CountOrder {
  readonly id: number;
  readonly encoding: Encoding;
  readonly texts: readonly string[];
}

/** What it answers; undefined where it could not count. */
export interface Counted {
  readonly id: number;
  readonly tokens: number | undefined;
}

/** Code units that may wait to be counted; about a second of work. */
const MOST_WAITING = 16 * 1024 * 1024;

const THREAD_URL = threadUrl('tokenizer-thread', import.meta.url);

interface Waiting {
  readonly length: number;
  readonly resolve: (tokens: number | undefined) => void;
}

/** Counts in a thread of its own, which is started with the first question: who never asks pays nothing. */
export class Tokenizer {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #lastId = 0;
  #waitingLength = 0;

  /** The tokens of all texts together; undefined where too much waits already, or the thread died. */
  count(encoding: Encoding, texts: readonly string[]): Promise<number | undefined> {
    const length = texts.reduce((sum, text) => sum + text.length, 0);
    if (this.#waitingLength + length > MOST_WAITING) return Promise.resolve(undefined);
    const id = (this.#lastId += 1);
    const { promise, resolve } = Promise.withResolvers<number | undefined>();
    this.#waiting.set(id, { length, resolve });
    this.#waitingLength += length;
    this.#worker ??= this.#start();
    this.#worker.ref();
    this.#worker.postMessage({ id, encoding, texts } satisfies CountOrder, []);
    return promise;
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(THREAD_URL);
    worker.on('message', ({ id, tokens }: Counted) => this.#settle(id, tokens));
    // What it was asked is not counted then; the next question starts another.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = undefined;
      for (const id of this.#waiting.keys()) this.#settle(id, undefined);
    });
    return worker;
  }

  #settle(id: number, tokens: number | undefined): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    this.#waitingLength -= waiting.length;
    // It keeps the process alive only while somebody waits for it.
    if (this.#waiting.size === 0) this.#worker?.unref();
    waiting.resolve(tokens);
  }
}

/** The process needs one. */
export const tokenizer = new Tokenizer();
