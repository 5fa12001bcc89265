import { Worker } from 'node:worker_threads';

import { threadUrl } from '../../../core/thread-url.ts';

import type { Scheduler } from '../../../core/scheduler.ts';
import type { DatabaseConnection } from '../../traces/trace-store.ts';
import type { SegmentState } from '../segment.ts';
import type { DrainStart, FromDrain, ToDrain } from './messages.ts';

export interface DrainLinkOptions {
  readonly connection: DatabaseConnection;
  /** All that is to be taken over, as it stands now. */
  readonly segments: () => readonly SegmentState[];
  readonly message: (message: FromDrain) => void;
  /** The thread ended by itself; another takes its place. */
  readonly died: (reason: string) => void;
  readonly scheduler: Scheduler;
}

const THREAD_URL = threadUrl('drain-thread', import.meta.url);

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5000;

/** The request thread's end of the drain thread. One that died is replaced; it loses nothing, since all is in files. */
export class DrainLink {
  readonly #options: DrainLinkOptions;
  #worker: Worker | undefined;
  #pauseMs = FIRST_PAUSE_MS;
  #isClosed = false;
  #cancelStart: (() => void) | undefined;

  constructor(options: DrainLinkOptions) {
    this.#options = options;
    this.#start();
  }

  /** Whoever starts later is told all that there is. */
  send(message: ToDrain): void {
    this.#worker?.postMessage(message);
  }

  /** Ends the thread as if it had failed. */
  async kill(): Promise<void> {
    await this.#worker?.terminate();
  }

  /** Lets the thread end by itself, then by force. */
  async close(graceMs: number): Promise<void> {
    this.#isClosed = true;
    this.#cancelStart?.();
    const worker = this.#worker;
    if (!worker) return;
    const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    const cancel = this.#options.scheduler.after(graceMs, () => void worker.terminate());
    this.send({ kind: 'close' });
    // Until it has ended it keeps the process; before, whoever waits for it does.
    worker.ref();
    await exited;
    cancel();
  }

  #start(): void {
    const { connection, segments, message, died } = this.#options;
    const workerData: DrainStart = { connection, segments: segments() };
    const worker = new Worker(THREAD_URL, { workerData });
    let reason = 'it ended';
    worker.on('message', (said: FromDrain) => {
      if (said.kind === 'drained') this.#pauseMs = FIRST_PAUSE_MS;
      message(said);
    });
    worker.on('error', (error) => (reason = String(error)));
    worker.on('exit', () => {
      this.#worker = undefined;
      if (this.#isClosed) return;
      died(reason);
      this.#cancelStart = this.#options.scheduler.after(this.#pauseMs, () => this.#start());
      this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
    });
    worker.unref();
    this.#worker = worker;
  }
}
