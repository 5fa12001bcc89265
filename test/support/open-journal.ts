import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Journal, type JournalOptions } from '../../src/records/journal/journal.ts';

export const silentLog = { info: () => undefined, warn: () => undefined, error: () => undefined };

const MEGABYTE = 1024 * 1024;

/** A journal in a folder of its own, unless the test names one. It goes with the process. */
export function openJournal(options: Partial<JournalOptions> & Pick<JournalOptions, 'connection'>): Promise<Journal> {
  return Journal.open({
    folder: options.folder ?? journalFolder(),
    maxSize: 100 * MEGABYTE,
    maxBodyBytes: 1000,
    log: silentLog,
    ...options,
  });
}

const folders: string[] = [];

export function journalFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-journal-'));
  if (folders.push(folder) === 1)
    process.on('exit', () => folders.forEach((one) => rmSync(one, { recursive: true, force: true })));
  return folder;
}
