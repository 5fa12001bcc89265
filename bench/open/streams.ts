/**
 * `npm run bench:streams`: a thousand streams at a time of 50 tokens a second each. How late is each token where it is
 * read, straight from the upstream, through the least relay there can be and through the gateway, in turns; and how much
 * memory does the gateway take?
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import type { Child } from '../child.ts';
import type { Ground } from '../drill/site.ts';
import { type Check, atMost, markdownTable } from '../drill/verdict.ts';
import { type Party, openFloor } from '../parties.ts';
import { countOf, databaseOf, runCase } from './command.ts';
import { spreadText } from './figures.ts';
import { median, spreadOf } from '../spread.ts';
import { TOKEN_MS } from './paced-stream.ts';
import type { PaceStats } from './paced-upstream.ts';
import type { ReadResult } from './paced-reader.ts';
import { heading, launchReady, openParties, pathOf } from './site.ts';

const { values: options } = parseArgs({
  options: {
    streams: { type: 'string' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    warmup: { type: 'string' },
    tokens: { type: 'string' },
    database: { type: 'string', default: 'postgres' },
    quick: { type: 'boolean', default: false },
  },
});

const FULL = { streams: '1000', rounds: '3', seconds: '15', warmup: '20', tokens: '500' };
const QUICK = { streams: '200', rounds: '1', seconds: '4', warmup: '3', tokens: '100' };
const MOST_LATER_MS = 20;
const MOST_RSS_MB = 300;
const MB = 1024 ** 2;
const GRACE_MS = 30_000;
const RSS_EVERY_MS = 500;

interface Way {
  readonly read: ReadResult;
  readonly pace: PaceStats;
  /** Part of the time that the thread which writes or relays was on a CPU. */
  readonly upstreamBusy: number;
  readonly relayBusy: number;
  readonly mostRssBytes: number;
}

const WAYS = ['direct', 'floor', 'gateway'] as const;
type Turn = Readonly<Record<(typeof WAYS)[number], Way>>;

interface Bench {
  readonly upstream: Child;
  readonly reader: Child;
  readonly streams: number;
  readonly tokens: number;
}

/** Of this process alone: the embedded database and PostgreSQL are others. */
function rssBytesOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

async function read({ upstream, reader, streams, tokens }: Bench, party: Party, seconds: number): Promise<Way> {
  const { url, headers, model, child } = party;
  let mostRssBytes = 0;
  const watch = setInterval(() => {
    mostRssBytes = Math.max(mostRssBytes, rssBytesOf(child.pid));
  }, RSS_EVERY_MS);
  try {
    const done = reader.hear('readings', seconds * 1000 + tokens * TOKEN_MS + GRACE_MS);
    // Whatever goes wrong at the start is told there.
    done.catch(() => {});
    await reader.ask('read', { url, headers, model, streams, tokens, seconds });
    const from = await samples(upstream, child);
    const result = await done;
    const until = await samples(upstream, child);
    const busy = (at: 'upstreamUs' | 'relayUs'): number => (until[at] - from[at]) / (until.atMs - from.atMs) / 1000;
    return {
      read: result,
      pace: until.pace,
      upstreamBusy: busy('upstreamUs'),
      relayBusy: busy('relayUs'),
      mostRssBytes,
    };
  } finally {
    clearInterval(watch);
  }
}

async function samples(upstream: Child, relay: Child) {
  const [pace, { threadCpuUs: relayUs }] = await Promise.all([upstream.ask('pace'), relay.ask('sample')]);
  return { pace, relayUs, upstreamUs: pace.threadCpuUs, atMs: performance.now() };
}

function rowsOf(turns: readonly Turn[]): string[][] {
  const cell = (name: (typeof WAYS)[number], of: (way: Way) => number, digits = 1): string =>
    spreadText(spreadOf(turns.map((turn) => of(turn[name]))), digits);
  return WAYS.map((name) => [
    name,
    cell(name, (way) => way.read.lateness.p50),
    cell(name, (way) => way.read.lateness.p99),
    cell(name, (way) => way.read.lateness.max, 0),
    cell(name, (way) => way.pace.writing.p99),
    cell(name, (way) => way.read.first.p50),
    cell(name, (way) => way.read.lateness.count / way.read.seconds, 0),
    cell(name, (way) => way.upstreamBusy * 100, 0),
    name === 'direct' ? '–' : cell(name, (way) => way.relayBusy * 100, 0),
    cell(name, (way) => way.read.busy * 100, 0),
  ]);
}

const TITLES = [
  '',
  'late p50',
  'late p99',
  'latest',
  'written late p99',
  'first token p50',
  'tokens/s',
  'upstream busy %',
  'relay busy %',
  'reader busy %',
];

function checksOf(turns: readonly Turn[]): Check[] {
  const later = spreadOf(turns.map(({ direct, gateway }) => gateway.read.lateness.p99 - direct.read.lateness.p99));
  const rss = Math.max(...turns.map(({ gateway }) => gateway.mostRssBytes)) / MB;
  const ways = turns.flatMap((turn) => WAYS.map((name) => turn[name].read));
  const errors = ways.reduce((sum, way) => sum + way.errors, 0);
  const first = ways.find((way) => way.errors > 0)?.firstError;
  return [
    {
      what: 'p99 of lateness over direct',
      target: `${MOST_LATER_MS} ms`,
      seen: `${spreadText(later, 1)} ms`,
      met: later.median <= MOST_LATER_MS,
    },
    {
      ...atMost('resident memory of the gateway process', Math.round(rss), MOST_RSS_MB, ' MB'),
      target: `${MOST_RSS_MB} MB`,
    },
    {
      what: 'wrong streams',
      target: '0',
      seen: first === undefined ? '0' : `${errors}, the first: ${first}`,
      met: errors === 0,
    },
  ];
}

async function measure(ground: Ground): Promise<readonly Check[]> {
  const shape = options.quick ? QUICK : FULL;
  const given = (name: keyof typeof FULL): number => countOf(name, options[name] ?? shape[name]);
  const database = databaseOf(options.database);
  const seconds = given('seconds');
  console.log(heading(`${given('streams')} streams of 50 tokens/s`, database));
  const { upstream, direct, gateway } = await openParties(ground, pathOf('./paced-upstream.ts'), database);
  const { child: reader } = await launchReady(ground.launch, 'reader', pathOf('./paced-reader.ts'));
  const bench = { upstream, reader, streams: given('streams'), tokens: given('tokens') };
  const site = { upstream, upstreamOrigin: new URL(direct.url).origin, scratch: ground.folder, launch: ground.launch };
  const floor = await openFloor(site);
  for (const party of [direct, floor, gateway]) {
    console.error(`warm-up ${party.name}`);
    await read(bench, party, given('warmup'));
  }
  const turns: Turn[] = [];
  for (let round = 1; round <= given('rounds'); round += 1) {
    console.error(`round ${round}`);
    const turn = { direct: await read(bench, direct, seconds), floor: await read(bench, floor, seconds) };
    turns.push({ ...turn, gateway: await read(bench, gateway, seconds) });
  }
  console.log(`Milliseconds: the median of ${turns.length} rounds of ${seconds} s (least – most).\n`);
  console.log(markdownTable(TITLES, rowsOf(turns)));
  const rss = median(turns.map((turn) => turn.gateway.mostRssBytes)) / MB;
  console.error(`resident memory: ${rss.toFixed(0)} MB`);
  return checksOf(turns);
}

await runCase(measure);
