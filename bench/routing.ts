import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { lossOfScore } from '../src/pipeline/routing/complexity/embedding/example.ts';
import { markdownTable } from './drill/verdict.ts';
import { percent } from './cache/figures.ts';
import { type Interval, resamples, withBounds } from './routing/bootstrap.ts';
import { LARGE, OUTPUT_TOKENS, SMALL, outcomesOf } from './routing/costs.ts';
import { DATA_SETS, type Prompt, SPLIT, readHalves } from './routing/data.ts';
import { type Policies, scoreAll } from './routing/policies.ts';
import { type Outcome, Ranking } from './routing/ranking.ts';

/** `npm run bench:routing`: what complexity routing keeps of the large model's quality, and at what cost. */

const HELP = `npm run bench:routing -- [options]
  --quick       a tenth of the prompts
  --data <dir>  the folder of gsm8k.csv and mmlu.csv (../shared/data/routing)
  --seed <n>    of the resamples (1)
  --help        this

Exit code: 0 where the embedding is better than chance with its interval clear of it; 1 where not; 2 where it was not measured.`;

const RESAMPLES = 1000;
const RECOVERED = [0.5, 0.8, 0.95] as const;
const SHARES = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1] as const;
const CHANCE = 0.5;

/** Below that the figures of a data set say nothing. */
const FEWEST_PROMPTS = 100;

interface Named {
  readonly policy: string;
  readonly ranking: Ranking;
}

/** Part of the prompts that are tested on. */
interface Slice {
  readonly name: string;
  readonly outcomes: readonly Outcome[];
  readonly rankings: readonly Named[];
  readonly samples: readonly ArrayLike<number>[];
}

/** What the large model would cost more. */
function extraOf({ smallUsd, largeUsd }: Outcome): number {
  return largeUsd - smallUsd;
}

function scoreAt(scores: readonly number[], place: number): number {
  return scores[place] ?? 0;
}

function sliceOf(
  name: string,
  test: readonly Prompt[],
  policies: Policies,
  isIn: (prompt: Prompt) => boolean,
  seed: number,
): Slice {
  const places = test.flatMap((prompt, at) => (isIn(prompt) ? [at] : []));
  const outcomes = outcomesOf(places.flatMap((at) => test[at] ?? []));
  const of = (policy: string, scoreOf: (place: number, outcome: Outcome) => number): Named => ({
    policy,
    ranking: new Ranking(
      outcomes,
      outcomes.map((outcome, at) => scoreOf(places[at] ?? 0, outcome)),
    ),
  });
  const { embedding, rules, length } = policies;
  return {
    name,
    outcomes,
    samples: resamples(outcomes.length, RESAMPLES, seed),
    rankings: [
      of('embedding', (place) => scoreAt(embedding, place)),
      of('embedding, by loss ÷ extra cost', (place, one) => lossOfScore(scoreAt(embedding, place)) / extraOf(one)),
      of('rules', (place) => scoreAt(rules, place)),
      of('rules, by loss ÷ extra cost', (place, one) => lossOfScore(scoreAt(rules, place)) / extraOf(one)),
      of('length alone, longest first', (place) => scoreAt(length, place)),
      of('cost alone, cheapest first', (_, one) => 1 / extraOf(one)),
      // All of one score: each has a part of the average, which is what chance comes to.
      of('random', () => 0),
    ],
  };
}

function shown({ value, low, high }: Interval, digits = 3): string {
  return `${value.toFixed(digits)} (${low.toFixed(digits)} – ${high.toFixed(digits)})`;
}

function shownPercent({ value, low, high }: Interval): string {
  return `${percent(value)} (${(low * 100).toFixed(1)} – ${(high * 100).toFixed(1)})`;
}

function report(slice: Slice): void {
  const { name, outcomes, rankings } = slice;
  const right = (of: (outcome: Outcome) => boolean): string =>
    percent(outcomes.filter((outcome) => of(outcome)).length / outcomes.length);
  const small = right(({ smallOk }) => smallOk);
  const large = right(({ largeOk }) => largeOk);
  console.log(`\n## ${name}: ${outcomes.length} prompts, right: small ${small}, large ${large}\n`);
  const titles = ['to the large model', ...rankings.map(({ policy }) => policy)];
  const curve = SHARES.map((share) => [
    percent(share, 0),
    ...rankings.map(({ ranking }) => {
      const { quality, cost } = ranking.at(share);
      return `${percent(quality)} for ${percent(cost)}`;
    }),
  ]);
  console.log(`Answers that are right, and for how much of the cost:\n\n${markdownTable(titles, curve)}\n`);
  const rows = rankings.map((one) => areaRow(one, slice));
  console.log(`Area under the curve, and how much better that is than random:\n\n${markdownTable(AREAS, rows)}\n`);
  const needed = rankings.map((one) => neededRow(one, slice));
  console.log(`What it takes to recover so much of the quality gap:\n\n${markdownTable(NEEDED, needed)}`);
}

