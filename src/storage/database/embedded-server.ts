import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

import { CLOSE } from './embedded-protocol.ts';
import { type EngineOptions, endOfProcess, startEngine } from './engine-process.ts';
import { keepBeating } from './folder-lock.ts';

const FIRST_BACKOFF_MS = 50;
const LONGEST_BACKOFF_MS = 5000;
/** An engine that lived this long was well: the next fault starts with the short wait again. */
const WELL_AFTER_MS = 30_000;
const CLOSE_GRACE_MS = 10_000;

/** Keeps the engine's process running: starts it, starts it again when it dies, ends it in good order. */
export class EmbeddedServer {
  readonly #options: EngineOptions;
  readonly #stopping = new AbortController();
  readonly #stopBeating: () => void;
  #engine: ChildProcess | undefined;
  #kept: Promise<void> = Promise.resolve();

  private constructor(options: EngineOptions) {
    const { task, log } = options;
    this.#options = options;
    this.#stopBeating = keepBeating(task.lockPath, task.owner, () => {
      log.error({ lock: task.lockPath }, 'another host took the data folder; the embedded database stops using it');
      this.#engine?.kill('SIGKILL');
    });
  }

  /**
   * Resolves when the database answers.
   * @throws LockHeldError where another process has the folder
   */
  static async start(options: EngineOptions): Promise<EmbeddedServer> {
    const server = new EmbeddedServer(options);
    try {
      let start = await startEngine(options);
      if (start.kind === 'initialised') start = await startEngine(options);
      if (start.kind !== 'serving') throw start.kind === 'ended' ? start.error : new Error('initialised twice');
      server.#kept = server.#keep(start.engine);
    } catch (error) {
      server.#stopBeating();
      throw error;
    }
    return server;
  }

  /** False while the engine is starting again. */
  get serving(): boolean {
    return this.#engine !== undefined;
  }

  /** Number of the engine's process, while there is one that serves. */
  get pid(): number | undefined {
    return this.#engine?.pid;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#stopBeating();
    const engine = this.#engine;
    if (engine?.connected) engine.send(CLOSE);
    const deadline = setTimeout(() => engine?.kill('SIGKILL'), CLOSE_GRACE_MS);
    await this.#kept;
    clearTimeout(deadline);
  }

  /** Waits for the end of this engine, then of the next, until told to stop. */
  async #keep(first: ChildProcess): Promise<void> {
    let engine = first;
    let backoffMs = FIRST_BACKOFF_MS;
    for (;;) {
      const since = performance.now();
      this.#engine = engine;
      const how = await endOfProcess(engine);
      this.#engine = undefined;
      if (this.#stopping.signal.aborted) return;
      this.#options.log.warn({ how }, 'the embedded database ended; it is started again');
      if (performance.now() - since > WELL_AFTER_MS) backoffMs = FIRST_BACKOFF_MS;
      const next = await this.#startAgain(backoffMs);
      if (!next) return;
      engine = next;
      backoffMs = Math.min(backoffMs * 2, LONGEST_BACKOFF_MS);
      this.#options.log.info({ pid: engine.pid }, 'the embedded database answers again');
    }
  }

  /** Undefined where it is told to stop before it succeeds. */
  async #startAgain(firstBackoffMs: number): Promise<ChildProcess | undefined> {
    for (let backoffMs = firstBackoffMs; ; backoffMs = Math.min(backoffMs * 2, LONGEST_BACKOFF_MS)) {
      await delay(backoffMs, undefined, { signal: this.#stopping.signal }).catch(() => {});
      if (this.#stopping.signal.aborted) return undefined;
      const start = await startEngine(this.#options);
      if (start.kind === 'serving') {
        if (!this.#stopping.signal.aborted) return start.engine;
        start.engine.send(CLOSE);
        await endOfProcess(start.engine);
        return undefined;
      }
      if (start.kind === 'ended') this.#options.log.error({ err: start.error }, 'the embedded database does not start');
    }
  }
}
