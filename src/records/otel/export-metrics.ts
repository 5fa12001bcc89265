import type { Reading, Registry } from '../metrics/registry.ts';
import type { ExportStats } from './otel-export.ts';

/** What the export says of itself; only where there is one. */
export function registerExportMetrics(registry: Registry, stats: () => ExportStats): void {
  registry.read(
    'counter',
    {
      name: 'causeway_otlp_exported_total',
      help: 'What the OpenTelemetry collector has taken: spans ("traces") and data points ("metrics").',
      labels: ['signal'],
    },
    () => bySignal(stats().exported),
  );
  registry.read(
    'counter',
    {
      name: 'causeway_otlp_failures_total',
      help: 'Exports that failed after their retries.',
      labels: ['signal'],
    },
    () => bySignal(stats().failures),
  );
  registry.read(
    'counter',
    {
      name: 'causeway_otlp_dropped_total',
      help: 'What the OpenTelemetry collector will never get: spans ("traces"), and records of which nothing was exported ("records").',
      labels: ['signal'],
    },
    () => bySignal(stats().dropped),
  );
  registry.read(
    'gauge',
    {
      name: 'causeway_otlp_waiting_bytes',
      help: 'Memory of the records that wait for the thread that exports them.',
      labels: [],
    },
    () => [[stats().waitingBytes]],
  );
}

function bySignal(counts: Readonly<Record<string, number>>): Reading[] {
  return Object.entries(counts).map(([signal, count]) => [count, signal]);
}
