import { Worker } from 'node:worker_threads';

import type { Chunk } from './entry-buffer.ts';
import type { FromWriter, ToWriter, WriterStart } from './writer-messages.ts';

export interface WriterLinkOptions extends WriterStart {
  readonly message: (message: FromWriter) => void;
  /** The thread ended by itself, and what it had is lost. */
  readonly lost: (reason: string) => void;
}

/** From the sources it is `.ts`, in the published package `.js`. */
const THREAD_URL = new URL(`./writer-thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/** The request thread's end of the writer thread. A thread that died is replaced at the next chunk. */
export class WriterLink {
  readonly #options: WriterLinkOptions;
  #worker: Worker | undefined;

  constructor(options: WriterLinkOptions) {
    this.#options = options;
    this.#worker = this.#start();
  }

  /** Moves the chunk's memory: it cannot be read here any more. */
  send(chunk: Chunk): void {
    this.#worker ??= this.#start();
    post(this.#worker, { kind: 'chunk', chunk }, [chunk.bytes.buffer]);
  }

  /** Lets the thread end by itself, then by force. */
  async close(graceMs: number): Promise<void> {
    const worker = this.#worker;
    if (!worker) return;
    const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    const timer = setTimeout(() => void worker.terminate(), graceMs);
    post(worker, { kind: 'close' }, []);
    await exited;
    clearTimeout(timer);
  }

  #start(): Worker {
    const { connection, message, lost } = this.#options;
    const worker = new Worker(THREAD_URL, { workerData: { connection } satisfies WriterStart });
    let reason = 'the writer thread ended';
    worker.on('message', message);
    worker.on('error', (error) => (reason = String(error)));
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = undefined;
      lost(reason);
    });
    // Whoever has to wait for the thread does so by flush() or close(); by itself it keeps no process alive.
    worker.unref();
    return worker;
  }
}

function post(worker: Worker, message: ToWriter, moved: ArrayBuffer[]): void {
  worker.postMessage(message, moved);
}
