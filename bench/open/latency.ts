/**
 * `npm run bench:latency`: what the gateway adds to the latency of an answer, at given requests a second that do not wait
 * for each other, beside the same load straight to the upstream, in turns.
 */
import { parseArgs } from 'node:util';

import type { Child } from '../child.ts';
import type { Ground } from '../drill/site.ts';
import { type Check, markdownTable } from '../drill/verdict.ts';
import type { Party } from '../parties.ts';
import type { ArrivalsResult } from './arrivals-load.ts';
import { countOf, databaseOf, runCase } from './command.ts';
import { spreadText } from './figures.ts';
import { median, spreadOf } from '../spread.ts';
import type { Arrivals } from './schedule.ts';
import { heading, launchReady, openParties, pathOf } from './site.ts';

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

interface Turn {
  readonly direct: ArrivalsResult;
  readonly gateway: ArrivalsResult;
}

let seed = 0;

async function pour(load: Child, { url, headers, model }: Party, perSecond: number, seconds: number) {
  seed += 1;
  const arrivals: Arrivals = options.arrivals === 'constant' ? 'constant' : 'poisson';
  const poured = load.hear('poured', seconds * 1000 + GRACE_MS);
  // Whatever goes wrong at the start is told there.
  poured.catch(() => {});
  const plan = { url, headers, model, arrivals, perSecond, seconds, seed, streamed: [false], connections: CONNECTIONS };
  await load.ask('pour', plan);
  return poured;
}

/** The load grows while the code is still being compiled: a gateway that has just started refuses what it cannot do. */
async function warmUp(load: Child, party: Party, perSecond: number, seconds: number): Promise<void> {
  for (const share of WARM_UP_SHARES) {
    const { errors, firstError } = await pour(load, party, perSecond * share, seconds / WARM_UP_SHARES.length);
    const wrong = errors === 0 ? '' : `: ${errors} wrong answers, the first: ${firstError}`;
    console.error(`warm-up ${party.name}, ${perSecond * share}/s${wrong}`);
  }
}

const cells = (turns: readonly Turn[], of: (turn: Turn) => number): string => spreadText(spreadOf(turns.map(of)), 3);

/** Latencies of both ways, what lies between them in the same turn, and the load's own part. */
function rowsOf(rate: number, turns: readonly Turn[]): string[][] {
  const row = (name: string, p50: (turn: Turn) => number, p90: typeof p50, p99: typeof p50) => [
    `${rate}/s`,
    name,
    cells(turns, p50),
    cells(turns, p90),
    cells(turns, p99),
  ];
  const { direct, gateway } = {
    direct: ({ direct: way }: Turn) => way,
    gateway: ({ gateway: way }: Turn) => way,
  };
  return [
    row(
      'direct',
      (t) => direct(t).latency.p50,
      (t) => direct(t).latency.p90,
      (t) => direct(t).latency.p99,
    ),
    row(
      'gateway',
      (t) => gateway(t).latency.p50,
      (t) => gateway(t).latency.p90,
      (t) => gateway(t).latency.p99,
    ),
    row('**added**', added('p50'), added('p90'), added('p99')),
    row(
      'sent late, direct',
      (t) => direct(t).sending.p50,
      (t) => direct(t).sending.p90,
      (t) => direct(t).sending.p99,
    ),
    row(
      'sent late, gateway',
      (t) => gateway(t).sending.p50,
      (t) => gateway(t).sending.p90,
      (t) => gateway(t).sending.p99,
    ),
  ];
}

function added(quantile: 'p50' | 'p90' | 'p99'): (turn: Turn) => number {
  return ({ direct, gateway }) => gateway.latency[quantile] - direct.latency[quantile];
}

function checksOf(rate: number, turns: readonly Turn[]): Check[] {
  const isHeld = rate === TARGET_RATE;
  const check = (quantile: 'p50' | 'p99', most: number): Check => {
    const spread = spreadOf(turns.map(added(quantile)));
    const what = `${quantile} added at ${rate}/s`;
    const seen = `${spreadText(spread, 3)} ms`;
    return isHeld ? { what, target: `${most} ms`, seen, met: spread.median <= most } : { what, target: '–', seen };
  };
  return [check('p50', MOST_P50_MS), check('p99', MOST_P99_MS), rightAnswers(rate, turns)];
}

function rightAnswers(rate: number, turns: readonly Turn[]): Check {
  const results = turns.flatMap(({ direct, gateway }) => [direct, gateway]);
  const wrong = results.reduce((sum, { errors }) => sum + errors, 0);
  const first = results.find(({ errors }) => errors > 0)?.firstError;
  const seen = wrong === 0 ? '0' : `${wrong}, the first: ${first}`;
  return { what: `wrong answers at ${rate}/s`, target: '0', seen, met: wrong === 0 };
}

async function measure(ground: Ground): Promise<readonly Check[]> {
  const shape = options.quick ? QUICK : FULL;
  const database = databaseOf(options.database);
  const rates = (options.rates ?? shape.rates).split(',').map((rate) => countOf('rates', rate));
  const rounds = countOf('rounds', options.rounds ?? shape.rounds);
  const seconds = countOf('seconds', options.seconds ?? shape.seconds);
  const warmup = countOf('warmup', options.warmup ?? shape.warmup);
  console.log(heading('Added latency, open loop', database));
  const { direct, gateway } = await openParties(ground, pathOf('../upstream.ts'), database);
  const { child: load } = await launchReady(ground.launch, 'load', pathOf('./arrivals-load.ts'));
  for (const party of [direct, gateway]) await warmUp(load, party, Math.max(...rates), warmup);
  const rows: string[][] = [];
  const checks: Check[] = [];
  for (const rate of rates) {
    const turns: Turn[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      console.error(`${rate}/s, round ${round}`);
      const straight = await pour(load, direct, rate, seconds);
      turns.push({ direct: straight, gateway: await pour(load, gateway, rate, seconds) });
    }
    rows.push(...rowsOf(rate, turns));
    checks.push(...checksOf(rate, turns));
    const busy = median(turns.map((turn) => turn.gateway.busy));
    console.error(`the load's thread was ${(busy * 100).toFixed(0)} % busy`);
  }
  console.log(
    `Milliseconds: the median of ${rounds} rounds of ${seconds} s (least – most), ${options.arrivals} arrivals.\n`,
  );
  console.log(markdownTable(['rate', '', 'p50', 'p90', 'p99'], rows));
  return checks;
}

await runCase(measure);
