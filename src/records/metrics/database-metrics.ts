import type { Clock } from '../../core/clock.ts';
import type { Registry } from './registry.ts';

/** What is read of the database when somebody asks. */
export interface DatabaseReadings {
  /** Whether it answers; requests go on without it. */
  readonly answers: () => boolean;
  /** When the snapshot was written that a start without it would be from, epoch milliseconds. */
  readonly snapshotWrittenAt?: (() => number | undefined) | undefined;
}

export function registerDatabaseMetrics(registry: Registry, readings: DatabaseReadings, clock: Clock): void {
  const { answers, snapshotWrittenAt = () => undefined } = readings;
  registry.read(
    'gauge',
    {
      name: 'causeway_database_up',
      help: 'Whether the database answers: 0 or 1. Without it keys and settings stay as they were known last, and records wait.',
      labels: [],
    },
    () => [[answers() ? 1 : 0]],
  );
  registry.read(
    'gauge',
    {
      name: 'causeway_snapshot_age_seconds',
      help: 'Since the snapshot was written that a start without PostgreSQL would be from. It is written when something has changed.',
      labels: [],
    },
    () => {
      const writtenAt = snapshotWrittenAt();
      return writtenAt === undefined ? [] : [[(clock.now() - writtenAt) / 1000]];
    },
  );
}
