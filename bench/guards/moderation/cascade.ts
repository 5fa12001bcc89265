import { type Random, seededRandom } from '../../../src/models/simulator/random.ts';
import type { Judge, JudgedText } from '../../../src/pipeline/guards/engine/judge.ts';
import { cascadeJudge } from '../../../src/pipeline/guards/moderation/cascade.ts';
import { chooseCascade } from '../../../src/pipeline/guards/moderation/calibration/cascade-bounds.ts';
import type { Classes, ScoredSample } from '../../../src/pipeline/guards/moderation/calibration/sample.ts';
import { chooseThreshold } from '../../../src/pipeline/guards/moderation/calibration/threshold.ts';
import { makeCall } from '../../../test/support/make-call.ts';
import { percent } from '../../cache/figures.ts';
import type { BenchSection } from '../section.ts';
import { type Outcome, type Pair, drawn, predicted } from './pair.ts';

/** The thresholds that are there by default. */
const USUAL = { pass: 0.1, block: 0.95, threshold: 0.5 };
/** What one question costs; only the ratio counts. */
const FIRST_COST = 1;
const STRONG_COST = 20;

const PAIRS: readonly Pair[] = [
  { firstAuc: 0.9, strongAuc: 0.98, correlation: 0, harmful: 0.1 },
  { firstAuc: 0.9, strongAuc: 0.98, correlation: 0.5, harmful: 0.1 },
  { firstAuc: 0.97, strongAuc: 0.99, correlation: 0.5, harmful: 0.02 },
  { firstAuc: 0.97, strongAuc: 0.99, correlation: 0.5, harmful: 0.5 },
];

/** Further off than so many standard errors would not be chance. */
const MOST_ERRORS = 4;

/** What a cascade of two simulated models does, beside what it should by calculation. */
export async function cascadeArithmetic(quick: boolean): Promise<BenchSection> {
  const count = quick ? 4000 : 40_000;
  const rows: string[][] = [];
  let worst = 0;
  for (const [place, pair] of PAIRS.entries()) {
    const seen = await run(pair, count, seededRandom(place + 1));
    const expected = predicted(pair, USUAL);
    const strongAlone = predicted(pair, { ...USUAL, pass: 0, block: 1 });
    for (const key of ['accuracy', 'atFirst'] as const) {
      const error = Math.sqrt((expected[key] * (1 - expected[key])) / count);
      worst = Math.max(worst, Math.abs(seen[key] - expected[key]) / error);
    }
    const cost = (atFirst: number): string => (FIRST_COST + STRONG_COST * (1 - atFirst)).toFixed(2);
    const beside = (of: (outcome: Outcome) => string): string => `${of(seen)} / ${of(expected)}`;
    rows.push([
      `${pair.firstAuc} and ${pair.strongAuc}`,
      String(pair.correlation),
      percent(pair.harmful, 0),
      beside(({ accuracy }) => percent(accuracy, 2)),
      percent(strongAlone.accuracy, 2),
      beside(({ atFirst }) => percent(atFirst)),
      beside(({ atFirst }) => cost(atFirst)),
      STRONG_COST.toFixed(2),
      beside(({ falseBlock }) => percent(falseBlock, 2)),
      beside(({ recall }) => percent(recall)),
    ]);
  }
  return {
    title: 'The cascade’s arithmetic',
    notes: [
      `Two simulated models of a stated AUC, ${count} texts each; the first passes below ${USUAL.pass} and blocks above ${USUAL.block}, the strong one blocks from ${USUAL.threshold} on. Each figure: as the cascade did it / as calculated. A question costs ${FIRST_COST} at the first and ${STRONG_COST} at the strong one.`,
    ],
    header: [
      'AUC of both',
      'correlation',
      'harmful',
      'accuracy',
      'strong alone',
      'ended at first',
      'cost a text',
      'strong alone',
      'false blocks',
      'recall',
    ],
    rows,
    targets: [
      {
        name: `accuracy and share at stage one as calculated, within ${MOST_ERRORS} standard errors`,
        met: worst <= MOST_ERRORS,
        figure: `${worst.toFixed(1)} at most`,
      },
    ],
  };
}

/** Through the judges that requests go through. */
async function run(pair: Pair, count: number, random: Random): Promise<Outcome> {
  const tally = { right: 0, harmful: 0, found: 0, blocked: 0, missed: 0, strong: 0 };
  const call = makeCall();
  let current: ScoredSample = { isHarmful: false, score: 0 };
  const first: Judge = { ask: async () => ({ score: current.score, categories: {} }) };
  const strong: Judge = {
    ask: async () => {
      tally.strong += 1;
      return { score: current.strongScore ?? 0, categories: {} };
    },
  };
  const judge = cascadeJudge(first, strong, USUAL);
  const asked: JudgedText = { text: '', place: 'input', call, allowedMs: 1000 };
  for (let at = 0; at < count; at += 1) {
    current = drawn(pair, random() < pair.harmful, random);
    const { score, detail } = await judge.ask(asked);
    const isFound = score >= USUAL.threshold;
    if (isFound === current.isHarmful) tally.right += 1;
    if (current.isHarmful) {
      tally.harmful += 1;
      if (isFound) tally.found += 1;
      else if (detail?.['stage'] === 'first') tally.missed += 1;
    } else if (isFound) tally.blocked += 1;
  }
  return {
    accuracy: tally.right / count,
    recall: tally.found / tally.harmful,
    falseBlock: tally.blocked / (count - tally.harmful),
    falsePass: tally.missed / tally.harmful,
    atFirst: 1 - tally.strong / count,
  };
}

