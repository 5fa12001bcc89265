import type { RecordStats } from '../journal/batch-writer.ts';
import { CallMetrics } from './call-metrics.ts';
import { registerProcessMetrics } from './process-metrics.ts';
import { registerRecordMetrics } from './record-metrics.ts';
import { Registry } from './registry.ts';

export interface Metrics {
  readonly registry: Registry;
  readonly calls: CallMetrics;
}

export interface MetricsDeps {
  readonly version: string;
  readonly recordStats: () => RecordStats;
}

/** Every metric of the process. */
export function createMetrics({ version, recordStats }: MetricsDeps): Metrics {
  const registry = new Registry();
  const calls = new CallMetrics(registry);
  registerRecordMetrics(registry, recordStats);
  registerProcessMetrics(registry, version);
  return { registry, calls };
}
