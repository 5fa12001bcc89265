import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { type RedisServer, startRedis } from '../test/support/redis-server.ts';
import { Child } from './child.ts';
import { type Check, atMost, checkTable, markdownTable, quantile } from './drill/verdict.ts';
import { type Measurement, measure } from './measure.ts';
import { type Party, type Site, openFloor } from './parties.ts';
import { QUOTA_PARTIES, type QuotaPartyName, openQuotaParty } from './quotas-parties.ts';
import { describeMachine } from './report.ts';

/** `npm run bench:quotas`: what limits on five dimensions and an address, and three budgets, add to a request. */

type Name = 'floor' | QuotaPartyName;

const CASE = { name: 'chat-32', stream: false, concurrency: 32 };
const FORMS = { full: { rounds: 15, seconds: 2, warmup: 8 }, quick: { rounds: 3, seconds: 1, warmup: 3 } };
const MOST_MEMORY_US = 10;
const MOST_REDIS_US = 40;
/** One to take, and at most one to settle, off the path. */
const MOST_SCRIPTS = 2;
const SCRIPT_CALLS = /cmdstat_(?:evalsha|eval|fcall):calls=(\d+)/g;

/** One round of one party. */
interface Round {
  readonly name: Name;
  readonly measurement: Measurement;
  /** Script calls that Redis counted for each request. */
  readonly scripts: number | undefined;
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

function scriptCalls(redis: RedisServer): number {
  const stats = redis.ask('INFO', 'commandstats');
  return [...stats.matchAll(SCRIPT_CALLS)].reduce((sum, [, calls]) => sum + Number(calls), 0);
}

async function openAll(site: Site, redis: RedisServer): Promise<Map<Name, Party>> {
  const parties = new Map<Name, Party>([['floor', await openFloor(site)]]);
  for (const name of QUOTA_PARTIES) {
    parties.set(name, await openQuotaParty(name, site, name === 'redis' ? redis.url : undefined));
  }
  return parties;
}

/** Round by round, and within a round party by party, so that a noisy minute of the machine hits all alike. */
async function measureAll(site: Site, redis: RedisServer, form: typeof FORMS.full): Promise<Round[]> {
  const load = site.launch({ name: 'load', command: [pathOf('./load.ts')] });
  const parties = await openAll(site, redis);
  for (const party of parties.values()) {
    await measure(load, party, CASE, { warmupSeconds: 0, seconds: form.warmup });
  }
  const rounds: Round[] = [];
  for (let round = 1; round <= form.rounds; round += 1) {
    console.error(`round ${round} of ${form.rounds}`);
    // There and back, so that nobody always comes after the same other.
    const order = round % 2 === 0 ? [...parties].toReversed() : [...parties];
    for (const [name, party] of order) {
      const before = scriptCalls(redis);
      const measurement = await measure(load, party, CASE, { warmupSeconds: 0.3, seconds: form.seconds });
      const scripts = name === 'redis' ? (scriptCalls(redis) - before) / measurement.sent : undefined;
      rounds.push({ name, measurement, scripts });
    }
  }
  return rounds;
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

function report(rounds: readonly Round[]): Check[] {
  const of = (name: Name): Round[] => rounds.filter((round) => round.name === name);
  const cpu = (name: Name): number[] => of(name).map(({ measurement }) => measurement.threadCpuUsPerRequest);
  const [floor, without] = [cpu('floor'), cpu('without')];
  // Within a round, so that what changes from minute to minute is in both.
  const added = (name: Name): number[] => cpu(name).map((us, at) => us - (without[at] ?? Number.NaN));
  const titles = [
    'party',
    'req/s',
    'p50 ms',
    'p99 ms',
    'thread µs/req',
    '÷ floor',
    'added µs, median (least – most)',
    'errors',
  ];
  const rows = (['floor', ...QUOTA_PARTIES] as const).map((name) => {
    const figures = of(name).map(({ measurement }) => measurement);
    const more = added(name);
    const isCounting = name === 'memory' || name === 'redis';
    return [
      name,
      median(figures.map(({ requestsPerSecond }) => requestsPerSecond)).toFixed(0),
      median(figures.map(({ p50Ms }) => p50Ms)).toFixed(2),
      median(figures.map(({ p99Ms }) => p99Ms)).toFixed(2),
      median(cpu(name)).toFixed(1),
      median(cpu(name).map((us, at) => us / (floor[at] ?? Number.NaN))).toFixed(2),
      isCounting
        ? `${median(more).toFixed(1)} (${Math.min(...more).toFixed(1)} – ${Math.max(...more).toFixed(1)})`
        : '',
      String(figures.reduce((sum, { errors }) => sum + errors, 0)),
    ];
  });
  console.log(markdownTable(titles, rows));
  const scripts = median(of('redis').map((round) => round.scripts ?? Number.NaN));
  const errors = rounds.reduce((sum, { measurement }) => sum + measurement.errors, 0);
  return [
    atMost('memory: request-thread CPU added to a request', median(added('memory')), MOST_MEMORY_US, ' µs'),
    atMost('Redis: request-thread CPU added to a request', median(added('redis')), MOST_REDIS_US, ' µs'),
    atMost('Redis: script calls for a request, settlement included', scripts, MOST_SCRIPTS),
    {
      what: 'Redis: script calls for a request, at least one',
      target: '≥ 1',
      seen: scripts.toFixed(2),
      met: scripts >= 0.99,
    },
    atMost('wrong answers', errors, 0),
  ];
}

/** Returns the exit code, as drills do: 1 where a target was missed. */
async function main(): Promise<0 | 1> {
  const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
  const scratch = mkdtempSync(join(tmpdir(), 'causeway-bench-'));
  const children: Child[] = [];
  const launch: Site['launch'] = (plan) => {
    const child = new Child({ ...plan, logs: scratch });
    children.push(child);
    return child;
  };
  const redis = await startRedis();
  try {
    const upstream = launch({ name: 'upstream', command: [pathOf('./upstream.ts')] });
    const { port } = await upstream.hear('ready');
    const site = { launch, scratch, upstream, upstreamOrigin: `http://127.0.0.1:${port}` };
    const rounds = await measureAll(site, redis, values.quick ? FORMS.quick : FORMS.full);
    const { cores, cpu, node } = describeMachine();
    console.log(`# What limits and budgets cost\n\n${cores} cores of ${cpu}, Node ${node}\n`);
    const checks = report(rounds);
    console.log(`\n${checkTable(checks)}`);
    return checks.some(({ met }) => met === false) ? 1 : 0;
  } finally {
    await Promise.all(children.map((child) => child.stop()));
    await redis.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

const BROKEN = 2;
try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = BROKEN;
}
