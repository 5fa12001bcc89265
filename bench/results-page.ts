import { renderOtherWork } from './other-work.ts';
import type { Measured } from './rounds.ts';
import {
  type Machine,
  renderMissed,
  renderNotes,
  renderPerMegabyte,
  renderTable,
  renderVerdicts,
  renderWarmUps,
} from './report.ts';
import { summarise } from './summary.ts';
import { verdictsOf } from './targets.ts';

/** One run of the bench, and what it ran on. */
export interface Run {
  readonly date: string;
  readonly command: string;
  readonly machine: Machine;
  /** Mean of the minute before the run: other work of the machine makes figures worse, and spreads wider. */
  readonly loadBefore: number;
  /** Share of the cores that others took during the run. */
  readonly otherWork: number;
  readonly versions: ReadonlyMap<string, string>;
  readonly rounds: number;
  readonly seconds: number;
  /** Parties and targets that this run has nothing to say about, and why. */
  readonly absent: readonly string[];
  readonly measured: Measured;
}

/** Targets that a closed loop cannot show. */
const ELSEWHERE = [
  ['added latency at 1,000 requests/s', '`npm run bench:latency`'],
  ['1,000 concurrent paced streams', '`npm run bench:streams`'],
  ['30 minutes at half load', '`npm run bench:soak`'],
  ['start to ready', '`npm run bench:start`'],
] as const;

/** The whole of `bench/results.md`. */
export function renderResults(run: Run): string {
  const { rounds, warmUps } = run.measured;
  const summaries = summarise(rounds);
  const verdicts = verdictsOf(summaries);
  const perMegabyte = renderPerMegabyte(summaries);
  const missed = renderMissed(verdicts);
  return [
    '# Results of the benchmark',
    'Written by the command below; [docs/benchmark.md](../docs/benchmark.md) says how it measures and what the columns mean.',
    `\`\`\`sh\n${run.command}\n\`\`\``,
    renderFacts(run),
    ...section('Targets', [
      'With everything on: authentication, limits on five dimensions, two budgets, the default guards, exact cache lookup, routing, breaker, a trace of each request to the journal and on to the database, metrics. Median of the paired ratios of all rounds (least–most).',
      renderVerdicts(verdicts),
      ...(missed.length > 0 ? [missed.join('  \n')] : []),
      `Measured by commands of their own: ${ELSEWHERE.map(([what, command]) => `${what} (${command})`).join(', ')}.`,
    ]),
    ...section('Cases', ['Medians of the rounds (least–most).', renderTable(summaries)]),
    ...(perMegabyte === undefined ? [] : section('Long prompts', [perMegabyte])),
    ...section('Warm-up', ['Until two windows in succession took the same CPU for a request.', renderWarmUps(warmUps)]),
    ...section('Records', [renderNotes(rounds).map(item).join('\n')]),
  ]
    .join('\n\n')
    .concat('\n');
}

function section(title: string, parts: readonly string[]): string[] {
  return [`## ${title}`, ...parts];
}

function item(text: string): string {
  return `- ${text}`;
}

function renderFacts({ date, machine, loadBefore, otherWork, versions, rounds, seconds, absent }: Run): string {
  const { cores, cpu, memoryBytes } = machine;
  return [
    `${date}; rounds: ${rounds}, of ${seconds} s for each party and case`,
    `${cores} cores of ${cpu}, ${(memoryBytes / 2 ** 30).toFixed(0)} GB, shared by load, upstream, database and party`,
    `load of the machine before (1-minute average): ${loadBefore.toFixed(2)}; ${renderOtherWork(otherWork)}`,
    [...versions].map(([name, version]) => `${name} ${version}`).join(', '),
    ...absent,
  ]
    .map(item)
    .join('\n');
}
