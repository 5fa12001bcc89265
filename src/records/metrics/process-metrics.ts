import { monitorEventLoopDelay } from 'node:perf_hooks';

import type { Registry } from './registry.ts';

const LAG_RESOLUTION_MS = 10;
const MICROSECONDS = 1e6;
const NANOSECONDS = 1e9;

/** What the process says of itself, under the names that Prometheus' own client libraries use. */
export function registerProcessMetrics(registry: Registry, version: string): void {
  const startedAt = Date.now() / 1000 - process.uptime();
  const lag = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS });
  lag.enable();
  const gauge = (name: string, help: string, read: () => number) =>
    registry.read('gauge', { name, help, labels: [] }, () => [[read()]]);

  registry.read('gauge', { name: 'causeway_build_info', help: 'Always 1.', labels: ['version', 'node'] }, () => [
    [1, version, process.version],
  ]);
  registry.read(
    'counter',
    { name: 'process_cpu_seconds_total', help: 'CPU time of all threads of this process.', labels: [] },
    () => [[cpuSeconds()]],
  );
  gauge('process_resident_memory_bytes', 'Memory that this process has.', () => process.memoryUsage.rss());
  gauge('process_start_time_seconds', 'When this process began, seconds since 1970.', () => startedAt);
  gauge('nodejs_heap_size_total_bytes', 'Size of the JavaScript heap.', () => process.memoryUsage().heapTotal);
  gauge('nodejs_heap_size_used_bytes', 'Used part of the JavaScript heap.', () => process.memoryUsage().heapUsed);
  gauge('nodejs_external_memory_bytes', 'Memory outside the JavaScript heap.', () => process.memoryUsage().external);
  gauge(
    'nodejs_eventloop_lag_p99_seconds',
    'How late the request thread was, 99th percentile since the last exposition.',
    () => takeLag(lag),
  );
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / MICROSECONDS;
}

/** The histogram holds the times between ticks, which are at least the resolution. */
function takeLag(lag: ReturnType<typeof monitorEventLoopDelay>): number {
  const seconds = lag.count === 0 ? 0 : lag.percentile(99) / NANOSECONDS - LAG_RESOLUTION_MS / 1000;
  lag.reset();
  return Math.max(0, seconds);
}
