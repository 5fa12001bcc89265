import { parseArgs } from 'node:util';

import type { CanaryDefinition } from '../src/pipeline/rollouts/canary/canary.ts';
import {
  type ExperimentCase,
  everDiffers,
  everDiffersNaively,
  everMismatches,
  everWrong,
  peekingCases,
} from './canary/peeking.ts';
import { DEFINITION, type Ending, REQUESTS, runCanary } from './canary/rollout.ts';
import { BASE, type Behaviour, CROWD, type Crowd } from './canary/traffic.ts';
import { markdownTable, quantile, tally } from './drill/verdict.ts';

/** `npm run bench:canary`: whether canaries take back what is bad and leave what is not, and how often tests are wrong. */

const HELP = `npm run bench:canary -- [options]
  --quick      a tenth of the runs, about a minute; nothing is asked of the figures
  --seed <n>   of the first run (200001); thresholds were chosen with other seeds, of which none is in its default range
  --help       this

Exit code: 0 where at least 99 of 100 bad candidates of each kind were taken back, at most 5 of 100 equal ones, and no
test was wrong more often than it states and chance explains; 1 where not.`;

const ALPHA = 0.05;
const RUNS = { canaries: 100, tests: 1000, experiments: 1000 };
const MOST_SEED = 400_000;

interface Candidate {
  readonly name: string;
  readonly behaviour: Behaviour;
  readonly isBad: boolean;
}

function candidates(base: Behaviour): Candidate[] {
  return [
    { name: 'equal', behaviour: base, isBad: false },
    { name: '20 % worse feedback', behaviour: { ...base, liked: base.liked * 0.8 }, isBad: true },
    { name: '3× latency', behaviour: { ...base, latencyMs: base.latencyMs * 3 }, isBad: true },
    { name: '5 % errors', behaviour: { ...base, errorRate: 0.05 }, isBad: true },
  ];
}

interface Setting {
  readonly title: string;
  readonly base: Behaviour;
  readonly definition: CanaryDefinition;
  readonly crowd?: Crowd;
  /** Whether the bench fails where too many or too few are taken back. */
  readonly isAsked: boolean;
}

/** The default guards, but of feedback. */
function toleratingFeedback(tolerance: number): CanaryDefinition {
  const guards = DEFINITION.guards.map((guard) => (guard.metric === 'feedback' ? { ...guard, tolerance } : guard));
  return { ...DEFINITION, guards };
}

/** As much as requests of one user differ among themselves. */
const UNLIKE: Crowd = { users: 4000, unlike: 0.5 };
const FEW: Crowd = { users: 100, unlike: 0.5 };

const SETTINGS: readonly Setting[] = [
  { title: '0.85 of the feedback is good', base: BASE, definition: DEFINITION, isAsked: true },
  { title: '0.7 of the feedback is good', base: { ...BASE, liked: 0.7 }, definition: DEFINITION, isAsked: false },
  {
    title: '0.85 of the feedback is good, 5 % less is tolerated',
    base: BASE,
    definition: toleratingFeedback(0.05),
    isAsked: false,
  },
  {
    title: '0.85 of the feedback is good, users differ',
    base: BASE,
    definition: DEFINITION,
    crowd: UNLIKE,
    isAsked: false,
  },
];

const COLUMNS = [
  'candidate',
  'taken back',
  'by',
  'at share',
  'its requests: half by, all by',
  'of all requests: half by, all by',
  'others ended',
];

function reportCanaries(
  { title, base, definition, crowd = CROWD, isAsked }: Setting,
  runs: number,
  seed: number,
): boolean {
  let isWell = true;
  const rows = candidates(base).map(({ name, behaviour, isBad }) => {
    const endings = Array.from({ length: runs }, (_, run) =>
      runCanary(definition, base, behaviour, { seed: seed + run, crowd }),
    );
    const back = endings.filter(({ state }) => state.status === 'rolled_back');
    if (isAsked) isWell &&= isBad ? back.length >= runs * 0.99 : back.length <= runs * 0.05;
    return rowOf(name, endings, back);
  });
  console.log(`\n### ${title}\n\n${markdownTable(COLUMNS, rows)}`);
  return isWell;
}

function rowOf(name: string, endings: readonly Ending[], back: readonly Ending[]): string[] {
  const by = (of: (ending: Ending) => number): string => {
    const values = back.map(of);
    return back.length === 0 ? '–' : `${quantile(values, 0.5)}, ${Math.max(...values)}`;
  };
  const others = endings.filter(({ state }) => state.status !== 'rolled_back');
  return [
    name,
    `${back.length} of ${endings.length}`,
    tally(back.map(({ state }) => state.history.at(-1)?.metric ?? '?')),
    tally(back.map(({ share }) => `${share} %`)),
    by(({ candidates: of }) => of),
    by(({ requests }) => requests),
    tally(others.map(({ state, share }) => `${[state.status, state.hold].filter(Boolean).join(', ')} at ${share} %`)),
  ];
}

