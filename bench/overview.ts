/**
 * `npm run bench:overview`: how long everything takes that the console's overview asks, on 100,000 recorded requests of
 * two days, by HTTP from a gateway on the embedded database and one on PostgreSQL. With `--quick` on fewer requests.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import type { CallRecord } from '../src/records/journal/record.ts';
import { KnownThere, insertTraces } from '../src/records/traces/trace-store.ts';
import { toTraceRow } from '../src/records/traces/trace-row.ts';
import { type Random, integerBetween, seededRandom } from '../src/models/simulator/random.ts';
import { openDatabase } from '../src/storage/database/database.ts';
import { migrate } from '../src/storage/migrate.ts';
import { noPostgres, startPostgres } from '../test/support/postgres-server.ts';
import { Child } from './child.ts';
import { startReplica } from './drill/replicas.ts';
import { interruption } from './drill/site.ts';
import { type Check, atMost, checkTable, markdownTable, most, quantile } from './drill/verdict.ts';
import { RecordMaker } from './record-maker.ts';
import { describeMachine } from './report.ts';

const RESULTS = fileURLToPath(new URL('./results', import.meta.url));
const LIMIT_MS = 300;
const QUICK_REQUESTS = 10_000;
const RUNS = 20;
const BATCH = 500;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const CACHED_SHARE = 0.2;
const log = { info: () => {}, warn: console.warn, error: console.error };

const { values: options } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});

interface Timed {
  readonly database: string;
  readonly title: string;
  /** With nothing of it in memory yet. */
  readonly firstMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** What the page asks, and what it asks when somebody narrows it. */
const QUESTIONS: readonly (readonly [title: string, path: () => string])[] = [
  ['overview of a day', () => '/admin/v1/overview'],
  ['of an hour', () => `/admin/v1/overview?since=${Date.now() - HOUR_MS}`],
  ['of a month', () => `/admin/v1/overview?since=${Date.now() - 30 * DAY_MS}`],
  ['of a project', () => '/admin/v1/overview?project=project-3'],
  ['of a model', () => '/admin/v1/overview?virtual_model=chat'],
  ['of both', () => '/admin/v1/overview?project=project-3&virtual_model=chat'],
  ['verdicts of a day', () => '/admin/v1/guards/verdicts?by=guard,verdict'],
  ['the latest requests', () => '/admin/v1/traces?limit=20'],
  ['objectives', () => '/admin/v1/objectives'],
  ['alerts', () => '/admin/v1/alerts'],
  ['budgets', () => '/admin/v1/budgets'],
];

/** Two days of requests until now, evenly: as many of today as of the day that they are compared with. */
async function fill(dataDir: string, url: string | undefined, requests: number): Promise<void> {
  const database = await openDatabase({ dataDir, url, log });
  await migrate(database);
  const random = seededRandom(1);
  const maker = new RecordMaker({
    lines: Array.from({ length: 1000 }, () => sizes(random)),
    seed: 2,
    policy: { bodies: 'none', sample: 1, retentionClass: '', search: false },
    bytesPerToken: 0,
    maxTextBytes: 0,
  });
  const from = Date.now() - 2 * DAY_MS;
  const known = new KnownThere();
  for (let made = 0; made < requests; made += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, requests - made) }, (_, at) => {
      const startedAt = Math.floor(from + ((made + at) / requests) * 2 * DAY_MS);
      const record = withMore(maker.next(startedAt).record, random);
      return toTraceRow({ record, input: undefined, output: undefined, textsDropped: false });
    });
    await insertTraces(database.pool, rows, known);
  }
  await database.close();
}

function sizes(random: Random) {
  return { atMs: 0, inputTokens: integerBetween(random, 20, 4000), outputTokens: integerBetween(random, 5, 800) };
}

/** What caches and guards did. */
function withMore(record: CallRecord, random: Random): CallRecord {
  const screened: CallRecord = {
    ...record,
    guardPolicies: ['default'],
    verdicts: [
      { guard: 'pii', place: 'input', outcome: random() < 0.1 ? 'redacted' : 'passed', micros: 80 },
      { guard: 'injection', place: 'input', outcome: 'passed', micros: 40 },
    ],
  };
  if (random() >= CACHED_SHARE) return { ...screened, cache: 'miss' };
  const saving = { mechanism: 'exact', nanoUsd: record.costNanoUsd, inputTokens: 100, outputTokens: 50 } as const;
  return {
    ...screened,
    attempts: [],
    usage: undefined,
    costNanoUsd: 0,
    latencyMs: 2,
    cache: 'exact',
    savings: [saving],
  };
}

