import type { RecordStats } from '../journal/journal-stats.ts';
import type { Reading, Registry } from './registry.ts';

/** What the writer of records says of itself. */
export function registerRecordMetrics(registry: Registry, stats: () => RecordStats): void {
  const none: string[] = [];
  registry.read(
    'gauge',
    { name: 'causeway_records_queued', help: 'Records that wait to be written.', labels: none },
    () => [[stats().queuedRecords]],
  );
  registry.read(
    'gauge',
    { name: 'causeway_records_queued_bytes', help: 'Memory of the records that wait to be written.', labels: none },
    () => [[stats().queuedBytes]],
  );
  registry.read(
    'gauge',
    { name: 'causeway_records_oldest_age_seconds', help: 'How long the oldest of them has waited.', labels: none },
    () => [[stats().oldestAgeMs / 1000]],
  );
  registry.read(
    'counter',
    { name: 'causeway_records_written_total', help: 'Records that are in the database.', labels: none },
    () => [[stats().written]],
  );
  registry.read(
    'counter',
    {
      name: 'causeway_records_dropped_total',
      help: 'Records that were lost ("records"), or kept without input and output ("texts").',
      labels: ['what'],
    },
    () => dropped(stats()),
  );
}

function dropped({ droppedRecords, droppedTexts }: RecordStats): Reading[] {
  return [
    [droppedRecords, 'records'],
    [droppedTexts, 'texts'],
  ];
}
