import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { pick, pickCases } from './cases.ts';
import type { Timing } from './measure.ts';
import { OtherWork, renderOtherWork } from './other-work.ts';
import { PARTY_NAMES, type Party } from './parties.ts';
import {
  describeMachine,
  renderMissed,
  renderNotes,
  renderPerMegabyte,
  renderTable,
  renderVerdicts,
} from './report.ts';
import { type Run, renderResults } from './results-page.ts';
import { type Measured, type RoundsPlan, measureRounds } from './rounds.ts';
import { type BenchSite, missingParties, onSite } from './site.ts';
import { summarise } from './summary.ts';
import { verdictsOf } from './targets.ts';
import { describeVersions } from './versions.ts';
import { QUICK_WARM_UP, WARM_UP } from './warm-up.ts';

/** `npm run bench`: what a request costs, beside no gateway, the least that a relay can be, and a known gateway. */

const RESULTS = fileURLToPath(new URL('./results', import.meta.url));
const RESULTS_PAGE = fileURLToPath(new URL('./results.md', import.meta.url));
const QUICK_CASES = 'chat-32,stream-32,hit-32';

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string' },
    warmup: { type: 'string', default: '0.5' },
    rounds: { type: 'string' },
    cases: { type: 'string' },
    parties: { type: 'string' },
    pace: { type: 'string', default: '0' },
    out: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
});

const cases = pickCases(options.cases ?? (options.quick ? QUICK_CASES : undefined));
const wanted = pick(PARTY_NAMES, options.parties, (name) => name);
const missing = missingParties();
const names = wanted.filter((name) => !missing.has(name));
const absent = wanted.filter((name) => missing.has(name)).map((name) => `${name} was left out: ${missing.get(name)}`);
const timing: Timing = {
  warmupSeconds: Number(options.warmup),
  seconds: Number(options.seconds ?? (options.quick ? 1 : 3)),
};
const plan: RoundsPlan = {
  cases,
  rounds: Number(options.rounds ?? (options.quick ? 1 : 5)),
  timing,
  warmUp: options.quick ? QUICK_WARM_UP : WARM_UP,
};
/** Only a run of all is the one to show; of a part of it somebody has to say where it goes. */
const page = options.out ?? (options.quick || options.cases || options.parties ? undefined : RESULTS_PAGE);

async function measureAll({ load, open }: BenchSite): Promise<Measured> {
  const parties: Party[] = [];
  for (const name of names) parties.push(await open(name));
  return measureRounds(load, parties, plan);
}

function report(run: Run): void {
  const { rounds, warmUps } = run.measured;
  const summaries = summarise(rounds);
  const verdicts = verdictsOf(summaries);
  const { cores, cpu, node } = run.machine;
  console.log(`\n${cores} cores of ${cpu}, Node ${node}, load before ${run.loadBefore.toFixed(2)}\n`);
  console.log(
    [renderTable(summaries), renderPerMegabyte(summaries), renderVerdicts(verdicts)].filter(Boolean).join('\n\n'),
  );
  console.log(
    ['', ...renderMissed(verdicts), ...run.absent, renderOtherWork(run.otherWork), ...renderNotes(rounds)].join('\n'),
  );
  const file = join(RESULTS, `${run.date.replaceAll(':', '-')}.json`);
  mkdirSync(RESULTS, { recursive: true });
  const json = {
    ...run,
    versions: Object.fromEntries(run.versions),
    options,
    measured: undefined,
    summaries,
    verdicts,
  };
  writeFileSync(file, `${JSON.stringify({ ...json, rounds, warmUps }, undefined, 2)}\n`);
  console.log(`JSON: ${file}`);
  if (page === undefined) return;
  writeFileSync(page, renderResults(run));
  console.log(`Markdown: ${page}`);
}

/** Returns the exit code: a wrong answer fails the bench like an error of its own; a missed target is only said. */
async function main(): Promise<0 | 1> {
  const [loadBefore = Number.NaN] = loadavg();
  try {
    const { measured, otherWork } = await onSite(
      async (site) => {
        const work = new OtherWork();
        return { measured: await measureAll(site), otherWork: work.share() };
      },
      { pace: options.pace },
    );
    const given = process.argv.slice(2);
    report({
      date: new Date().toISOString(),
      command: ['npm run bench', ...(given.length > 0 ? ['--', ...given] : [])].join(' '),
      machine: describeMachine(),
      loadBefore,
      otherWork,
      versions: describeVersions(),
      rounds: plan.rounds,
      seconds: timing.seconds,
      absent,
      measured,
    });
    return measured.rounds.some(({ errors }) => errors > 0) ? 1 : 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
}

// After an interruption a measurement is still on its way; it has nobody left to ask.
process.exit(await main());
