/**
 * `npm run bench:traces`: how long it takes to find something among a million traces of a month, through the admin API
 * of a gateway on PostgreSQL. Each question is asked 20 times, each time of something else, and first of all right
 * after PostgreSQL was started anew.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { partitionsOf } from '../src/records/traces/partitions/partition-list-store.ts';
import { dropPartition } from '../src/records/traces/retention/retention-store.ts';
import { openDatabase } from '../src/storage/database/database.ts';
import { type PostgresServer, noPostgres, startPostgres } from '../test/support/postgres-server.ts';
import { noAzureTrace } from './azure-trace.ts';
import { Child } from './child.ts';
import { startReplica } from './drill/replicas.ts';
import { interruption } from './drill/site.ts';
import { type Check, atMost, checkTable, markdownTable, most } from './drill/verdict.ts';
import { describeMachine } from './report.ts';
import { type AdminApi, type TimedQuestion, timeQuestion } from './traces-measure.ts';
import { DAYS, type Filled, fillMonth, requireDisk } from './traces-month.ts';
import { questionsAbout } from './traces-questions.ts';

const RESULTS = fileURLToPath(new URL('./results', import.meta.url));
const RUNS = 20;
const QUICK_TRACES = 20_000;
const LIMIT_MS = 300;
const log = { info: () => {}, warn: console.warn, error: console.error };

const { values: options } = parseArgs({
  options: { traces: { type: 'string', default: '1000000' }, quick: { type: 'boolean', default: false } },
});

/** @throws Error naming the option at fault */
function tracesOf(text: string): number {
  const traces = Number(text);
  if (Number.isInteger(traces) && traces >= 1000) return traces;
  throw new Error(`"${text}" is not right for --traces: write a whole number from 1000 on`);
}

async function fillAndMeasure(
  server: PostgresServer,
  traces: number,
  scratch: string,
): Promise<{ filled: Filled; timed: TimedQuestion[] }> {
  const filled = await fillMonth(server, traces);
  return { filled, timed: await measureAll(server, filled, scratch) };
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

/** The first whole day, as its retention does it. */
async function dropOldest({ url }: PostgresServer): Promise<number> {
  const database = await openDatabase({ dataDir: tmpdir(), url, log });
  try {
    const [, first] = await partitionsOf(database);
    const from = performance.now();
    const isDropped = first !== undefined && (await dropPartition(database, first.name));
    return isDropped ? performance.now() - from : Number.NaN;
  } finally {
    await database.close();
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
    const { filled, timed } = await Promise.race([fillAndMeasure(server, traces, scratch), interruption()]);
    const { ids: _ids, conversations: _conversations, ...facts } = filled;
    const dropMs = await dropOldest(server);
    const machine = describeMachine();
    mkdirSync(RESULTS, { recursive: true });
    const report = { at: new Date().toISOString(), machine, ...facts, timed, dropMs };
    writeFileSync(join(RESULTS, 'traces.json'), JSON.stringify(report, undefined, 2));
    console.log(`# A month of ${traces} traces\n\n${machine.cores} cores of ${machine.cpu}, Node ${machine.node}\n`);
    console.log(
      `Written in ${facts.seconds.toFixed(0)} s, ${(traces / facts.seconds).toFixed(0)} a second. The database has ${facts.databaseGb.toFixed(2)} GB, its folder ${facts.folderGb.toFixed(2)} GB.\n`,
    );
    const checks = checksOf(timed, dropMs);
    const faults = timed.flatMap(({ title, fault }) => (fault === undefined ? [] : [`${title}: ${fault}`]));
    console.log([table(timed), ...faults, checkTable(checks)].join('\n\n'));
    return checks.some(({ met }) => met === false) ? 1 : 0;
  } finally {
    await server.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

function checksOf(timed: readonly TimedQuestion[], dropMs: number): Check[] {
  const slowest = timed.toSorted((a, b) => b.p95Ms - a.p95Ms)[0];
  return [
    atMost(`p95 of the slowest question (${slowest?.title})`, slowest?.p95Ms ?? Number.NaN, LIMIT_MS, ' ms'),
    atMost('the slowest first answer', most(timed.map(({ firstMs }) => firstMs)), LIMIT_MS, ' ms'),
    atMost('a day is dropped, as when it has expired', dropMs, LIMIT_MS, ' ms'),
    atMost('questions that were refused', timed.filter(({ fault }) => fault !== undefined).length, 0),
  ];
}

const BROKEN = 2;
let code = BROKEN;
try {
  code = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
}
// After an interruption something may still be on its way; it has nobody left to ask.
process.exit(code);
