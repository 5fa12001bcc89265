/**
 * `npm run bench:latency`: what the gateway adds to the latency of an answer, at given requests a second that do not wait
 * for each other, beside the same load straight to the upstream, and through the least that a relay can be, in turns.
 */
import { parseArgs } from 'node:util';

import type { Child } from '../child.ts';
import type { Ground } from '../drill/site.ts';
import { type Check, markdownTable } from '../drill/verdict.ts';
import { type Party, openFloor } from '../parties.ts';
import type { ArrivalsResult } from './arrivals-load.ts';
import { countOf, databaseOf, runCase } from './command.ts';
import { spreadText, wrongText } from './figures.ts';
import { median, spreadOf } from '../spread.ts';
import type { Arrivals } from './schedule.ts';
import { type Parties, heading, launchReady, openParties, pathOf } from './site.ts';

const { values: options } = parseArgs({
  options: {
    rates: { type: 'string' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    warmup: { type: 'string' },
    arrivals: { type: 'string', default: 'poisson' },
    database: { type: 'string', default: 'postgres' },
    quick: { type: 'boolean', default: false },
  },
});

/** What is held to its targets. */
const TARGET_RATE = 1000;
const MOST_P50_MS = 0.3;
const MOST_P99_MS = 1.5;
const CONNECTIONS = 64;
const GRACE_MS = 40_000;
const WARM_UP_SHARES = [0.25, 0.5, 0.75, 1, 1];
const FULL = { rates: '1000,200', rounds: '5', seconds: '10', warmup: '25' };
const QUICK = { rates: '1000', rounds: '2', seconds: '3', warmup: '5' };

/** One window of one way. */
interface Window extends ArrivalsResult {
  /** CPU of the thread that answers, for a right answer. */
  readonly threadUs: number;
}

type Way = 'direct' | 'floor' | 'gateway';
type Turn = Readonly<Record<Way, Window>>;

let seed = 0;

async function pour(load: Child, party: Party, perSecond: number, seconds: number): Promise<Window> {
  const { url, headers, model, child } = party;
  seed += 1;
  const arrivals: Arrivals = options.arrivals === 'constant' ? 'constant' : 'poisson';
  const poured = load.hear('poured', seconds * 1000 + GRACE_MS);
  // Whatever goes wrong at the start is told there.
  poured.catch(() => {});
  const plan = { url, headers, model, arrivals, perSecond, seconds, seed, streamed: [false], connections: CONNECTIONS };
  await load.ask('pour', plan);
  const before = await child.ask('sample');
  const result = await poured;
  const after = await child.ask('sample');
  return { ...result, threadUs: (after.threadCpuUs - before.threadCpuUs) / result.latency.count };
}

/** The load grows while the code is still being compiled: a gateway that has just started refuses what it cannot do. */
async function warmUp(load: Child, party: Party, perSecond: number, seconds: number): Promise<void> {
  for (const share of WARM_UP_SHARES) {
    const { wrong } = await pour(load, party, perSecond * share, seconds / WARM_UP_SHARES.length);
    console.error(`warm-up ${party.name}, ${perSecond * share}/s: wrong answers ${wrongText(wrong)}`);
  }
}

const cells = (turns: readonly Turn[], of: (turn: Turn) => number): string => spreadText(spreadOf(turns.map(of)), 3);

type Quantile = 'p50' | 'p90' | 'p99';
const QUANTILES: readonly Quantile[] = ['p50', 'p90', 'p99'];
const WAYS: readonly Way[] = ['direct', 'floor', 'gateway'];

/** Latencies of all ways, what lies between them in the same turn, and the load's own part. */
function rowsOf(rate: number, turns: readonly Turn[]): string[][] {
  const row = (name: string, of: (turn: Turn, quantile: Quantile) => number, thread = ''): string[] => [
    `${rate}/s`,
    name,
    ...QUANTILES.map((quantile) => cells(turns, (turn) => of(turn, quantile))),
    thread,
  ];
  const thread = (way: Way): string => spreadText(spreadOf(turns.map((turn) => turn[way].threadUs)), 0);
  return [
    ...WAYS.map((way) => row(way, (turn, quantile) => turn[way].latency[quantile], thread(way))),
    row('added by the floor', (turn, quantile) => added(turn, quantile, 'floor')),
    row('**added by the gateway**', (turn, quantile) => added(turn, quantile, 'gateway')),
    ...WAYS.map((way) => row(`sent late, ${way}`, (turn, quantile) => turn[way].sending[quantile])),
  ];
}

function added(turn: Turn, quantile: Quantile, way: Way): number {
  return turn[way].latency[quantile] - turn.direct.latency[quantile];
}

function checksOf(rate: number, turns: readonly Turn[]): Check[] {
  const isHeld = rate === TARGET_RATE;
  const check = (quantile: 'p50' | 'p99', most: number): Check => {
    const spread = spreadOf(turns.map((turn) => added(turn, quantile, 'gateway')));
    const what = `${quantile} added at ${rate}/s`;
    const seen = `${spreadText(spread, 3)} ms`;
    return isHeld ? { what, target: `${most} ms`, seen, met: spread.median <= most } : { what, target: '–', seen };
  };
  return [check('p50', MOST_P50_MS), check('p99', MOST_P99_MS), rightAnswers(rate, turns)];
}

function rightAnswers(rate: number, turns: readonly Turn[]): Check {
  const results = turns.flatMap((turn) => WAYS.map((way) => turn[way])).filter(({ errors }) => errors > 0);
  const seen = results.length === 0 ? '0' : results.map(({ wrong }) => wrongText(wrong)).join('; ');
  return { what: `wrong answers at ${rate}/s`, target: '0', seen, met: results.length === 0 };
}

/** The least that a relay can be, before the same upstream. */
function floorBefore({ folder, launch }: Ground, { upstream, direct }: Parties): Promise<Party> {
  return openFloor({ upstream, upstreamOrigin: new URL(direct.url).origin, scratch: folder, launch });
}

async function measure(ground: Ground): Promise<readonly Check[]> {
  const shape = options.quick ? QUICK : FULL;
  const database = databaseOf(options.database);
  const rates = (options.rates ?? shape.rates).split(',').map((rate) => countOf('rates', rate));
  const rounds = countOf('rounds', options.rounds ?? shape.rounds);
  const seconds = countOf('seconds', options.seconds ?? shape.seconds);
  const warmup = countOf('warmup', options.warmup ?? shape.warmup);
  console.log(heading('Added latency, open loop', database));
  const parties = await openParties(ground, pathOf('../upstream.ts'), database);
  const { direct, gateway } = parties;
  const floor = await floorBefore(ground, parties);
  const { child: load } = await launchReady(ground.launch, 'load', pathOf('./arrivals-load.ts'));
  for (const party of [direct, floor, gateway]) await warmUp(load, party, Math.max(...rates), warmup);
  const rows: string[][] = [];
  const checks: Check[] = [];
  for (const rate of rates) {
    const turns: Turn[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      console.error(`${rate}/s, round ${round}`);
      const straight = await pour(load, direct, rate, seconds);
      const relayed = await pour(load, floor, rate, seconds);
      turns.push({ direct: straight, floor: relayed, gateway: await pour(load, gateway, rate, seconds) });
    }
    rows.push(...rowsOf(rate, turns));
    checks.push(...checksOf(rate, turns));
    const busy = median(turns.map((turn) => turn.gateway.busy));
    console.error(`the load's thread was ${(busy * 100).toFixed(0)} % busy`);
  }
  console.log(
    `Milliseconds: the median of ${rounds} rounds of ${seconds} s (least – most), ${options.arrivals} arrivals.\n`,
  );
  console.log(markdownTable(['rate', '', 'p50', 'p90', 'p99', 'thread µs/answer'], rows));
  return checks;
}

await runCase(measure);
