import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { Child } from './child.ts';
import { type IdenticalStreams, SlowModel, askTogether } from './identical-streams.ts';
import { type Case, type Measurement, measure } from './measure.ts';
import { type Party, type Site, openCauseway, openParty } from './parties.ts';
import { describeMachine, renderTable } from './report.ts';
import { requestBody } from './traffic.ts';

/**
 * What an answer costs that need not be asked for: a gateway whose every request is an exact hit, beside the floor relay
 * that has to ask. And how many requests reach a model that many clients ask the same at the same time.
 * `npm run bench:cache-hits -- --seconds 4`
 */
const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    warmup: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '3' },
    clients: { type: 'string', default: '1000' },
  },
});

const CACHED = 'defaults: { cache: { exact: {} } }\n';
const SLOW = 'slow/bench-1';
const PACE_MS = 20;

const CASES: readonly Case[] = [
  { name: 'chat-1', stream: false, concurrency: 1 },
  { name: 'chat-32', stream: false, concurrency: 32 },
  { name: 'stream-1', stream: true, concurrency: 1, regrouped: true },
  { name: 'stream-32', stream: true, concurrency: 32, regrouped: true },
];

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

/** So that what is measured is hits alone. */
async function fill({ url, headers, model }: Party): Promise<void> {
  for (const stream of [false, true]) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: requestBody(model, stream),
    });
    await response.arrayBuffer();
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Round by round and party by party, so that a noisy minute of the machine hits both. */
async function measureAll(load: Child, parties: readonly Party[]): Promise<Measurement[]> {
  const timing = { warmupSeconds: Number(options.warmup), seconds: Number(options.seconds) };
  const all: Measurement[] = [];
  for (const shape of CASES) {
    for (let round = 0; round < Number(options.rounds); round += 1) {
      for (const party of parties) all.push(await measure(load, party, shape, timing));
    }
  }
  return all;
}

function ratios(all: readonly Measurement[]): string[] {
  return CASES.map(({ name }) => {
    const of = (party: string): Measurement[] => all.filter((one) => one.case === name && one.party === party);
    const rate = (party: string): number => median(of(party).map(({ requestsPerSecond }) => requestsPerSecond));
    const p50 = median(of('causeway').map(({ p50Ms }) => p50Ms));
    const p99 = median(of('causeway').map(({ p99Ms }) => p99Ms));
    const times = (rate('causeway') / rate('floor')).toFixed(2);
    return `${name}: ${rate('causeway').toFixed(0)} hits/s, ${times}× the floor's requests/s; p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`;
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
    await fill(gateway);
    const measurements = await measureAll(load, [await openParty('floor', site), gateway]);
    const together = await askTogether({ ...gateway, model: SLOW }, Number(options.clients), slow);
    const machine = describeMachine();
    console.log(`\n${machine.cores} cores of ${machine.cpu}, Node ${machine.node}\n`);
    console.log(renderTable(measurements));
    console.log(['', ...ratios(measurements), renderTogether(together)].join('\n'));
    const isRight = measurements.every(({ errors }) => errors === 0) && together.whole === together.clients;
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
