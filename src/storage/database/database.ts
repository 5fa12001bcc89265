import { mkdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';

import { type ClientConfig, Pool } from 'pg';

import { type NodePgDatabase, drizzle } from '../drizzle/connection.ts';
import { columnTypes } from './column-types.ts';
import { EmbeddedServer } from './embedded-server.ts';
import { type LockHolder, LockHeldError, readHolder } from './folder-lock.ts';
import { identify, isAlive, thisHost } from './process-identity.ts';
import { SOCKET_NAME, socketFolderFor } from './socket-folder.ts';
import type { StorageLog } from './storage-log.ts';

/** A handle on the one database, whichever serves it. */
export interface Database {
  readonly kind: 'embedded' | 'postgres';
  /** For SQL by hand; `int8` columns come as numbers. One connection where it is embedded: never ask for a second inside a transaction. */
  readonly pool: Pool;
  /** The same pool for typed queries. */
  readonly orm: NodePgDatabase;
  /** How another thread connects by itself: plain data that may be posted; the thread adds {@link columnTypes}. */
  readonly connection: ClientConfig;
  /** False while the database is known not to answer: the embedded one starts again, or a connection was lost. */
  readonly ready: boolean;
  /** Number of the embedded engine's process, where this process owns one. */
  readonly enginePid: number | undefined;
  /** May be called again; it happens once. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly dataDir: string;
  /** A PostgreSQL connection string; undefined = the embedded database in `dataDir`. */
  readonly url: string | undefined;
  readonly log: StorageLog;
  /** Use the embedded database of the process that has the folder now, if there is one. */
  readonly join?: boolean;
}

/** Includes the wait for a connection of the pool, so that nobody waits for ever. */
const CONNECT_TIMEOUT_MS = 10_000;
const POSTGRES_CONNECTIONS = 10;
/** A connection whose other end has vanished without a word is given up after this long, and with it what it was asked. */
const QUERY_TIMEOUT_MS = 120_000;
/** The engine is deaf during one statement; the longest is a vacuum of a large table. */
const SILENCE_MS = 120_000;
const SIGN_OF_LIFE_MS = 5000;
const JOIN_TIMEOUT_MS = 10_000;
const JOIN_RETRY_MS = 50;

/** Who has the embedded database of a data folder. */
export function databaseLockOf(dataDir: string): string {
  return join(dataDir, 'database.lock');
}

/** Where the embedded database of a data folder is. */
export function databaseFolderOf(dataDir: string): string {
  return join(dataDir, 'database');
}

/**
 * Opens the database.
 * @throws LockHeldError where another process has the data folder and `join` is not set
 */
export async function openDatabase({ dataDir, url, log, join: joins = false }: DatabaseOptions): Promise<Database> {
  if (url !== undefined) return openPostgres(url, log);
  const home = resolve(dataDir);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const lockPath = databaseLockOf(home);
  const holder = joins ? await livingHolder(lockPath) : undefined;
  if (holder) return openJoined(holder, log);
  const task = {
    folder: databaseFolderOf(home),
    lockPath,
    socketFolder: socketFolderFor(home),
    owner: identify(process.pid),
    signOfLifeMs: SIGN_OF_LIFE_MS,
  };
  return openOwned(await EmbeddedServer.start({ task, log, silenceMs: SILENCE_MS }), task.socketFolder, log);
}

function openPostgres(url: string, log: StorageLog): Database {
  const connection = { connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS };
  const limited = { ...connection, query_timeout: QUERY_TIMEOUT_MS, keepAlive: true };
  const { pool, lost } = openPool(limited, POSTGRES_CONNECTIONS, log);
  return {
    ...handleOn('postgres', pool, connection),
    get ready() {
      return !pool.ended && !lost();
    },
    enginePid: undefined,
    close: once(() => pool.end()),
  };
}

function openOwned(server: EmbeddedServer, socketFolder: string, log: StorageLog): Database {
  const connection = embeddedConnection(socketFolder);
  const { pool } = openPool(connection, 1, log);
  return {
    ...handleOn('embedded', pool, connection),
    get ready() {
      return !pool.ended && server.serving;
    },
    get enginePid() {
      return server.pid;
    },
    close: once(async () => {
      await pool.end();
      await server.stop();
    }),
  };
}

function openJoined(holder: LockHolder, log: StorageLog): Database {
  const connection = embeddedConnection(holder.socketFolder);
  const { pool, lost } = openPool(connection, 1, log);
  return {
    ...handleOn('embedded', pool, connection),
    get ready() {
      return !pool.ended && !lost();
    },
    enginePid: undefined,
    close: once(() => pool.end()),
  };
}

function handleOn(kind: Database['kind'], pool: Pool, connection: ClientConfig) {
  return { kind, pool, connection, orm: drizzle({ client: pool }) };
}

/** `ssl` is named since the driver would take it from PGSSLMODE, which is meant for other databases. */
function embeddedConnection(socketFolder: string): ClientConfig {
  return {
    host: socketFolder,
    port: 5432,
    user: 'postgres',
    database: 'postgres',
    ssl: false,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  };
}

function openPool(connection: ClientConfig, max: number, log: StorageLog) {
  const pool = new Pool({ ...connection, max, types: columnTypes });
  let isLost = false;
  pool.on('connect', () => (isLost = false));
  pool.on('error', (error) => {
    if (pool.ending) return;
    isLost = true;
    log.warn({ reason: error.message }, 'a database connection was lost; the next use makes another');
  });
  return { pool, lost: () => isLost };
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}

/** The living process to join; it may still be starting, so its socket is waited for. */
async function livingHolder(lockPath: string): Promise<LockHolder | undefined> {
  for (let waited = 0; waited < JOIN_TIMEOUT_MS; waited += JOIN_RETRY_MS) {
    const holder = readHolder(lockPath);
    if (!holder) return undefined;
    // A holder on another host cannot be reached by its socket; taking the lock says who it is.
    if (holder.host !== thisHost || !isAlive(holder.owner)) return undefined;
    if (await answers(join(holder.socketFolder, SOCKET_NAME))) return holder;
    await delay(JOIN_RETRY_MS);
  }
  const holder = readHolder(lockPath);
  if (holder) throw new LockHeldError(lockPath, holder);
  return undefined;
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(socketPath);
    socket.once('connect', () => done(true)).once('error', () => done(false));
    socket.once('connect', () => socket.destroy());
  });
}
