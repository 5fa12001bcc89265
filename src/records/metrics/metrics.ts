import type { RecordStats } from '../journal/batch-writer.ts';
import { CallMetrics } from './call-metrics.ts';
import { EventMetrics } from './event-metrics.ts';
import { registerProcessMetrics } from './process-metrics.ts';
import { registerRecordMetrics } from './record-metrics.ts';
import { type Reading, Registry } from './registry.ts';
import { type ResilienceReadings, registerResilienceMetrics } from './resilience-metrics.ts';
import { ShedMetrics } from './shed-metrics.ts';

export interface Metrics {
  readonly registry: Registry;
  readonly calls: CallMetrics;
  readonly shed: ShedMetrics;
  readonly events: EventMetrics;
}

export interface MetricsDeps {
  readonly version: string;
  readonly recordStats: () => RecordStats;
  /** 0 to 1 each, with the name of its signal. */
  readonly pressures: () => Iterable<Reading>;
  readonly resilience: ResilienceReadings;
}

/** Every metric of the process. */
export function createMetrics({ version, recordStats, pressures, resilience }: MetricsDeps): Metrics {
  const registry = new Registry();
  const calls = new CallMetrics(registry);
  const shed = new ShedMetrics(registry, pressures);
  const events = new EventMetrics(registry);
  registerResilienceMetrics(registry, resilience);
  registerRecordMetrics(registry, recordStats);
  registerProcessMetrics(registry, version);
  return { registry, calls, shed, events };
}
