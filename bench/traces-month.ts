import { readdirSync, statSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openDatabase } from '../src/storage/database/database.ts';
import { migrate } from '../src/storage/migrate.ts';
import type { PostgresServer } from '../test/support/postgres-server.ts';
import { fillTraces } from './traces-fill.ts';
import type { KnownTraces } from './traces-questions.ts';

const DAY_MS = 86_400_000;
export const DAYS = 30;
/** The last day is left as it was written; the others have been looked after, as the database does by itself. */
const LOOKED_AFTER = (DAYS - 1) / DAYS;
export const GB = 2 ** 30;
const DISK_BYTES_PER_TRACE = 14_000;
const SAMPLED = 200;
const log = { info: () => {}, warn: console.warn, error: console.error };

export interface Filled extends KnownTraces {
  readonly traces: number;
  readonly seconds: number;
  readonly databaseGb: number;
  readonly folderGb: number;
}

/** @throws Error where there is not enough of it */
export function requireDisk(traces: number): void {
  const { bavail, bsize } = statfsSync(tmpdir());
  const [free, needed] = [bavail * bsize, traces * DISK_BYTES_PER_TRACE];
  if (free < needed) {
    throw new Error(`${(needed / GB).toFixed(0)} GB are needed in ${tmpdir()}, and ${(free / GB).toFixed(0)} are free`);
  }
}

/** A month until now. */
export async function fillMonth({ url }: PostgresServer, traces: number): Promise<Filled> {
  const database = await openDatabase({ dataDir: tmpdir(), url, log });
  try {
    await migrate(database);
    const until = Date.now();
    const from = until - DAYS * DAY_MS;
    const before = Math.round(traces * LOOKED_AFTER);
    const between = from + (until - from) * LOOKED_AFTER;
    const startedAt = performance.now();
    await fillTraces({ url, traces: before, from, until: between, told: tellOf(traces) });
    const filledMs = performance.now() - startedAt;
    await database.pool.query('vacuum analyze');
    const lastAt = performance.now();
    await fillTraces({ url, traces: traces - before, from: between, until, told: () => {} });
    const seconds = (filledMs + performance.now() - lastAt) / 1000;
    const { rows } = await database.pool.query<{ bytes: number; folder: string }>(
      `select pg_database_size(current_database())::float8 as bytes, current_setting('data_directory') as folder`,
    );
    const sampled = await database.pool.query<{ trace_id: string; conversation_id: string }>(
      `select trace_id, conversation_id from traces tablesample system (5)
        where conversation_id is not null order by random() limit $1`,
      [SAMPLED],
    );
    return {
      traces,
      until,
      seconds,
      ids: sampled.rows.map((row) => row.trace_id),
      conversations: sampled.rows.map((row) => row.conversation_id),
      databaseGb: (rows[0]?.bytes ?? Number.NaN) / GB,
      folderGb: sizeOf(rows[0]?.folder ?? '') / GB,
    };
  } finally {
    await database.close();
  }
}

const tellOf =
  (all: number) =>
  (done: number): void =>
    console.error(`${done} of ${all} traces`);

function sizeOf(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}
