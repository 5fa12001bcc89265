import { Worker } from 'node:worker_threads';

import type { Scheduler } from '../../../core/scheduler.ts';
import { threadUrl } from '../../../core/thread-url.ts';
import type { Found, FromThread, MadeVector, Question, ThreadStart, ToThread, VectorDesk } from './messages.ts';

const THREAD_URL = threadUrl('embed-thread', import.meta.url);

/** More that wait would be answered too late. */
export const MOST_WAITING = 256;
/** Texts that are encoded together: what waits longer is answered sooner for it. */
const BATCH = 8;
/** A thread that is silent for so long will not answer any more. Loading a model is within it. */
const SILENCE_MS = 30_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 60_000;

export interface EmbedLinkOptions extends ThreadStart {
  readonly scheduler: Scheduler;
  /** Something for the log. */
  said(level: 'warn' | 'error', text: string): void;
  /** All vectors are gone with the thread; another takes its place. */
  lost(): void;
}

interface Waiting {
  readonly question: Question;
  readonly resolve: (found: Found | undefined) => void;
}

interface Order {
  readonly id: number;
  readonly waiting: readonly Waiting[];
  readonly cancelWatch: () => void;
}

/**
 * The request thread's end of the thread of vectors, which is started with the first question. One order is under way
 * at a time, so that what a request waits for never stands behind much that nobody waits for.
 */
export class EmbedLink implements VectorDesk {
  readonly #options: EmbedLinkOptions;
  readonly #urgent: Waiting[] = [];
  readonly #later: Waiting[] = [];
  #worker: Worker | undefined;
  #order: Order | undefined;
  #lastId = 0;
  #pauseMs = FIRST_PAUSE_MS;
  #isPausing = false;
  #isClosed = false;

  constructor(options: EmbedLinkOptions) {
    this.#options = options;
  }

  /** Starts the thread and loads its encoders before a request needs them. */
  warm(): void {
    void this.ask({ text: 'Hello.' }, false);
  }

  /** What the thread does. `idle`: nobody has asked yet. */
  get state(): 'idle' | 'running' | 'pausing' {
    if (this.#isPausing) return 'pausing';
    return this.#worker ? 'running' : 'idle';
  }

  ask(question: Question, isUrgent: boolean): Promise<Found | undefined> {
    const lane = isUrgent ? this.#urgent : this.#later;
    if (lane.length >= MOST_WAITING || !this.#running()) return Promise.resolve(undefined);
    const { promise, resolve } = Promise.withResolvers<Found | undefined>();
    lane.push({ question, resolve });
    this.#next();
    return promise;
  }

  add(partition: string, entry: string, made: MadeVector): void {
    this.#send({ kind: 'add', partition, entry, made });
  }

  remove(entries: readonly string[]): void {
    if (entries.length > 0) this.#send({ kind: 'remove', entries });
  }

  /** Ends the thread as if it had failed. */
  async kill(): Promise<void> {
    await this.#worker?.terminate();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#giveUp();
    await this.#worker?.terminate();
  }

  #send(message: ToThread): void {
    this.#worker?.postMessage(message);
  }

  #running(): boolean {
    if (!this.#worker && !this.#isPausing && !this.#isClosed) this.#worker = this.#start();
    return this.#worker !== undefined;
  }

  #next(): void {
    if (this.#order) return;
    const waiting = this.#urgent.length > 0 ? this.#urgent.splice(0, BATCH) : this.#later.splice(0, 1);
    if (waiting.length === 0) return;
    const id = (this.#lastId += 1);
    const cancelWatch = this.#options.scheduler.after(SILENCE_MS, () => void this.#worker?.terminate());
    this.#order = { id, waiting, cancelWatch };
    this.#send({ kind: 'ask', id, questions: waiting.map(({ question }) => question) });
  }

  #start(): Worker {
    const workerData: ThreadStart = { folder: this.#options.folder };
    const worker = new Worker(THREAD_URL, { workerData });
    let reason = 'it ended';
    worker.on('message', (message: FromThread) => this.#hear(message));
    worker.on('error', (error) => (reason = String(error)));
    worker.on('exit', () => this.#ended(reason));
    worker.unref();
    return worker;
  }

  #hear(message: FromThread): void {
    if (message.kind === 'said') {
      this.#options.said(message.level, message.text);
      return;
    }
    const order = this.#order;
    if (order?.id !== message.id) return;
    this.#order = undefined;
    this.#pauseMs = FIRST_PAUSE_MS;
    order.cancelWatch();
    for (const [at, { resolve }] of order.waiting.entries()) resolve(message.found[at]);
    this.#next();
  }

  #ended(reason: string): void {
    this.#worker = undefined;
    this.#giveUp();
    if (this.#isClosed) return;
    this.#options.said('warn', `the thread that makes vectors of texts ended and is started again: ${reason}`);
    this.#isPausing = true;
    this.#options.scheduler.after(this.#pauseMs, () => (this.#isPausing = false));
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
    this.#options.lost();
  }

  /** Nobody answers what waits. */
  #giveUp(): void {
    this.#order?.cancelWatch();
    const waiting = [...(this.#order?.waiting ?? []), ...this.#urgent.splice(0), ...this.#later.splice(0)];
    this.#order = undefined;
    for (const { resolve } of waiting) resolve(undefined);
  }
}
