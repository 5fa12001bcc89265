import { join } from 'node:path';

import type { Environment } from './config/config.ts';

/** Where what outlives the process is kept. */
export function dataDirOf(env: Environment): string {
  return env['CAUSEWAY_DATA_DIR'] || join(process.cwd(), 'data');
}

/** Records on their way to the database. */
export function journalFolderOf(dataDir: string): string {
  return join(dataDir, 'journal');
}

/** What a start without PostgreSQL is from. */
export function snapshotFileOf(dataDir: string): string {
  return join(dataDir, 'snapshot.sealed');
}

/** A variable that is set and not empty. */
export function databaseUrlOf(env: Environment): string | undefined {
  return env['DATABASE_URL'] || undefined;
}
