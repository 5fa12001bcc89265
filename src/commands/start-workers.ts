import cluster from 'node:cluster';

import { forkWorker } from '../cluster/fork.ts';
import { Primary } from '../cluster/primary.ts';
import type { LoadedConfig } from '../config/config.ts';
import { systemClock } from '../core/clock.ts';
import type { Scheduler } from '../core/scheduler.ts';
import { VERSION } from '../core/version.ts';
import { requireFreePort } from '../edge/require-free-port.ts';
import { createLogger } from '../records/log.ts';
import { registerProcessMetrics } from '../records/metrics/process-metrics.ts';
import { Registry } from '../records/metrics/registry.ts';
import { registerWorkerMetrics } from '../records/metrics/worker-metrics.ts';
import { print } from './command.ts';

/** A worker that is to be started again keeps the process alive. */
const scheduler: Scheduler = {
  after(ms, fn) {
    const timer = setTimeout(fn, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * Several processes on one port, until a signal ends them.
 * @throws the system's error where the port is taken; WorkersEndedError
 */
export async function runWorkers(count: number, { config }: LoadedConfig): Promise<number> {
  const { port, host } = config.server;
  const log = createLogger({ level: config.log.level });
  await requireFreePort({ port, host });
  // Connections are given to one worker after the other, by the process that accepts them.
  cluster.schedulingPolicy = cluster.SCHED_RR;
  const registry = new Registry();
  const primary = new Primary({
    count,
    fork: forkWorker,
    ownMetrics: () => registry.expose(),
    log,
    clock: systemClock,
    scheduler,
  });
  registerProcessMetrics(registry, VERSION);
  registerWorkerMetrics(registry, { ready: () => primary.readyCount, restarted: () => primary.restarted });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop(primary, signal, log));
  process.on('SIGHUP', () => primary.reload());
  const text = await primary.start();
  if (text !== undefined) print(text);
  await primary.ended;
  return 0;
}

/** A second signal does not wait for answers that are still running. */
function stop(primary: Primary, signal: NodeJS.Signals, log: ReturnType<typeof createLogger>): void {
  if (primary.isStopping) {
    primary.kill();
    process.exit(1);
  }
  log.info({ signal }, 'stopping all workers');
  primary.stop();
}
