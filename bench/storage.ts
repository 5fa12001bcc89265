/**
 * `npm run bench:storage`: what the database costs and carries. Memory and start time of the embedded engine, and
 * trace rows per second by size of the batch, on the embedded database and on PostgreSQL where that is installed.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { newTraceId } from '../src/core/ids.ts';
import { KnownThere, insertTraces } from '../src/records/traces/trace-store.ts';
import { type TraceRow, toTraceRow } from '../src/records/traces/trace-row.ts';
import { type Database, openDatabase } from '../src/storage/database/database.ts';
import { migrate } from '../src/storage/migrate.ts';
import { makeRecord } from '../test/support/make-record.ts';
import { noPostgres, startPostgres } from '../test/support/postgres-server.ts';
import { describeMachine } from './report.ts';

const RESULTS = fileURLToPath(new URL('./results', import.meta.url));
const BATCHES = [1, 50, 500];
const BODY_BYTES = 2000;
/** Who are active at a time: each has sums of usage of its own, which are written with the rows. */
const USERS = 200;
const MB = 2 ** 20;

const { values: options } = parseArgs({ options: { seconds: { type: 'string', default: '3' } } });
const log = { info: () => {}, warn: console.warn, error: console.error };

interface Result {
  readonly backend: string;
  /** Until the tables stand, on an empty folder and on one that was used before. */
  readonly freshStartMs: number | undefined;
  readonly startMs: number | undefined;
  readonly idleRssMb: number | undefined;
  readonly loadedRssMb: number | undefined;
  readonly rowsPerSecond: Readonly<Record<number, number>>;
}

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; result: T }> {
  const from = performance.now();
  const result = await work();
  return { ms: performance.now() - from, result };
}

async function openReady(dataDir: string, url?: string): Promise<Database> {
  const database = await openDatabase({ dataDir, url, log });
  await migrate(database);
  return database;
}

function rssMb({ enginePid }: Database): number | undefined {
  if (enginePid === undefined) return undefined;
  return (Number(execFileSync('ps', ['-o', 'rss=', '-p', String(enginePid)])) * 1024) / MB;
}

/** A row as one chat with 2 KB of text each way leaves it. */
function traceRow(_: unknown, at: number): TraceRow {
  const now = Date.now();
  const record = makeRecord({ traceId: newTraceId(now), startedAt: now, userId: `user-${at % USERS}` });
  const bytes = Buffer.from(JSON.stringify({ content: 'lorem ipsum '.repeat(BODY_BYTES / 12) }));
  const text = { bytes, wholeLength: bytes.length };
  return toTraceRow({ record, input: text, output: text, textsDropped: false });
}

async function insertFor(database: Database, batch: number, seconds: number): Promise<number> {
  const until = performance.now() + seconds * 1000;
  const series = new KnownThere();
  let rows = 0;
  const { ms } = await timed(async () => {
    while (performance.now() < until) {
      await insertTraces(database.pool, Array.from({ length: batch }, traceRow), series);
      rows += batch;
    }
  });
  return (rows * 1000) / ms;
}

async function loadedWith(database: Database): Promise<Record<number, number>> {
  const rowsPerSecond: Record<number, number> = {};
  for (const batch of BATCHES) rowsPerSecond[batch] = await insertFor(database, batch, Number(options.seconds));
  return rowsPerSecond;
}

async function measureEmbedded(dataDir: string): Promise<Result> {
  const fresh = await timed(() => openReady(dataDir));
  await fresh.result.close();
  const { ms, result: database } = await timed(() => openReady(dataDir));
  const idleRssMb = rssMb(database);
  const rowsPerSecond = await loadedWith(database);
  const loadedRssMb = rssMb(database);
  await database.close();
  return { backend: 'embedded', freshStartMs: fresh.ms, startMs: ms, idleRssMb, loadedRssMb, rowsPerSecond };
}

async function measurePostgres(): Promise<Result> {
  const server = await startPostgres();
  const database = await openReady(tmpdir(), server.url);
  const rowsPerSecond = await loadedWith(database);
  await database.close();
  await server.close();
  const unknown = { freshStartMs: undefined, startMs: undefined, idleRssMb: undefined, loadedRssMb: undefined };
  return { backend: 'PostgreSQL', ...unknown, rowsPerSecond };
}

function whole(value: number | undefined): string {
  return value?.toFixed(0) ?? '–';
}

function renderTable(results: readonly Result[]): string {
  const titles = ['backend', 'fresh start ms', 'start ms', 'RSS MB', 'RSS MB loaded'];
  const rows = results.map((result) => [
    result.backend,
    ...[result.freshStartMs, result.startMs, result.idleRssMb, result.loadedRssMb].map(whole),
    ...BATCHES.map((batch) => whole(result.rowsPerSecond[batch])),
  ]);
  const lines = [[...titles, ...BATCHES.map((batch) => `rows/s by ${batch}`)], titles.map(() => '---'), ...rows];
  lines[1]?.push(...BATCHES.map(() => '---'));
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const scratch = mkdtempSync(join(tmpdir(), 'causeway-bench-storage-'));
const results = [await measureEmbedded(join(scratch, 'data'))];
if (noPostgres) console.log(`PostgreSQL is left out: ${noPostgres}`);
else results.push(await measurePostgres());
rmSync(scratch, { recursive: true });

const report = { at: new Date().toISOString(), machine: describeMachine(), seconds: Number(options.seconds), results };
mkdirSync(RESULTS, { recursive: true });
writeFileSync(join(RESULTS, 'storage.json'), JSON.stringify(report, undefined, 2));
console.log(renderTable(results));
console.log(JSON.stringify(report));
