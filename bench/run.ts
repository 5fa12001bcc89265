import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { Child } from './child.ts';
import { CASES, type Case, type Measurement, type Timing, measure } from './measure.ts';
import { PARTY_NAMES, type Party, type PartyName, type Site, openParty } from './parties.ts';
import { describeMachine, ratiosOf, renderNotes, renderTable } from './report.ts';

const RESULTS = fileURLToPath(new URL('./results', import.meta.url));
/** Before the first case every party runs at this, so that none is measured while its code is still being compiled. */
const FIRST_WARMUP = { concurrency: 32, seconds: 2 };
const QUICK_CASES = ['chat-32', 'stream-32'];
const QUICK_SECONDS = 1;

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    warmup: { type: 'string', default: '1' },
    cases: { type: 'string' },
    parties: { type: 'string' },
    pace: { type: 'string', default: '0' },
    quick: { type: 'boolean', default: false },
  },
});

/** The named ones, in their own order. */
function pick<T>(all: readonly T[], wanted: string | undefined, nameOf: (item: T) => string): readonly T[] {
  if (wanted === undefined) return all;
  const names = wanted.split(',');
  const unknown = names.find((name) => !all.some((item) => nameOf(item) === name));
  if (unknown !== undefined) throw new Error(`"${unknown}" is none of ${all.map(nameOf).join(', ')}`);
  return all.filter((item) => names.includes(nameOf(item)));
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

async function openSite(children: Child[], scratch: string): Promise<Site> {
  const launch: Site['launch'] = (plan) => {
    const child = new Child({ ...plan, logs: scratch });
    children.push(child);
    return child;
  };
  const upstream = launch({ name: 'upstream', command: [pathOf('./upstream.ts'), '--pace', options.pace] });
  const { port } = await upstream.hear('ready');
  return { launch, scratch, upstream, upstreamOrigin: `http://127.0.0.1:${port}` };
}

async function warmUp(load: Child, parties: readonly Party[], cases: readonly Case[]): Promise<void> {
  const timing = { warmupSeconds: 0, seconds: FIRST_WARMUP.seconds };
  for (const stream of new Set(cases.map((shape) => shape.stream))) {
    const shape = { name: 'warm-up', stream, concurrency: FIRST_WARMUP.concurrency };
    for (const party of parties) await measure(load, party, shape, timing);
  }
}

/** Case by case, and within a case party by party, so that a noisy minute of the machine hits all alike. */
async function measureAll(site: Site, cases: readonly Case[], names: readonly PartyName[]): Promise<Measurement[]> {
  const timing: Timing = {
    warmupSeconds: Number(options.warmup),
    seconds: options.quick ? QUICK_SECONDS : Number(options.seconds),
  };
  const load = site.launch({ name: 'load', command: [pathOf('./load.ts')] });
  const parties: Party[] = [];
  for (const name of names) parties.push(await openParty(name, site));
  await warmUp(load, parties, cases);
  const measurements: Measurement[] = [];
  for (const shape of cases) {
    for (const party of parties) {
      console.error(`${shape.name} ${party.name}`);
      measurements.push(await measure(load, party, shape, timing));
    }
  }
  return measurements;
}

function report(measurements: readonly Measurement[]): void {
  const machine = describeMachine();
  const date = new Date().toISOString();
  const file = join(RESULTS, `${date.replaceAll(':', '-')}.json`);
  mkdirSync(RESULTS, { recursive: true });
  const results = measurements.map((measurement) => ({ ...measurement, ratios: ratiosOf(measurement, measurements) }));
  writeFileSync(file, `${JSON.stringify({ date, machine, options, results }, undefined, 2)}\n`);
  console.log(`\n${machine.cores} cores of ${machine.cpu}, Node ${machine.node}\n`);
  console.log(renderTable(measurements));
  console.log(['', ...renderNotes(measurements), `JSON: ${file}`].join('\n'));
}

/** Rejects on Ctrl-C, so that the way out is the one of every failure. */
function interruption(): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => reject(new Error(`the bench was ended by ${signal}`)));
  }
  return promise;
}

/** Returns the exit code: a wrong answer fails the bench like an error of its own. */
async function main(): Promise<0 | 1> {
  const scratch = mkdtempSync(join(tmpdir(), 'causeway-bench-'));
  const children: Child[] = [];
  try {
    if (process.platform !== 'linux') throw new Error("the bench reads process times from Linux's /proc");
    const cases = pick(CASES, options.cases ?? (options.quick ? QUICK_CASES.join() : undefined), ({ name }) => name);
    const names = pick(PARTY_NAMES, options.parties, (name) => name);
    const site = await openSite(children, scratch);
    const measurements = await Promise.race([measureAll(site, cases, names), interruption()]);
    report(measurements);
    return measurements.some(({ errors }) => errors > 0) ? 1 : 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  } finally {
    await Promise.all(children.map((child) => child.stop()));
    rmSync(scratch, { recursive: true, force: true });
  }
}

// After an interruption a measurement is still on its way; it has nobody left to ask.
process.exit(await main());
