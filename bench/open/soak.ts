/**
 * `npm run bench:soak -- --minutes 30`: half of what the gateway can do, for long. Its heap and its resident memory must
 * stay where they are once the first minutes are over.
 */
import { mkdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import type { Child } from '../child.ts';
import type { Ground } from '../drill/site.ts';
import { type Check, markdownTable } from '../drill/verdict.ts';
import type { Party } from '../parties.ts';
import type { ArrivalsResult } from './arrivals-load.ts';
import { capacityOf } from './capacity.ts';
import { countOf, databaseOf, runCase } from './command.ts';
import { type Drift, MOST_DRIFT, type Point, driftOf, isFlat } from './drift.ts';
import { wrongText } from './figures.ts';
import { heading, launchReady, openParties, pathOf } from './site.ts';

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    settle: { type: 'string' },
    rate: { type: 'string' },
    out: { type: 'string' },
    database: { type: 'string', default: 'postgres' },
    quick: { type: 'boolean', default: false },
  },
});

const MB = 1024 ** 2;
/** Each look at the heap collects it first, for which the gateway stands still: not so often that this is what is measured. */
const [LEAST_SAMPLE_MS, SAMPLES] = [10_000, 40];
const QUICK_SAMPLE_MS = 1000;
const QUICK_MINUTES = 0.2;
const MOST_SETTLE_MINUTES = 5;
const SHARE_OF_CAPACITY = 0.5;
const CONNECTIONS = 64;
const GRACE_MS = 60_000;
/** What PostgreSQL keeps of a request, with its texts and indexes. */
const BYTES_PER_TRACE = 8192;
const TOLD_EVERY = 6;

interface MemoryPoint {
  readonly seconds: number;
  readonly rssMb: number;
  readonly heapMb: number;
  readonly externalMb: number;
}

interface Shape {
  readonly minutes: number;
  readonly settleMinutes: number;
  readonly sampleMs: number;
}

function shapeOf(): Shape {
  const minutes = options.quick ? QUICK_MINUTES : countOf('minutes', options.minutes);
  const settle = options.settle === undefined ? Math.min(MOST_SETTLE_MINUTES, minutes / 3) : Number(options.settle);
  const sampleMs = Math.max(LEAST_SAMPLE_MS, (minutes * 60_000) / SAMPLES);
  return { minutes, settleMinutes: settle, sampleMs: options.quick ? QUICK_SAMPLE_MS : sampleMs };
}

/** Resident memory before the collection: that is what the process has by itself. */
async function sample(gateway: Child, startedAt: number): Promise<MemoryPoint> {
  const status = readFileSync(`/proc/${gateway.pid}/status`, 'utf8');
  const rssMb = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
  const { heapUsed, external } = await gateway.ask('memory');
  return {
    seconds: Math.round((performance.now() - startedAt) / 1000),
    rssMb,
    heapMb: heapUsed / MB,
    externalMb: external / MB,
  };
}

async function soak(load: Child, party: Party, perSecond: number, { minutes, sampleMs }: Shape) {
  const { url, headers, model, child } = party;
  const seconds = minutes * 60;
  const poured = load.hear('poured', seconds * 1000 + GRACE_MS);
  // Whatever goes wrong at the start is told there.
  poured.catch(() => {});
  await load.ask('pour', {
    url,
    headers,
    model,
    perSecond,
    seconds,
    arrivals: 'poisson',
    seed: 1,
    streamed: [false, true],
    connections: CONNECTIONS,
  });
  const points: MemoryPoint[] = [];
  const startedAt = performance.now();
  const ended = poured.then(() => true);
  while (!(await Promise.race([ended, pause(sampleMs, false)]))) {
    const point = await sample(child, startedAt);
    points.push(point);
    if (points.length % TOLD_EVERY === 0) console.error(textOf(point));
  }
  return { points, result: await poured };
}

function textOf({ seconds, rssMb, heapMb, externalMb }: MemoryPoint): string {
  const [rss, heap, external] = [rssMb, heapMb, externalMb].map((mb) => mb.toFixed(1));
  return `${seconds} s: resident ${rss} MB, heap ${heap} MB, external ${external} MB`;
}

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;