async function measure(database: string, url: string | undefined, requests: number, scratch: string): Promise<Timed[]> {
  const folder = mkdtempSync(join(scratch, 'site-'));
  const dataDir = join(folder, 'gateway', 'data');
  mkdirSync(dataDir, { recursive: true });
  console.error(`${database}: ${requests} requests are recorded`);
  await fill(dataDir, url, requests);
  const children: Child[] = [];
  const launch = (plan: Omit<ConstructorParameters<typeof Child>[0], 'logs'>): Child => {
    const child = new Child({ ...plan, logs: scratch });
    children.push(child);
    return child;
  };
  const adminKey = randomBytes(32).toString('base64url');
  try {
    const plan = { folder, config: {}, adminKey, databaseUrl: url, redisUrl: undefined };
    const gateway = await startReplica(launch, 'gateway', plan);
    const timed: Timed[] = [];
    for (const [title, path] of QUESTIONS) {
      const firstMs = await ask(gateway.url, path(), adminKey);
      const times: number[] = [];
      for (let run = 0; run < RUNS; run += 1) times.push(await ask(gateway.url, path(), adminKey));
      timed.push({ database, title, firstMs, p50Ms: quantile(times, 0.5), p95Ms: quantile(times, 0.95) });
    }
    return timed;
  } finally {
    await Promise.all(children.map((child) => child.stop()));
  }
}

/** Milliseconds until the whole answer is there. */
async function ask(url: string, path: string, adminKey: string): Promise<number> {
  const from = performance.now();
  const response = await fetch(url + path, { headers: { authorization: `Bearer ${adminKey}` } });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
  return performance.now() - from;
}

/** @throws Error naming the option at fault */
function requestsOf(text: string): number {
  const requests = Number(text);
  if (Number.isInteger(requests) && requests >= 1000) return requests;
  throw new Error(`"${text}" is not right for --requests: write a whole number from 1000 on`);
}

async function main(): Promise<0 | 1> {
  const requests = options.quick ? QUICK_REQUESTS : requestsOf(options.requests);
  const scratch = mkdtempSync(join(tmpdir(), 'causeway-bench-overview-'));
  const timed: Timed[] = [];
  const isMeant = (name: string) => options.only === undefined || options.only === name;
  try {
    if (isMeant('embedded')) timed.push(...(await measure('embedded', undefined, requests, scratch)));
    if (noPostgres) console.log(`PostgreSQL is left out: ${noPostgres}`);
    else if (isMeant('PostgreSQL')) {
      const server = await startPostgres();
      try {
        timed.push(...(await measure('PostgreSQL', server.url, requests, scratch)));
      } finally {
        await server.close();
      }
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  const machine = describeMachine();
  // On a machine that does something else beside, the times are those of both.
  const load = loadavg().map((one) => one.toFixed(2));
  mkdirSync(RESULTS, { recursive: true });
  const report = { at: new Date().toISOString(), machine, load, requests, timed };
  writeFileSync(join(RESULTS, 'overview.json'), JSON.stringify(report, undefined, 2));
  const rows = timed.map(({ database, title, ...times }) => {
    return [database, title, ...[times.firstMs, times.p50Ms, times.p95Ms].map((ms) => ms.toFixed(1))];
  });
  const longest = most(timed.map(({ p95Ms }) => p95Ms));
  const checks: Check[] = [atMost('longest answer, p95', longest, LIMIT_MS, ' ms')];
  console.log(
    `# Overview of ${requests} requests\n\n${machine.cores} cores of ${machine.cpu}, Node ${machine.node}, load average ${load.join(' ')}\n`,
  );
  console.log(
    `${markdownTable(['database', 'question', 'first ms', 'p50 ms', 'p95 ms'], rows)}\n\n${checkTable(checks)}`,
  );
  const missed = timed.filter(({ p95Ms }) => p95Ms > LIMIT_MS);
  for (const { database, title, p95Ms } of missed) {
    console.log(
      `MISSED: ${title} (${database}) took ${p95Ms.toFixed(0)} ms, over ${LIMIT_MS} ms, at a load of ${load[0]}`,
    );
  }
  return missed.length > 0 ? 1 : 0;
}

const BROKEN = 2;
let code = BROKEN;
try {
  code = await Promise.race([main(), interruption()]);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
}
// After an interruption something may still be on its way; it has nobody left to ask.
process.exit(code);
