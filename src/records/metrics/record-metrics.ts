import type { RecordStats } from '../journal/journal-stats.ts';
import type { MetricType, Reading, Registry } from './registry.ts';

interface Figure {
  readonly type: Extract<MetricType, 'counter' | 'gauge'>;
  readonly name: string;
  readonly help: string;
  readonly read: (stats: RecordStats) => number;
}

const FIGURES: readonly Figure[] = [
  {
    type: 'gauge',
    name: 'causeway_records_queued',
    help: 'Records that are not in the database yet.',
    read: (stats) => stats.queuedRecords,
  },
  {
    type: 'gauge',
    name: 'causeway_records_queued_bytes',
    help: 'Size of the records that are not in the database yet, in memory and on the disk.',
    read: (stats) => stats.queuedBytes,
  },
  {
    type: 'gauge',
    name: 'causeway_records_oldest_age_seconds',
    help: 'How long the oldest of them has waited; 0 where none waits.',
    read: (stats) => stats.oldestAgeMs / 1000,
  },
  {
    type: 'counter',
    name: 'causeway_records_written_total',
    help: 'Records that are in the database.',
    read: (stats) => stats.written,
  },
  {
    type: 'gauge',
    name: 'causeway_journal_fill_ratio',
    help: 'Part of records.journal.maxSize that is used: over 0.5 texts are left out, at 1 records are dropped.',
    read: (stats) => stats.fill,
  },
  {
    type: 'gauge',
    name: 'causeway_journal_bytes',
    help: "Size of the journal's files; a file is deleted when all of it is in the database.",
    read: (stats) => stats.journalBytes,
  },
  {
    type: 'gauge',
    name: 'causeway_journal_segments',
    help: "Number of the journal's files.",
    read: (stats) => stats.segments,
  },
  {
    type: 'gauge',
    name: 'causeway_journal_unsynced_records',
    help: 'Records that are not synced to the disk yet, which is what a power cut would lose.',
    read: (stats) => stats.unsyncedRecords,
  },
  {
    type: 'counter',
    name: 'causeway_journal_write_errors_total',
    help: 'Writes that the disk refused; they are tried again.',
    read: (stats) => stats.writeErrors,
  },
  {
    type: 'counter',
    name: 'causeway_journal_damaged_bytes_total',
    help: 'Bytes of the journal that could not be read as records.',
    read: (stats) => stats.damagedBytes,
  },
  {
    type: 'counter',
    name: 'causeway_journal_retries_total',
    help: 'Batches of records that the database did not take at once; they are tried again.',
    read: (stats) => stats.retriedBatches,
  },
  {
    type: 'counter',
    name: 'causeway_journal_drain_restarts_total',
    help: 'How often the thread that fills the database ended by itself and was replaced.',
    read: (stats) => stats.drainRestarts,
  },
];

/** What the journal says of itself. */
export function registerRecordMetrics(registry: Registry, stats: () => RecordStats): void {
  for (const { type, name, help, read } of FIGURES) {
    registry.read(type, { name, help, labels: [] }, () => [[read(stats())]]);
  }
  registry.read(
    'counter',
    {
      name: 'causeway_records_dropped_total',
      help: 'Records that were lost ("records"), or kept without input and output for want of room ("texts").',
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
