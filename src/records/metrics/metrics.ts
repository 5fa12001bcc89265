import type { RecordStats } from '../journal/batch-writer.ts';
import { CallMetrics } from './call-metrics.ts';
import { registerDatabaseMetrics } from './database-metrics.ts';
import { EventMetrics } from './event-metrics.ts';
import { registerProcessMetrics } from './process-metrics.ts';
import { registerRecordMetrics } from './record-metrics.ts';
import { QuotaMetrics, type QuotaReadings } from './quota-metrics.ts';
import { type Reading, Registry } from './registry.ts';
import { type ResilienceReadings, registerResilienceMetrics } from './resilience-metrics.ts';
import { ShedMetrics } from './shed-metrics.ts';

export interface Metrics {
  readonly registry: Registry;
  readonly calls: CallMetrics;
  readonly shed: ShedMetrics;
  readonly events: EventMetrics;
  readonly quotas: QuotaMetrics;
}

export interface MetricsDeps {
  readonly version: string;
  readonly recordStats: () => RecordStats;
  /** 0 to 1 each, with the name of its signal. */
  readonly pressures: () => Iterable<Reading>;
  readonly resilience: ResilienceReadings;
  readonly quotas: QuotaReadings;
  /** Whether the database answers. */
  readonly databaseUp: () => boolean;
}

/** Every metric of the process. */
export function createMetrics(deps: MetricsDeps): Metrics {
  const { version, recordStats, pressures, resilience, quotas: readings, databaseUp } = deps;
  const registry = new Registry();
  const calls = new CallMetrics(registry);
  const shed = new ShedMetrics(registry, pressures);
  const events = new EventMetrics(registry);
  const quotas = new QuotaMetrics(registry, readings);
  registerResilienceMetrics(registry, resilience);
  registerRecordMetrics(registry, recordStats);
  registerDatabaseMetrics(registry, databaseUp);
  registerProcessMetrics(registry, version);
  return { registry, calls, shed, events, quotas };
}
