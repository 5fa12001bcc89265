import type { Registry } from './registry.ts';

/** Whether the database answers; requests go on without it. */
export function registerDatabaseMetrics(registry: Registry, answers: () => boolean): void {
  registry.read(
    'gauge',
    {
      name: 'causeway_database_up',
      help: 'Whether the database answers: 0 or 1. Without it keys and settings stay as they were known last, and records wait.',
      labels: [],
    },
    () => [[answers() ? 1 : 0]],
  );
}
