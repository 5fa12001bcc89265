import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import pg from 'pg';

import { openDatabase } from '../../src/storage/database/database.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { type PostgresServer, noPostgres, startPostgres } from './postgres-server.ts';

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

/** Names the PostgreSQL server that `npm test` started before all tests: it has a database `prepared` with all tables. */
export const PREPARED_SERVER = 'CAUSEWAY_TEST_POSTGRES';
const TEMPLATE = 'prepared';

/** Starts a server with such a database; undefined where PostgreSQL is not installed. */
export async function prepareServer(): Promise<PostgresServer | undefined> {
  if (noPostgres !== false) return undefined;
  const server = await startPostgres();
  await onServer(server.url, `CREATE DATABASE ${TEMPLATE}`);
  const database = await openDatabase({ dataDir: '', url: databaseAt(server.url, TEMPLATE), log: silent });
  try {
    await migrate(database);
  } finally {
    await database.close();
  }
  return server;
}

/** A copy of that database, for one test: a server of its own takes longer than the test. */
export async function copyOnServer(url: string): Promise<Pick<PostgresServer, 'url' | 'close'>> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await onServer(url, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
  return { url: databaseAt(url, name), close: () => onServer(url, `DROP DATABASE ${name} WITH (FORCE)`) };
}

const databaseAt = (url: string, name: string): string => url.replace(/\/[^/]*$/, `/${name}`);

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

export function dropDatabase(dataDir: string): void {
  rmSync(dataDir, { recursive: true, force: true });
}
