import { BatchWriter } from '../src/records/journal/batch-writer.ts';
import type { RecordSink } from '../src/records/journal/record.ts';
import type { Database } from '../src/storage/database/database.ts';

/** What the bench needs of the journal. */
export interface BenchJournal extends RecordSink {
  flush(timeoutMs: number): Promise<void>;
  close(): Promise<void>;
  stats(): {
    readonly queuedRecords: number;
    readonly queuedBytes: number;
    readonly droppedRecords: number;
    readonly droppedTexts: number;
  };
}

const MAX_BODY_BYTES = 256 * 1024;

/** The gateway's own, with the settings that it has where nothing is said. */
export function openJournal(
  database: Database,
  _settings: { readonly dataDir: string; readonly search: boolean },
): Promise<BenchJournal> {
  return Promise.resolve(new BatchWriter({ connection: database.connection, maxBodyBytes: MAX_BODY_BYTES }));
}
