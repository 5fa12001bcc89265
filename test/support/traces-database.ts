import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Database, openDatabase } from '../../src/storage/database/database.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { PREPARED_SERVER, copyOnServer, copyPreparedDatabase } from './prepared-database.ts';
import { startPostgres } from './postgres-server.ts';

export interface TracesDatabase {
  readonly database: Database;
  close(): Promise<void>;
}

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A database of its own with all tables and no rows. */
export async function openTracesDatabase(kind: Database['kind'] = 'embedded'): Promise<TracesDatabase> {
  const dataDir = mkdtempSync(join(tmpdir(), 'causeway-traces-'));
  if (kind === 'embedded') copyPreparedDatabase(dataDir);
  const server = kind === 'postgres' ? await serverForOne() : undefined;
  const database = await openDatabase({ dataDir, url: server?.url, log: silent });
  await migrate(database);
  return {
    database,
    async close() {
      await database.close();
      await server?.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function serverForOne(): ReturnType<typeof copyOnServer> {
  const url = process.env[PREPARED_SERVER];
  return url === undefined ? startPostgres() : copyOnServer(url);
}