const AREAS = ['policy', 'by calls', 'better than random', 'by money', 'better than random'];

function areaRow({ policy, ranking }: Named, { samples }: Slice): string[] {
  const cells = (['calls', 'money'] as const).flatMap((by) => {
    if (policy === 'random') return [CHANCE.toFixed(3), '–'];
    const area = withBounds((times) => ranking.area(by, times), samples);
    return [shown(area), shown(betterThanRandom(area))];
  });
  return [policy, ...cells];
}

/** Random is 1/2 on every resample, so that the difference on the same resample is this. */
function betterThanRandom({ value, low, high }: Interval): Interval {
  return { value: value - CHANCE, low: low - CHANCE, high: high - CHANCE };
}

const NEEDED = ['policy', ...RECOVERED.flatMap((part) => [`${percent(part, 0)}: calls to the large model`, 'cost'])];

function neededRow({ policy, ranking }: Named, { samples }: Slice): string[] {
  const cells = RECOVERED.flatMap((part) => {
    if (policy === 'random') return [percent(part), percent(ranking.at(part).cost)];
    return [
      shownPercent(withBounds((times) => ranking.shareFor(part, times), samples)),
      shownPercent(withBounds((times) => ranking.at(ranking.shareFor(part, times), times).cost, samples)),
    ];
  });
  return [policy, ...cells];
}

/** @returns whether the embedding is clear of chance */
async function measure(folder: string, isQuick: boolean, seed: number): Promise<boolean> {
  const halves = readHalves(folder, isQuick);
  const { train, test } = halves;
  const tokens = DATA_SETS.map((dataSet) => `${OUTPUT_TOKENS[dataSet]} for ${dataSet}`).join(', ');
  console.log(
    `# Routing by complexity\n\nSplit: ${SPLIT}. ${train.length} prompts to train on, ${test.length} tested.`,
  );
  console.log(`Small: ${SMALL.model}; large: the GPT-4 Turbo preview, at the price of ${LARGE.model}.`);
  console.log(
    `Tokens of prompts are estimated, those of answers taken as ${tokens}. Cost: of everything on the large model.`,
  );
  console.log(`Intervals: 95 % of ${RESAMPLES} resamples of the prompts, the same for all policies.`);
  const policies = await scoreAll(halves, (text) => console.error(text));
  const slices = [
    sliceOf('both data sets', test, policies, () => true, seed),
    ...DATA_SETS.map((name) => sliceOf(`${name} alone`, test, policies, ({ dataSet }) => dataSet === name, seed)),
  ];
  for (const slice of slices) if (slice.outcomes.length >= FEWEST_PROMPTS) report(slice);
  const { rulesMicros, encodingMs, fittingMs, predictingMs, unsaid } = policies;
  console.log(
    `\nRules: ${rulesMicros.toFixed(0)} µs a prompt. Embedding: ${encodingMs.toFixed(1)} ms to encode a prompt, ${predictingMs.toFixed(2)} ms to judge it, ${(fittingMs / 1000).toFixed(1)} s to learn all; ${unsaid} prompts were left to the rules.`,
  );
  const [all] = slices;
  const embedding = all?.rankings[0]?.ranking;
  if (!all || !embedding) return false;
  return withBounds((times) => embedding.area('calls', times), all.samples).low > CHANCE;
}

/** Returns the exit code. */
async function main(): Promise<0 | 1> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      data: { type: 'string' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const folder = values.data ?? join(process.env['CAUSEWAY_TEST_DATA'] ?? join('..', 'shared', 'data'), 'routing');
  const seed = Number(values.seed);
  if (!Number.isInteger(seed)) throw new Error('--seed is a whole number');
  return (await measure(folder, values.quick, seed)) ? 0 : 1;
}

const BROKEN = 2;
try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = BROKEN;
}
