import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openDatabase } from '../../src/storage/database/database.ts';
import { migrate } from '../../src/storage/migrate.ts';

/** Names the folder of a database that `npm test` made before all tests. */
export const PREPARED = 'CAUSEWAY_TEST_DATABASE';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Makes a database with all tables and no rows. @returns its data folder */
export async function prepareDatabase(): Promise<string> {
  const dataDir = mkdtempSync(join(tmpdir(), 'causeway-prepared-'));
  const database = await openDatabase({ dataDir, url: undefined, log: silent });
  try {
    await migrate(database);
  } finally {
    await database.close();
  }
  return dataDir;
}

/**
 * Spares a test the making of a database, which takes seconds: copies the prepared one where there is one. A start on it
 * is a first start all the same, since there is no key in it.
 */
export function copyPreparedDatabase(dataDir: string): void {
  const prepared = process.env[PREPARED];
  if (prepared !== undefined) cpSync(join(prepared, 'database'), join(dataDir, 'database'), { recursive: true });
}

export function dropDatabase(dataDir: string): void {
  rmSync(dataDir, { recursive: true, force: true });
}
