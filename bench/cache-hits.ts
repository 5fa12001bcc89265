import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { Child } from './child.ts';
import { type IdenticalStreams, SlowModel, askTogether } from './identical-streams.ts';
import type { Case } from './cases.ts';
import { type Party, type Site, openCauseway, openFloor } from './parties.ts';
import { describeMachine, renderTable } from './report.ts';
import { type Measured, measureRounds } from './rounds.ts';
import { type Summary, summarise } from './summary.ts';
import { WARM_UP } from './warm-up.ts';

/**
 * What an answer costs that need not be asked for: a gateway whose every request is an exact hit, beside the floor relay
 * that has to ask. And how many requests reach a model that many clients ask the same at the same time.
 * `npm run bench:cache-hits -- --seconds 4`
 */
const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    warmup: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '3' },
    clients: { type: 'string', default: '1000' },
  },
});

const CACHED = 'defaults: { cache: { exact: {} } }\n';
const SLOW = 'slow/bench-1';
const PACE_MS = 20;

const CASES: readonly Case[] = [
  { name: 'chat-1', stream: false, concurrency: 1, filled: true },
  { name: 'chat-32', stream: false, concurrency: 32, filled: true },
  { name: 'stream-1', stream: true, concurrency: 1, filled: true, regrouped: true },
  { name: 'stream-32', stream: true, concurrency: 32, filled: true, regrouped: true },
];

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

function measureAll(load: Child, parties: readonly Party[]): Promise<Measured> {
  const timing = { warmupSeconds: Number(options.warmup), seconds: Number(options.seconds) };
  return measureRounds(load, parties, { cases: CASES, rounds: Number(options.rounds), timing, warmUp: WARM_UP });
}

function ratios(summaries: readonly Summary[]): string[] {
  return summaries
    .filter(({ party }) => party === 'causeway')
    .map(({ case: name, requestsPerSecond, requestsOfFloor, p50Ms, p99Ms }) => {
      const hits = `${requestsPerSecond.median.toFixed(0)} hits/s`;
      const latency = `p50 ${p50Ms.median.toFixed(2)} ms, p99 ${p99Ms.median.toFixed(2)} ms`;
      return `${name}: ${hits}, ${requestsOfFloor?.median.toFixed(2)}× the floor's requests/s; ${latency}`;
    });
}

function renderTogether({ clients, whole, upstreamCalls, tookMs }: IdenticalStreams): string {
  return (
    `${clients} identical streams at once: ${upstreamCalls} upstream call${upstreamCalls === 1 ? '' : 's'}, ` +
    `${whole} read the whole text, within ${(tookMs / 1000).toFixed(1)} s`
  );
}

async function main(): Promise<0 | 1> {
  const scratch = mkdtempSync(join(tmpdir(), 'causeway-hits-'));
  const children: Child[] = [];
  const slow = new SlowModel(PACE_MS);
  try {
    const launch: Site['launch'] = (plan) => {
      const child = new Child({ ...plan, logs: scratch });
      children.push(child);
      return child;
    };
    const upstream = launch({ name: 'upstream', command: [pathOf('./upstream.ts')] });
    const { port } = await upstream.hear('ready');
    const site: Site = { launch, scratch, upstream, upstreamOrigin: `http://127.0.0.1:${port}` };
    const load = launch({ name: 'load', command: [pathOf('./load.ts')] });
    const slowAt = `  slow: { type: openai-compatible, baseUrl: "${await slow.listen()}/v1", apiKey: bench }`;
    const gateway = await openCauseway(site, { more: CACHED, provider: slowAt });
    const { rounds } = await measureAll(load, [await openFloor(site), gateway]);
    const together = await askTogether({ ...gateway, model: SLOW }, Number(options.clients), slow);
    const machine = describeMachine();
    console.log(`\n${machine.cores} cores of ${machine.cpu}, Node ${machine.node}\n`);
    const summaries = summarise(rounds);
    console.log(renderTable(summaries));
    console.log(['', ...ratios(summaries), renderTogether(together)].join('\n'));
    const isRight = rounds.every(({ errors }) => errors === 0) && together.whole === together.clients;
    return isRight && together.upstreamCalls === 1 ? 0 : 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  } finally {
    slow.close();
    await Promise.all(children.map((child) => child.stop()));
    rmSync(scratch, { recursive: true, force: true });
  }
}

process.exit(await main());
