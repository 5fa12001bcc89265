import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { placeOf } from '../app-snapshot.ts';
import { databaseUrlOf, dataDirOf } from '../whereabouts.ts';
import type { Environment } from '../config/config.ts';
import { GatewayError } from '../core/errors.ts';
import { createLogger } from '../records/log.ts';
import { type Database, databaseFolderOf, openDatabase } from '../storage/database/database.ts';
import { type Migrated, migrate, pendingMigrations } from '../storage/migrate.ts';

/** Runs a piece of work on the database of a gateway, whether that is running or not. */
export async function withDatabase<T>(
  env: Environment,
  work: (database: Database, migrated: Migrated) => Promise<T>,
): Promise<T> {
  return opened(env, async (database) => work(database, await migrate(database)));
}

/**
 * The same for work that only reads: nothing is made, and no table is brought up to date.
 * @throws RangeError where there is no database, or not one of this version, or it lets nobody in; storage_unavailable
 */
export async function readDatabase<T>(env: Environment, work: (database: Database) => Promise<T>): Promise<T> {
  if (databaseUrlOf(env) === undefined) requireFolder(dataDirOf(env));
  return opened(env, async (database) => {
    await requireThisVersion(database, whereOf(env));
    return work(database);
  });
}

async function opened<T>(env: Environment, work: (database: Database) => Promise<T>): Promise<T> {
  const log = createLogger({ level: 'warn' });
  const database = await openDatabase({ dataDir: dataDirOf(env), url: databaseUrlOf(env), log, join: true });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** Opening would make one. */
function requireFolder(dataDir: string): void {
  const home = resolve(dataDir);
  if (existsSync(join(databaseFolderOf(home), 'PG_VERSION'))) return;
  throw new RangeError(
    `There is no database in ${home}. Set CAUSEWAY_DATA_DIR to the data folder of a gateway, or DATABASE_URL; a gateway makes its database when it starts for the first time.`,
  );
}

async function requireThisVersion(database: Database, where: string): Promise<void> {
  const { pending, unknown } = await pendingMigrations(database).catch((error: unknown) => {
    if (!(error instanceof GatewayError)) throw error;
    throw new GatewayError('storage_unavailable', {
      message: `${where} does not answer. Start it, or correct DATABASE_URL or CAUSEWAY_DATA_DIR.`,
      cause: error,
    });
  });
  if (pending.length > 0) {
    throw new RangeError(
      `${where} is not of this version: it lacks ${pending.length} migrations, up to ${pending.at(-1)}. This command changes nothing; start a gateway of this version on it once, or run causeway migrate.`,
    );
  }
  if (unknown > 0) {
    throw new RangeError(
      `A newer version of Causeway has used ${where}, and this one may misread it. Use this command of that version.`,
    );
  }
}

function whereOf(env: Environment): string {
  const url = databaseUrlOf(env);
  return url === undefined ? `The database in ${resolve(dataDirOf(env))}` : `PostgreSQL at ${placeOf(url)}`;
}
