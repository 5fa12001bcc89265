import { databaseUrlOf, dataDirOf } from '../whereabouts.ts';
import type { Environment } from '../config/config.ts';
import { createLogger } from '../records/log.ts';
import { type Database, openDatabase } from '../storage/database/database.ts';
import { type Migrated, migrate } from '../storage/migrate.ts';

/** Runs a piece of work on the database of a gateway, whether that is running or not. */
export async function withDatabase<T>(
  env: Environment,
  work: (database: Database, migrated: Migrated) => Promise<T>,
): Promise<T> {
  const log = createLogger({ level: 'warn' });
  const database = await openDatabase({ dataDir: dataDirOf(env), url: databaseUrlOf(env), log, join: true });
  try {
    return await work(database, await migrate(database));
  } finally {
    await database.close();
  }
}
