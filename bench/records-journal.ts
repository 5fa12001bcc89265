import { join } from 'node:path';

import { Journal } from '../src/records/journal/journal.ts';
import type { Database } from '../src/storage/database/database.ts';

const MAX_SIZE = 1024 ** 3;
const MAX_BODY_BYTES = 256 * 1024;

/** The gateway's own, with the settings that it has where nothing is said. */
export function openJournal({ connection }: Database, dataDir: string): Promise<Journal> {
  return Journal.open({
    folder: join(dataDir, 'journal'),
    connection,
    maxSize: MAX_SIZE,
    maxBodyBytes: MAX_BODY_BYTES,
    log: { info: () => {}, warn: console.warn, error: console.error },
  });
}
