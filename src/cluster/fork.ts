import cluster, { type Worker } from 'node:cluster';

import type { FromWorker } from './messages.ts';
import type { WorkerEvents, WorkerProcess } from './primary.ts';
import { WORKER_NUMBER } from './worker-seat.ts';

/** This program again, with the same arguments and environment, as a worker. */
export function forkWorker(number: number, events: WorkerEvents): WorkerProcess {
  let worker: Worker;
  try {
    worker = cluster.fork({ [WORKER_NUMBER]: String(number) });
  } catch (error) {
    // Where the system has no room for another process, as where that process ends at once.
    process.nextTick(() => events.ended(String(error)));
    return { pid: undefined, send: () => undefined, kill: () => undefined };
  }
  const { pid } = worker.process;
  worker.on('message', (message: FromWorker) => events.message(message));
  worker.on('error', (error) => {
    // A channel that breaks is followed by the end of the worker; what never began has no other end than this.
    if (pid === undefined) events.ended(String(error));
  });
  worker.on('exit', (code: number | null, signal: string | null) => events.ended(signal ?? `exit code ${code}`));
  return {
    pid,
    send(message) {
      if (worker.isConnected()) worker.send(message);
    },
    kill: () => void worker.process.kill('SIGKILL'),
  };
}