/** How many of the runs it happens in, and whether that is within what is stated. */
function rate(runs: number, seed: number, happens: (seed: number) => boolean): number {
  let happened = 0;
  for (let run = 0; run < runs; run += 1) if (happens(seed + run)) happened += 1;
  return happened / runs;
}

/** Whether what was seen is what is stated, or less, or no more above it than chance makes once in a thousand times. */
function isWithin(seen: number, stated: number, runs: number): boolean {
  return seen <= stated + 3.1 * Math.sqrt((stated * (1 - stated)) / runs);
}

const share = (value: number): string => `${Number((value * 100).toFixed(2))} %`;

function reportTests(runs: number, seed: number): boolean {
  const rows = peekingCases().map((peeking) => {
    const wrong = rate(runs, seed, (of) => everDiffers(peeking, ALPHA, of));
    return {
      cells: [peeking.name, share(peeking.share), String(peeking.requests), share(wrong), share(ALPHA)],
      isHeld: isWithin(wrong, ALPHA, runs),
    };
  });
  for (const weights of [
    [50, 50],
    [1, 99],
    [80, 10, 10],
  ]) {
    const wrong = rate(runs, seed, (of) => everMismatches(weights, 5000, 0.01, of));
    rows.push({
      cells: ['ratio of the arms', weights.join(':'), '5000', share(wrong), share(0.01)],
      isHeld: isWithin(wrong, 0.01, runs),
    });
  }
  const titles = ['test of two equal arms', 'share', 'requests', 'wrong at any time', 'stated'];
  console.log(
    `\n## False verdicts of the tests, ${runs} runs each\n\nLooked at after every request; where the candidate has 1 %, after each of its own and each tenth of the others.\n\n${markdownTable(
      titles,
      rows.map(({ cells }) => cells),
    )}`,
  );
  const latency = peekingCases().find(({ metric }) => metric === 'latency');
  if (latency !== undefined) {
    const naive = rate(Math.ceil(runs / 5), seed, (of) => everDiffersNaively(latency, of));
    console.log(
      `\nFor comparison: a fixed test at 95 % of the same latencies, looked at after every request, is wrong in ${share(naive)}.`,
    );
  }
  return rows.every(({ isHeld }) => isHeld);
}

const EXPERIMENTS: readonly (ExperimentCase & { readonly isAsked: boolean })[] = [
  { name: 'two arms, 50:50', weights: [1, 1], crowd: CROWD, isAsked: true },
  { name: 'two arms, 90:10', weights: [9, 1], crowd: CROWD, isAsked: true },
  { name: 'four arms', weights: [1, 1, 1, 1], crowd: CROWD, isAsked: true },
  { name: 'two arms, 50:50, users differ', weights: [1, 1], crowd: UNLIKE, isAsked: true },
  { name: 'two arms, 50:50, only 100 users, who differ', weights: [1, 1], crowd: FEW, isAsked: true },
];

function reportExperiments(runs: number, seed: number): boolean {
  let isWell = true;
  const rows = EXPERIMENTS.map((experiment) => {
    const wrong = rate(runs, seed, (of) => everWrong(experiment, ALPHA, of));
    if (experiment.isAsked) isWell &&= isWithin(wrong, ALPHA, runs);
    return [experiment.name, share(wrong), share(ALPHA)];
  });
  const titles = ['experiment with equal arms', 'anything wrong at any time', 'stated'];
  console.log(
    `\n## False verdicts of experiments, ${runs} runs each\n\n10,000 requests, looked at every 50; wrong is any metric of any arm that is called better or worse, or a mismatch.\n\n${markdownTable(titles, rows)}`,
  );
  return isWell;
}

function main(): 0 | 1 {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      seed: { type: 'string', default: '200001' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const seed = Number(values.seed);
  if (!Number.isInteger(seed) || seed < 0 || seed > MOST_SEED)
    throw new Error(`--seed is a whole number up to ${MOST_SEED}`);
  const part = values.quick ? 0.1 : 1;
  const runs = RUNS.canaries * part;
  console.log(
    `# Canaries and experiments\n\n## ${runs} canaries of each kind\n\n${REQUESTS} requests in a day of 4,000 users, looked at every 100; feedback for 5 %, ${share(BASE.errorRate)} errors, lognormal times. Seeds from ${seed} on.`,
  );
  const canaries = SETTINGS.map((setting) => reportCanaries(setting, runs, seed)).every(Boolean);
  const tests = reportTests(RUNS.tests * part, seed);
  const experiments = reportExperiments(RUNS.experiments * part, seed);
  console.log(`\nPrograms took ${Math.round(performance.now() / 1000)} s.`);
  return values.quick || (canaries && tests && experiments) ? 0 : 1;
}

process.exitCode = main();
