import type { Registry } from './registry.ts';

/** Of the process that keeps several workers running. */
export interface WorkerReadings {
  readonly ready: () => number;
  readonly restarted: () => number;
}

export function registerWorkerMetrics(registry: Registry, { ready, restarted }: WorkerReadings): void {
  registry.read(
    'gauge',
    { name: 'causeway_workers', help: 'Workers of `--workers` that take requests.', labels: [] },
    () => [[ready()]],
  );
  registry.read(
    'counter',
    {
      name: 'causeway_worker_restarts_total',
      help: 'How often a worker that had ended was started again.',
      labels: [],
    },
    () => [[restarted()]],
  );
}