function driftCheck(what: string, points: readonly Point[]): Check {
  const drift = driftOf(points);
  return {
    what: `${what} in 10 minutes, of its level`,
    target: percent(MOST_DRIFT),
    seen: driftText(drift),
    // Seconds after a start say nothing of what stays.
    ...(options.quick ? {} : { met: isFlat(drift) }),
  };
}

function driftText({ share, low, high, level }: Drift): string {
  return `${percent(share)} (95 %: ${percent(low)} – ${percent(high)}) of ${level.toFixed(1)} MB`;
}

function checksOf(points: readonly MemoryPoint[], result: ArrivalsResult, { settleMinutes }: Shape): Check[] {
  const settled = points.filter(({ seconds }) => seconds >= settleMinutes * 60);
  const series = (of: (point: MemoryPoint) => number): Point[] => settled.map((point) => [point.seconds, of(point)]);
  return [
    driftCheck(
      'heap after a collection',
      series(({ heapMb }) => heapMb),
    ),
    driftCheck(
      'heap and external memory',
      series(({ heapMb, externalMb }) => heapMb + externalMb),
    ),
    driftCheck(
      'resident memory',
      series(({ rssMb }) => rssMb),
    ),
    { what: 'wrong answers', target: '0', seen: wrongText(result.wrong), met: result.errors === 0 },
  ];
}

function tableOf(points: readonly MemoryPoint[]): string {
  const every = Math.max(1, Math.floor(points.length / 15));
  const rows = points
    .filter((_, at) => at % every === 0 || at === points.length - 1)
    .map(({ seconds, ...mb }) => [
      String(seconds),
      ...[mb.rssMb, mb.heapMb, mb.externalMb].map((each) => each.toFixed(1)),
    ]);
  return markdownTable(['s', 'resident MB', 'heap MB', 'external MB'], rows);
}

function requireRoom(requests: number): void {
  const { bavail, bsize } = statfsSync(tmpdir());
  const needed = requests * BYTES_PER_TRACE;
  if (bavail * bsize > needed) return;
  throw new Error(
    `the records take up to ${(needed / 1024 ** 3).toFixed(1)} GB in ${tmpdir()}, which has less; TMPDIR names another folder`,
  );
}

async function measure(ground: Ground): Promise<readonly Check[]> {
  const shape = shapeOf();
  const database = databaseOf(options.database);
  console.log(heading(`${shape.minutes} minutes at half load`, database));
  const env = { NODE_OPTIONS: `--import ${pathOf('../drill/memory-probe.ts')}`, DRILL_MEMORY: 'armed' };
  const { gateway } = await openParties(ground, pathOf('../upstream.ts'), database, { env });
  const { child: load } = await launchReady(ground.launch, 'load', pathOf('./arrivals-load.ts'));
  const perSecond =
    options.rate === undefined
      ? Math.round((await capacityOf(ground.launch, gateway, options.quick)) * SHARE_OF_CAPACITY)
      : countOf('rate', options.rate);
  requireRoom(perSecond * shape.minutes * 60);
  console.error(`${perSecond} requests/s`);
  const { points, result } = await soak(load, gateway, perSecond, shape);
  const { p50, p99, count } = result.latency;
  console.log(
    `${perSecond} requests/s, every other one streamed: ${count} right answers, p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms, with a standstill every ${shape.sampleMs / 1000} s in which this bench has the heap collected. ` +
      `A level is flat where the middle of all slopes after the first ${shape.settleMinutes.toFixed(1)} minutes is at most ${percent(MOST_DRIFT)} ` +
      'in ten minutes, or where its 95 % interval holds zero.\n',
  );
  console.log(tableOf(points));
  if (options.out !== undefined) {
    mkdirSync(dirname(options.out), { recursive: true });
    writeFileSync(options.out, `${JSON.stringify({ perSecond, shape, points, result })}\n`);
  }
  return checksOf(points, result, shape);
}

await runCase(measure);
