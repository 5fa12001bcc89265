import cluster, { type Worker } from 'node:cluster';

import type { FromWorker, ToWorker } from './messages.ts';

/** Tells a process that the primary started that it is a worker, and which one. */
export const WORKER_NUMBER = 'CAUSEWAY_WORKER_NUMBER';

const SCRAPE_TIMEOUT_MS = 5000;

/** What a worker has of its primary. */
export class WorkerSeat {
  readonly number: number;
  readonly #worker: Worker;
  readonly #stopped = Promise.withResolvers<string>();
  readonly #scrapes = new Map<number, (text: string) => void>();
  #own: () => string = () => '';
  #reload: () => void = () => undefined;
  #lastId = 0;
  #isReady = false;

  /** Signals that reach the whole group are heard here too; only the primary ends a worker at once. */
  constructor(number: number, worker: Worker) {
    this.number = number;
    this.#worker = worker;
    worker.on('message', (message: ToWorker) => this.#hear(message));
    worker.on('disconnect', () => this.#disconnected());
    // A channel that breaks while something is told: the end of the primary says all there is to say.
    worker.on('error', () => undefined);
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => this.#stopped.resolve(signal));
    process.on('SIGHUP', () => this.#reload());
    this.#tell({ type: 'seated' });
  }

  /** Resolves when the worker is to end what it does, with who said so. */
  get stopped(): Promise<string> {
    return this.#stopped.promise;
  }

  /** @param own how this worker's figures are read @returns how those of all workers are */
  metricsOfAll(own: () => string): () => Promise<string> {
    this.#own = own;
    return () => this.#scrape();
  }

  onReload(reload: () => void): void {
    this.#reload = reload;
  }

  /** It listens. @param text what a start prints */
  ready(text: string): void {
    this.#isReady = true;
    this.#tell({ type: 'ready', text });
  }

  /** Nothing keeps the process any more, which ends with the code that it has. */
  leave(): void {
    if (this.#worker.isConnected()) this.#worker.disconnect();
  }

  /** Without its primary a worker is given no connections. Those that it has may end; one that has none waits in vain. */
  #disconnected(): void {
    if (!this.#isReady) process.exit(1);
    this.#worker.exitedAfterDisconnect = true;
    this.#stopped.resolve('disconnect');
  }

  #hear(message: ToWorker): void {
    switch (message.type) {
      case 'stop':
        this.#stopped.resolve('SIGTERM');
        break;
      case 'reload':
        this.#reload();
        break;
      case 'expose':
        this.#tell({ type: 'exposed', id: message.id, text: this.#own() });
        break;
      case 'scraped':
        this.#scrapes.get(message.id)?.(message.text);
        break;
    }
  }

  #tell(message: FromWorker): void {
    if (this.#worker.isConnected()) this.#worker.send(message);
  }

  /** One worker's figures in place of all would be worse than none. */
  #scrape(): Promise<string> {
    this.#lastId += 1;
    const id = this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const over = (): void => {
      clearTimeout(timer);
      this.#scrapes.delete(id);
    };
    const timer = setTimeout(() => {
      over();
      reject(new Error('the primary process does not answer'));
    }, SCRAPE_TIMEOUT_MS);
    this.#scrapes.set(id, (text) => {
      over();
      resolve(text);
    });
    this.#tell({ type: 'scrape', id });
    return promise;
  }
}

/** Undefined where this process is no worker of ours. */
export function takeSeat(env: Readonly<Record<string, string | undefined>>): WorkerSeat | undefined {
  const number = Number(env[WORKER_NUMBER]);
  return cluster.worker && Number.isInteger(number) ? new WorkerSeat(number, cluster.worker) : undefined;
}
