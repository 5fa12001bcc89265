import cluster from 'node:cluster';

import type { FromWorker } from './messages.ts';
import type { WorkerEvents, WorkerProcess } from './primary.ts';
import { WORKER_NUMBER } from './worker-seat.ts';

/** This program again, with the same arguments and environment, as a worker. */
export function forkWorker(number: number, events: WorkerEvents): WorkerProcess {
  const worker = cluster.fork({ [WORKER_NUMBER]: String(number) });
  worker.on('message', (message: FromWorker) => events.message(message));
  // A channel that breaks is followed by the end of the worker, which is what counts.
  worker.on('error', () => undefined);
  worker.on('exit', (code: number | null, signal: string | null) => events.ended(signal ?? `exit code ${code}`));
  return {
    pid: worker.process.pid,
    send(message) {
      if (worker.isConnected()) worker.send(message);
    },
    kill: () => void worker.process.kill('SIGKILL'),
  };
}
