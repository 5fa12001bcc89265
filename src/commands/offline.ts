import { databaseUrlOf, dataDirOf } from '../app.ts';
import type { Environment } from '../config/config.ts';
import { createLogger } from '../records/log.ts';
import { type Database, openDatabase } from '../storage/database/database.ts';
import { migrate } from '../storage/migrate.ts';

/** Runs a piece of work on the database of a gateway, whether that is running or not. */
export async function withDatabase<T>(env: Environment, work: (database: Database) => Promise<T>): Promise<T> {
  const log = createLogger({ level: 'warn' });
  const database = await openDatabase({ dataDir: dataDirOf(env), url: databaseUrlOf(env), log, join: true });
  try {
    await migrate(database);
    return await work(database);
  } finally {
    await database.close();
  }
}
