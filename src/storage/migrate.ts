import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { Client, DatabaseError } from 'pg';

import { asked } from './database/asked.ts';
import type { Database } from './database/database.ts';
import type { StorageLog } from './database/storage-log.ts';
import { readMigrationFiles } from './drizzle/connection.ts';
import { drizzle } from './drizzle/connection.ts';
import { sql } from './drizzle/queries.ts';

const FOLDER = fileURLToPath(new URL('migrations', import.meta.url));
const OLDEST_SERVER = 15;
/** Any number, and the same one in every version. */
const LOCK = 7_203_118_445;
const LOCK_NOT_AVAILABLE = '55P03';
const WAIT_MS = 120_000;

export interface MigrateOptions {
  readonly log?: StorageLog;
  /** How long another process that migrates is waited for. */
  readonly waitMs?: number;
}

/** What a migration did. */
export interface Migrated {
  /** Names of what was run now. */
  readonly applied: readonly string[];
  /** How many a newer version of the program has run here, which this one does not know. */
  readonly unknown: number;
}

/** What a migration would do. */
export interface Pending {
  readonly pending: readonly string[];
  /** As in {@link Migrated}. */
  readonly unknown: number;
}

interface Migration {
  readonly name: string;
  /** When it was written, epoch milliseconds; by this the database remembers it. */
  readonly when: number;
  readonly hash: string;
  readonly statements: readonly string[];
}

/** The server answers, and does not let this program in. */
export class DatabaseRefusedError extends RangeError {
  override readonly name = 'DatabaseRefusedError';
}

type Transaction = Parameters<Parameters<Database['orm']['transaction']>[0]>[0];

/**
 * Brings the tables up to what this version needs, all of it or nothing. Of several processes that do so at once one
 * works and the others wait. What a newer version has added stays: migrations only add, so that both can run.
 * @throws storage_unavailable; DatabaseRefusedError; RangeError where the server is too old, or another process takes too long
 */
export async function migrate(
  { kind, connection }: Pick<Database, 'kind' | 'connection'>,
  { log, waitMs = WAIT_MS }: MigrateOptions = {},
): Promise<Migrated> {
  // Of its own, since the pool's have a time limit for each statement, which a large table may need more than.
  const client = new Client(connection);
  client.on('error', () => undefined);
  try {
    await connect(client);
    const work = async (transaction: Transaction): Promise<Migrated> => {
      // The embedded database has one session, so that its transactions exclude each other by themselves.
      if (kind === 'postgres') {
        await requireVersion(transaction);
        await takeLock(transaction, waitMs, log);
      }
      return bringUp(transaction);
    };
    const migrated = await asked(drizzle({ client }).transaction(work));
    report(migrated, log);
    return migrated;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** SQLSTATE classes of a wrong user or password, and of a database that is not there. */
const REFUSED = new Set(['28', '3D']);

async function connect(client: Client): Promise<void> {
  try {
    await asked(client.connect());
  } catch (error) {
    throw orRefused(error);
  }
}

function orRefused(error: unknown): unknown {
  if (!(error instanceof DatabaseError) || !REFUSED.has(error.code?.slice(0, 2) ?? '')) return error;
  return new DatabaseRefusedError(`PostgreSQL refuses DATABASE_URL: ${error.message}.`, { cause: error });
}

/** Until the end of the transaction, so that poolers which share sessions between clients do no harm. */
async function takeLock(transaction: Transaction, waitMs: number, log: StorageLog | undefined): Promise<void> {
  const { rows } = await transaction.execute<{ taken: boolean }>(
    sql`select pg_try_advisory_xact_lock(${LOCK}) as taken`,
  );
  if (rows[0]?.taken) return;
  log?.info({}, 'another process brings the database up to date; waiting for it');
  try {
    await transaction.execute(sql.raw(`set local lock_timeout = ${Math.ceil(waitMs)}`));
    await transaction.execute(sql`select pg_advisory_xact_lock(${LOCK})`);
    await transaction.execute(sql.raw('set local lock_timeout to default'));
  } catch (error) {
    const { cause } = error as Error;
    if (!(cause instanceof DatabaseError) || cause.code !== LOCK_NOT_AVAILABLE) throw error;
    throw new RangeError(
      `Another process has been bringing the database up to date for ${waitMs / 1000} s. See what it does ` +
        "(select * from pg_locks where locktype = 'advisory'), then start again.",
      { cause },
    );
  }
}

async function requireVersion(transaction: Transaction): Promise<void> {
  const { rows } = await transaction.execute<{ version: string }>(
    sql`select current_setting('server_version_num') as version`,
  );
  const major = Math.floor(Number(rows[0]?.version) / 10_000);
  if (major >= OLDEST_SERVER) return;
  throw new RangeError(`PostgreSQL ${major} is too old: Causeway needs ${OLDEST_SERVER} or later.`);
}

/** The table has the form that the generator's own runner gives it, by which earlier versions went. */
async function bringUp(transaction: Transaction): Promise<Migrated> {
  await transaction.execute(sql`create schema if not exists drizzle`);
  await transaction.execute(
    sql`create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)`,
  );
  const { rows } = await transaction.execute<{ at: string }>(
    sql`select created_at as at from drizzle.__drizzle_migrations`,
  );
  const known = readMigrations();
  const there = new Set(rows.map(({ at }) => Number(at)));
  const missing = known.filter(({ when }) => !there.has(when));
  for (const { statements, hash, when } of missing) {
    for (const statement of statements) await transaction.execute(sql.raw(statement));
    await transaction.execute(
      sql`insert into drizzle.__drizzle_migrations (hash, created_at) values (${hash}, ${when})`,
    );
  }
  for (const { when } of known) there.delete(when);
  return { applied: missing.map(({ name }) => name), unknown: there.size };
}

/** What a migration would do, without doing it. @throws storage_unavailable; DatabaseRefusedError */
export async function pendingMigrations({ pool }: Pick<Database, 'pool'>): Promise<Pending> {
  const { rows } = await asked(
    pool.query<{ at: string }>('select created_at as at from drizzle.__drizzle_migrations').catch(noTable),
  );
  const there = new Set(rows.map(({ at }) => Number(at)));
  const known = readMigrations();
  const pending = known.filter(({ when }) => !there.has(when)).map(({ name }) => name);
  for (const { when } of known) there.delete(when);
  return { pending, unknown: there.size };
}

/** SQLSTATEs of a table and of a schema that are not there. */
const NOT_THERE = new Set(['42P01', '3F000']);

function noTable(error: unknown): { rows: { at: string }[] } {
  if (error instanceof DatabaseError && NOT_THERE.has(error.code ?? '')) return { rows: [] };
  throw orRefused(error);
}

function readMigrations(): Migration[] {
  const { entries } = JSON.parse(readFileSync(`${FOLDER}/meta/_journal.json`, 'utf8')) as {
    entries: { when: number; tag: string }[];
  };
  const names = new Map(entries.map(({ when, tag }) => [when, tag]));
  return readMigrationFiles({ migrationsFolder: FOLDER }).map(({ folderMillis, hash, sql: statements }) => {
    return { name: names.get(folderMillis) ?? '', when: folderMillis, hash, statements };
  });
}

function report({ applied, unknown }: Migrated, log: StorageLog | undefined): void {
  if (applied.length > 0) log?.info({ applied }, 'the database was brought up to date');
  if (unknown > 0) {
    log?.warn({ migrations: unknown }, 'a newer version of Causeway has used this database; what it added stays');
  }
}
