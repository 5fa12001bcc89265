import { type Clock, systemClock } from '../../core/clock.ts';
import type { RecordStats } from '../journal/journal-stats.ts';
import type { Providers } from '../otel/conventions.ts';
import { AlertMetrics } from './alert-metrics.ts';
import { BudgetMetrics } from './budget-metrics.ts';
import { CallMetrics } from './call-metrics.ts';
import { registerDatabaseMetrics } from './database-metrics.ts';
import { EventMetrics } from './event-metrics.ts';
import { FeedbackMetrics } from './feedback-metrics.ts';
import { ObjectiveMetrics } from './objective-metrics.ts';
import { PartitionMetrics } from './partition-metrics.ts';
import { PromptCacheMetrics } from './prompt-cache-metrics.ts';
import { registerProcessMetrics } from './process-metrics.ts';
import { registerRecordMetrics } from './record-metrics.ts';
import { QuotaMetrics, type QuotaReadings } from './quota-metrics.ts';
import { type Reading, Registry } from './registry.ts';
import { type ResilienceReadings, registerResilienceMetrics } from './resilience-metrics.ts';
import { ShedMetrics } from './shed-metrics.ts';
import { StageMetrics } from './stage-metrics.ts';

export interface Metrics {
  readonly registry: Registry;
  readonly calls: CallMetrics;
  readonly shed: ShedMetrics;
  readonly events: EventMetrics;
  readonly feedback: FeedbackMetrics;
  readonly quotas: QuotaMetrics;
  readonly budgets: BudgetMetrics;
  readonly objectives: ObjectiveMetrics;
  readonly partitions: PartitionMetrics;
  readonly alerts: AlertMetrics;
  readonly promptCache: PromptCacheMetrics;
  readonly stages: StageMetrics;
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
  /** When the snapshot was written that a start without the database would be from, epoch milliseconds. */
  readonly snapshotWrittenAt?: () => number | undefined;
  /** What is asked of models, each with its model and objective. */
  readonly objectiveTargets?: () => Iterable<Reading>;
  /** What the configured providers are, for the names of OpenTelemetry. */
  readonly providers?: () => Providers | undefined;
  /** How many things each rule of the built-in alerts fires about. */
  readonly alertsFiring?: () => Iterable<Reading>;
  readonly clock?: Clock;
}

/** Every metric of the process. */
export function createMetrics(deps: MetricsDeps): Metrics {
  const { version, recordStats, pressures, resilience, quotas: readings, databaseUp, clock = systemClock } = deps;
  const registry = new Registry();
  const calls = new CallMetrics(registry, deps);
  const shed = new ShedMetrics(registry, pressures);
  const events = new EventMetrics(registry);
  const feedback = new FeedbackMetrics(registry);
  const quotas = new QuotaMetrics(registry, readings);
  const budgets = new BudgetMetrics(registry, clock);
  const objectives = new ObjectiveMetrics(registry, deps.objectiveTargets ?? (() => []));
  const partitions = new PartitionMetrics(registry);
  const alerts = new AlertMetrics(registry, deps.alertsFiring ?? (() => []));
  const promptCache = new PromptCacheMetrics(registry);
  const stages = new StageMetrics(registry);
  registerResilienceMetrics(registry, resilience);
  registerRecordMetrics(registry, recordStats);
  registerDatabaseMetrics(registry, { answers: databaseUp, snapshotWrittenAt: deps.snapshotWrittenAt }, clock);
  registerProcessMetrics(registry, version);
  return {
    registry,
    calls,
    shed,
    events,
    feedback,
    quotas,
    budgets,
    objectives,
    partitions,
    alerts,
    promptCache,
    stages,
  };
}
