import { type ChildProcess, fork } from 'node:child_process';
import { extname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { CLOSE, type EngineReport, type EngineTask, type FinalReport } from './embedded-protocol.ts';
import { LockHeldError, keepBeating } from './folder-lock.ts';
import type { StorageLog } from './storage-log.ts';

const ENGINE_FILE = new URL(`./embedded-child${extname(import.meta.url)}`, import.meta.url);

const FIRST_BACKOFF_MS = 50;
const LONGEST_BACKOFF_MS = 5000;
/** An engine that lived this long was well: the next fault starts with the short wait again. */
const WELL_AFTER_MS = 30_000;
const CLOSE_GRACE_MS = 10_000;

/** How a start of the engine's process went. */
type Start =
  | { readonly kind: 'serving'; readonly engine: ChildProcess }
  | { readonly kind: 'initialised' }
  | { readonly kind: 'ended'; readonly error: Error };

/** Keeps the engine's process running: starts it, starts it again when it dies, ends it in good order. */
export class EmbeddedServer {
  readonly #task: EngineTask;
  readonly #log: StorageLog;
  readonly #stopping = new AbortController();
  readonly #stopBeating: () => void;
  #engine: ChildProcess | undefined;
  #kept: Promise<void> = Promise.resolve();

  private constructor(task: EngineTask, log: StorageLog) {
    this.#task = task;
    this.#log = log;
    this.#stopBeating = keepBeating(task.lockPath, task.owner, () => {
      log.error({ lock: task.lockPath }, 'another host took the data folder; the embedded database stops using it');
      this.#engine?.kill('SIGKILL');
    });
  }

  /**
   * Resolves when the database answers.
   * @throws LockHeldError where another process has the folder
   */
  static async start(task: EngineTask, log: StorageLog): Promise<EmbeddedServer> {
    const server = new EmbeddedServer(task, log);
    try {
      let start = await server.#start();
      if (start.kind === 'initialised') start = await server.#start();
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
      const how = await ended(engine);
      this.#engine = undefined;
      if (this.#stopping.signal.aborted) return;
      this.#log.warn({ how }, 'the embedded database ended; it is started again');
      if (performance.now() - since > WELL_AFTER_MS) backoffMs = FIRST_BACKOFF_MS;
      const next = await this.#startAgain(backoffMs);
      if (!next) return;
      engine = next;
      backoffMs = Math.min(backoffMs * 2, LONGEST_BACKOFF_MS);
      this.#log.info({ pid: engine.pid }, 'the embedded database answers again');
    }
  }

  /** Undefined where it is told to stop before it succeeds. */
  async #startAgain(firstBackoffMs: number): Promise<ChildProcess | undefined> {
    for (let backoffMs = firstBackoffMs; ; backoffMs = Math.min(backoffMs * 2, LONGEST_BACKOFF_MS)) {
      await delay(backoffMs, undefined, { signal: this.#stopping.signal }).catch(() => {});
      if (this.#stopping.signal.aborted) return undefined;
      const start = await this.#start();
      if (start.kind === 'serving') {
        if (!this.#stopping.signal.aborted) return start.engine;
        start.engine.send(CLOSE);
        await ended(start.engine);
        return undefined;
      }
      if (start.kind === 'ended') this.#log.error({ err: start.error }, 'the embedded database does not start');
    }
  }

  #start(): Promise<Start> {
    const engine = fork(ENGINE_FILE, [JSON.stringify(this.#task)], {
      // What this process was started with (an inspector's port, say) is not for the engine.
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    engine.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#log.warn({ pid: engine.pid, text: text.trimEnd() }, 'the embedded database writes');
    });
    return new Promise((resolve) => {
      let error = new Error('the process of the embedded database ended before it answered');
      let initialised: Start | undefined;
      engine.on('message', (message) => {
        const report = message as EngineReport;
        if (report.kind === 'ready') resolve({ kind: 'serving', engine });
        else if (report.kind === 'initialised') initialised = report;
        else if (report.kind === 'held') error = new LockHeldError(this.#task.folder, report.holder);
        else if (report.kind === 'failed') error = new Error(`the embedded database failed: ${report.message}`);
        else this.#log.warn({ reason: report.message }, 'the upkeep of the embedded database failed');
      });
      engine.once('error', (cause) => resolve({ kind: 'ended', error: cause }));
      engine.once('exit', () => resolve(initialised ?? { kind: 'ended', error }));
    });
  }
}

/** The exit code or signal, as text. */
function ended(engine: ChildProcess): Promise<string> {
  if (engine.exitCode !== null || engine.signalCode !== null) {
    return Promise.resolve(String(engine.exitCode ?? engine.signalCode));
  }
  return new Promise((resolve) => {
    engine.once('exit', (code, signal) => resolve(String(code ?? signal)));
  });
}
