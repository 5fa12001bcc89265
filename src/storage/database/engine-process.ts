import { type ChildProcess, fork } from 'node:child_process';
import { extname } from 'node:path';

import type { EngineReport, EngineTask, FinalReport } from './embedded-protocol.ts';
import { LockHeldError } from './folder-lock.ts';
import type { StorageLog } from './storage-log.ts';

const ENGINE_FILE = new URL(`./embedded-child${extname(import.meta.url)}`, import.meta.url);

/** How a start of the engine's process went. */
export type EngineStart =
  | { readonly kind: 'serving'; readonly engine: ChildProcess }
  | { readonly kind: 'initialised' }
  | { readonly kind: 'ended'; readonly error: Error };

export interface EngineOptions {
  readonly task: EngineTask;
  readonly log: StorageLog;
  /** A serving engine that says nothing for this long is stuck and is killed, milliseconds. */
  readonly silenceMs: number;
}

/** Starts the engine's process; resolves when it serves, or when it ended instead. */
export function startEngine({ task, log, silenceMs }: EngineOptions): Promise<EngineStart> {
  const engine = fork(ENGINE_FILE, [JSON.stringify(task)], {
    // What this process was started with (an inspector's port, say) is not for the engine.
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  engine.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log.warn({ pid: engine.pid, text: text.trimEnd() }, 'the embedded database writes');
  });
  return new Promise((resolve) => {
    let end: EngineStart = { kind: 'ended', error: new Error('the embedded database ended before it answered') };
    engine.on('message', (message) => {
      const report = message as EngineReport;
      if (report.kind === 'ready') {
        killWhenSilent(engine, silenceMs, log);
        resolve({ kind: 'serving', engine });
      } else if (report.kind === 'upkeep_failed') log.warn({ reason: report.message }, 'database upkeep failed');
      else if (report.kind !== 'alive') end = endOf(report, task);
    });
    engine.on('error', (error) => resolve({ kind: 'ended', error }));
    engine.once('exit', () => resolve(end));
  });
}

/** Waits for the end of a process; the exit code or signal, as text. */
export function endOfProcess(engine: ChildProcess): Promise<string> {
  if (engine.exitCode !== null || engine.signalCode !== null) {
    return Promise.resolve(String(engine.exitCode ?? engine.signalCode));
  }
  return new Promise((resolve) => {
    engine.once('exit', (code, signal) => resolve(String(code ?? signal)));
  });
}

function endOf(report: FinalReport, { folder }: EngineTask): EngineStart {
  if (report.kind === 'initialised') return report;
  const error =
    report.kind === 'held'
      ? new LockHeldError(folder, report.holder)
      : new Error(`the embedded database failed: ${report.message}`);
  return { kind: 'ended', error };
}

/** The engine can fall into an endless loop (its stack overflowing does that), and then nobody is served ever again. */
function killWhenSilent(engine: ChildProcess, silenceMs: number, log: StorageLog): void {
  const watch = setTimeout(() => {
    log.error({ pid: engine.pid, silenceMs }, 'the embedded database is stuck and is killed');
    engine.kill('SIGKILL');
  }, silenceMs);
  engine.on('message', () => watch.refresh());
  engine.once('exit', () => clearTimeout(watch));
}
