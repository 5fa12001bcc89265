import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Database, openDatabase } from '../../src/storage/database/database.ts';
import { migrate } from '../../src/storage/migrate.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** An empty `traces` table: embedded, or on the PostgreSQL that CAUSEWAY_TEST_DATABASE_URL names. */
export async function openTracesDatabase(): Promise<{ readonly database: Database; close(): Promise<void> }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'causeway-traces-'));
  const database = await openDatabase({ dataDir, url: process.env['CAUSEWAY_TEST_DATABASE_URL'], log: silent });
  await migrate(database);
  await database.pool.query('truncate traces');
  return {
    database,
    async close() {
      await database.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
