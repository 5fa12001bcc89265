import { Worker } from 'node:worker_threads';

import { threadUrl } from '../../core/thread-url.ts';

import type { Providers } from './conventions.ts';
import type { ExportStart, FromExport, ToExport } from './export-messages.ts';

export interface ExportLinkOptions {
  readonly start: ExportStart;
  readonly message: (message: FromExport) => void;
  /** The thread ended by itself, and what it had is lost. */
  readonly lost: (reason: string) => void;
}

const THREAD_URL = threadUrl('export-thread', import.meta.url);

/** A thread that cannot start is not tried again with every chunk. */
const RESTART_AFTER_MS = 10_000;

/** The request thread's end of the export thread. A thread that died is replaced by a later chunk. */
export class ExportLink {
  readonly #options: ExportLinkOptions;
  #providers: Providers;
  #worker: Worker | undefined;
  #startedAt = 0;

  constructor(options: ExportLinkOptions) {
    this.#options = options;
    this.#providers = options.start.providers;
    this.#worker = this.#start();
  }

  /** False where there is no thread now. The chunk is copied. */
  send(chunk: Uint8Array, records: number): boolean {
    const worker = (this.#worker ??= this.#restart());
    if (!worker) return false;
    const copy = Buffer.allocUnsafeSlow(chunk.length);
    copy.set(chunk);
    post(worker, { kind: 'chunk', chunk: copy, records }, [copy.buffer]);
    return true;
  }

  setProviders(providers: Providers): void {
    this.#providers = providers;
    if (this.#worker) post(this.#worker, { kind: 'providers', providers });
  }

  async close(timeoutMs: number): Promise<void> {
    const worker = this.#worker;
    if (!worker) return;
    const closed = new Promise<void>((resolve) => {
      worker.on('message', ({ kind }: FromExport) => (kind === 'closed' ? resolve() : undefined));
      worker.once('exit', () => resolve());
      setTimeout(resolve, timeoutMs).unref();
    });
    // It is waited for, so it has to keep the process alive for so long.
    worker.ref();
    post(worker, { kind: 'close' });
    await closed;
    await worker.terminate();
  }

  #restart(): Worker | undefined {
    return performance.now() - this.#startedAt < RESTART_AFTER_MS ? undefined : this.#start();
  }

  #start(): Worker {
    this.#startedAt = performance.now();
    const { start, message, lost } = this.#options;
    const workerData: ExportStart = { ...start, providers: this.#providers };
    const worker = new Worker(THREAD_URL, { workerData, env: { ...start.plan.sdkEnvironment } });
    let reason = 'the thread ended';
    worker.on('message', message);
    worker.on('error', (error) => (reason = String(error)));
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = undefined;
      lost(reason);
    });
    worker.unref();
    return worker;
  }
}

function post(worker: Worker, message: ToExport, moved: ArrayBuffer[] = []): void {
  worker.postMessage(message, moved);
}