const WANTED = { falseBlock: 0.01, falsePass: 0.05, confidence: 0.95 };
const KEPT = 0.95;

const PROMISED: Pair = { firstAuc: 0.95, strongAuc: 0.98, correlation: 0.5, harmful: 0.2 };
const SAFE = 1000;
const HARMFUL = 300;

/** One way to choose thresholds, and what comes of it with each seed. */
interface Way {
  readonly name: string;
  /** What is promised of all texts. */
  readonly rateOf: (outcome: Outcome) => number;
  readonly most: number;
  readonly outcomes: readonly Outcome[];
  readonly isTarget: boolean;
}

/** How often thresholds that were calibrated on some texts keep their promise on all others. */
export function calibrationPromise(quick: boolean): BenchSection {
  const seeds = quick ? 60 : 200;
  const drawnClasses = Array.from({ length: seeds }, (_, seed) => classesFrom(seededRandom(seed + 1)));
  const singles = drawnClasses.map((classes) => single(chooseThreshold(classes, WANTED)));
  const naive = drawnClasses.map((classes) => single(naiveThreshold(classes)));
  const cascades = drawnClasses.map((classes) => predicted(PROMISED, chooseCascade(classes, WANTED)));
  const blocks = { rateOf: ({ falseBlock }: Outcome): number => falseBlock, most: WANTED.falseBlock };
  const passes = { rateOf: ({ falsePass }: Outcome): number => falsePass, most: WANTED.falsePass };
  const ways: readonly Way[] = [
    { name: 'one threshold', ...blocks, outcomes: singles, isTarget: true },
    { name: 'baseline', ...blocks, outcomes: naive, isTarget: false },
    { name: 'cascade', ...blocks, outcomes: cascades, isTarget: true },
    { name: 'cascade, harmful that pass at the first', ...passes, outcomes: cascades, isTarget: true },
  ];
  const aucs = `AUC ${PROMISED.firstAuc} and ${PROMISED.strongAuc}, correlation ${PROMISED.correlation}`;
  return {
    title: 'What calibrate promises',
    notes: [
      `${seeds} times, ${SAFE} safe and ${HARMFUL} harmful texts of a simulated pair (${aucs}) choose thresholds for a false-block rate of ${percent(WANTED.falseBlock, 0)} with ${percent(WANTED.confidence, 0)} confidence. What the thresholds then do to all texts is calculated, not sampled.`,
      `Baseline: the lowest threshold with at most ${percent(WANTED.falseBlock, 0)} of the samples above it, as it is usually done.`,
    ],
    header: ['way', 'wanted at most', 'kept in', 'mean', 'worst', 'mean recall'],
    rows: ways.map(rowOf),
    targets: ways.filter(({ isTarget }) => isTarget).map(targetOf),
  };
}

function classesFrom(random: Random): Classes {
  const draw = (count: number, isHarmful: boolean): ScoredSample[] =>
    Array.from({ length: count }, () => drawn(PROMISED, isHarmful, random));
  return { safe: draw(SAFE, false), harmful: draw(HARMFUL, true) };
}

function single(threshold: number): Outcome {
  return predicted(PROMISED, { pass: threshold, block: threshold, threshold: 1 });
}

function naiveThreshold({ safe }: Classes): number {
  const scores = safe.map(({ score }) => score).toSorted((one, other) => other - one);
  return scores[Math.floor(safe.length * WANTED.falseBlock) - 1] ?? 1;
}

function rowOf(way: Way): string[] {
  const { name, outcomes, rateOf, most } = way;
  const rates = outcomes.map(rateOf);
  const recall = meanOf(outcomes.map((outcome) => outcome.recall));
  return [
    name,
    percent(most, 0),
    percent(kept(way)),
    percent(meanOf(rates), 2),
    percent(Math.max(...rates), 2),
    percent(recall),
  ];
}

function targetOf(way: Way): BenchSection['targets'][number] {
  const share = kept(way);
  const name = `${way.name}: at most ${percent(way.most, 0)} in ≥ ${percent(KEPT, 0)} of the seeds`;
  return { name, met: share >= KEPT, figure: percent(share) };
}

function kept({ outcomes, rateOf, most }: Way): number {
  return outcomes.filter((outcome) => rateOf(outcome) <= most).length / outcomes.length;
}

function meanOf(all: readonly number[]): number {
  return all.reduce((sum, one) => sum + one, 0) / all.length;
}
