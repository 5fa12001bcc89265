/**
 * `npm run bench:traces`: how long it takes to find something among a million traces of a month, through the admin API
 * of a gateway on PostgreSQL. Each question is asked 20 times, each time of something else, and first of all right
 * after PostgreSQL was started anew.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { openDatabase } from '../src/storage/database/database.ts';
import { migrate } from '../src/storage/migrate.ts';
import { type PostgresServer, noPostgres, startPostgres } from '../test/support/postgres-server.ts';
import { noAzureTrace } from './azure-trace.ts';
import { Child } from './child.ts';
import { startReplica } from './drill/replicas.ts';
import { type Check, atMost, checkTable, markdownTable, most } from './drill/verdict.ts';
import { describeMachine } from './report.ts';
import { fillTraces } from './traces-fill.ts';
import { type AdminApi, type TimedQuestion, timeQuestion } from './traces-measure.ts';
import { type KnownTraces, questionsAbout } from './traces-questions.ts';

const RESULTS = fileURLToPath(new URL('./results', import.meta.url));
const DAY_MS = 86_400_000;
const DAYS = 30;
const RUNS = 20;
const QUICK_TRACES = 20_000;
const LIMIT_MS = 300;
/** The last day is left as it was written; the others have been looked after, as the database does by itself. */
const LOOKED_AFTER = (DAYS - 1) / DAYS;
const GB = 2 ** 30;
const DISK_BYTES_PER_TRACE = 12_000;
const SAMPLED_IDS = 200;
const log = { info: () => {}, warn: console.warn, error: console.error };

const { values: options } = parseArgs({
  options: { traces: { type: 'string', default: '1000000' }, quick: { type: 'boolean', default: false } },
});

interface Filled extends KnownTraces {
  readonly traces: number;
  readonly seconds: number;
  readonly databaseGb: number;
  readonly folderGb: number;
}

/** @throws Error naming the option at fault */
function tracesOf(text: string): number {
  const traces = Number(text);
  if (Number.isInteger(traces) && traces >= 1000) return traces;
  throw new Error(`"${text}" is not right for --traces: write a whole number from 1000 on`);
}

function requireDisk(traces: number): void {
  const { bavail, bsize } = statfsSync(tmpdir());
  const [free, needed] = [bavail * bsize, traces * DISK_BYTES_PER_TRACE];
  if (free < needed) {
    throw new Error(`${(needed / GB).toFixed(0)} GB are needed in ${tmpdir()}, and ${(free / GB).toFixed(0)} are free`);
  }
}

/** A month until now. */
async function fill({ url }: PostgresServer, traces: number): Promise<Filled> {
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
    const ids = await database.pool.query<{ trace_id: string }>(
      'select trace_id from traces tablesample system (2) order by random() limit $1',
      [SAMPLED_IDS],
    );
    return {
      traces,
      until,
      seconds,
      ids: ids.rows.map((row) => row.trace_id),
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
  return Number(/^\d+/.exec(execFileSync('du', ['-sb', folder], { encoding: 'utf8' }))?.[0]);
}

async function measureAll(server: PostgresServer, filled: Filled, scratch: string): Promise<TimedQuestion[]> {
  const children: Child[] = [];
  const launch = (plan: Omit<ConstructorParameters<typeof Child>[0], 'logs'>): Child => {
    const child = new Child({ ...plan, logs: scratch });
    children.push(child);
    return child;
  };
  const adminKey = randomBytes(32).toString('base64url');
  // Nothing expires while it is looked for.
  const config = { records: { retention: `${2 * DAYS}d` } };
  const plan = { folder: scratch, config, adminKey, databaseUrl: server.url, redisUrl: undefined };
  try {
    const { url } = await startReplica(launch, 'gateway', plan);
    const api: AdminApi = { url, adminKey };
    const timed: TimedQuestion[] = [];
    for (const question of questionsAbout(filled)) {
      console.error(question.title);
      timed.push(await timeQuestion(api, question, RUNS, () => startAnew(server)));
    }
    return timed;
  } finally {
    await Promise.all(children.map((child) => child.stop()));
  }
}

/** Its own memory is empty then; that of the system is not. */
async function startAnew(server: PostgresServer): Promise<void> {
  await server.stop();
  await server.start();
}

function table(timed: readonly TimedQuestion[]): string {
  const rows = timed.map(({ title, rows: [fewest, many], firstMs, p50Ms, p95Ms }) => [
    title,
    fewest === many ? String(many) : `${fewest} – ${many}`,
    firstMs.toFixed(0),
    p50Ms.toFixed(1),
    p95Ms.toFixed(1),
  ]);
  return markdownTable(['question', 'rows', 'first ms', 'p50 ms', 'p95 ms'], rows);
}

async function main(): Promise<0 | 1> {
  const traces = options.quick ? QUICK_TRACES : tracesOf(options.traces);
  const missing = noPostgres || noAzureTrace;
  if (missing) {
    console.log(`Nothing is measured: ${missing}`);
    return 0;
  }
  requireDisk(traces);
  const scratch = mkdtempSync(join(tmpdir(), 'causeway-bench-traces-'));
  const server = await startPostgres();
  try {
    const filled = await fill(server, traces);
    const timed = await measureAll(server, filled, scratch);
    const { ids: _ids, ...facts } = filled;
    const machine = describeMachine();
    mkdirSync(RESULTS, { recursive: true });
    const report = { at: new Date().toISOString(), machine, ...facts, timed };
    writeFileSync(join(RESULTS, 'traces.json'), JSON.stringify(report, undefined, 2));
    console.log(`# A month of ${traces} traces\n\n${machine.cores} cores of ${machine.cpu}, Node ${machine.node}\n`);
    console.log(
      `Written in ${facts.seconds.toFixed(0)} s, ${(traces / facts.seconds).toFixed(0)} a second. The database has ${facts.databaseGb.toFixed(2)} GB, its folder ${facts.folderGb.toFixed(2)} GB.\n`,
    );
    const checks = checksOf(timed);
    const faults = timed.flatMap(({ title, fault }) => (fault === undefined ? [] : [`${title}: ${fault}`]));
    console.log([table(timed), ...faults, checkTable(checks)].join('\n\n'));
    return checks.some(({ met }) => met === false) ? 1 : 0;
  } finally {
    await server.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

function checksOf(timed: readonly TimedQuestion[]): Check[] {
  const slowest = timed.toSorted((a, b) => b.p95Ms - a.p95Ms)[0];
  return [
    atMost(`p95 of the slowest question (${slowest?.title})`, slowest?.p95Ms ?? Number.NaN, LIMIT_MS, ' ms'),
    atMost('the slowest first answer', most(timed.map(({ firstMs }) => firstMs)), LIMIT_MS, ' ms'),
    atMost('questions that were refused', timed.filter(({ fault }) => fault !== undefined).length, 0),
  ];
}

const BROKEN = 2;
try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = BROKEN;
}
