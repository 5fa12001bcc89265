import type { Random } from '../../../src/models/simulator/random.ts';
import type { ScoredSample } from '../../../src/pipeline/guards/moderation/calibration/sample.ts';
import type { CascadeThresholds } from '../../../src/pipeline/guards/moderation/calibration/cascade-bounds.ts';

/**
 * A pair of models that are simulated: what each sees of a text is a number with a normal distribution, around 0 for safe
 * texts and around `distance` for harmful ones; its score is the true chance, by that number, that the text is harmful.
 * So everything that a cascade of them does can be calculated, and compared with what it did.
 */
export interface Pair {
  /** How often a harmful text scores higher than a safe one. */
  readonly firstAuc: number;
  readonly strongAuc: number;
  /** How much what both see of texts of one class goes together, 0 to 1. */
  readonly correlation: number;
  /** The share of harmful texts. */
  readonly harmful: number;
}

/** What comes of a cascade, of all texts. */
export interface Outcome {
  readonly accuracy: number;
  readonly recall: number;
  readonly falseBlock: number;
  readonly falsePass: number;
  /** The share that ends at the first. */
  readonly atFirst: number;
}

export function drawn({ harmful, correlation, ...aucs }: Pair, isHarmful: boolean, random: Random): ScoredSample {
  const [first, strong] = [distanceOf(aucs.firstAuc), distanceOf(aucs.strongAuc)];
  const shared = gaussian(random);
  const own = gaussian(random);
  const seen = shared + (isHarmful ? first : 0);
  const other = correlation * shared + Math.sqrt(1 - correlation ** 2) * own + (isHarmful ? strong : 0);
  return { isHarmful, score: scoreOf(seen, first, harmful), strongScore: scoreOf(other, strong, harmful) };
}

const STEPS = 4000;
const WIDEST = 8;

/** What comes of a cascade of both, calculated. */
export function predicted(pair: Pair, thresholds: CascadeThresholds): Outcome {
  const [safe, bad] = [ofClass(pair, thresholds, false), ofClass(pair, thresholds, true)];
  const mixed = (ofSafe: number, ofHarmful: number): number => (1 - pair.harmful) * ofSafe + pair.harmful * ofHarmful;
  return {
    accuracy: mixed(1 - safe.found, bad.found),
    recall: bad.found,
    falseBlock: safe.found,
    falsePass: bad.passed,
    atFirst: mixed(safe.passed + safe.foundFirst, bad.passed + bad.foundFirst),
  };
}

function ofClass(pair: Pair, { pass, block, threshold }: CascadeThresholds, isHarmful: boolean) {
  const [first, strong] = [distanceOf(pair.firstAuc), distanceOf(pair.strongAuc)];
  const { correlation, harmful } = pair;
  const [low, high] = [pass, block].map((bound) => seenAt(bound, first, harmful) - (isHarmful ? first : 0));
  const needed = seenAt(threshold, strong, harmful) - (isHarmful ? strong : 0);
  const passed = below(low ?? 0);
  const foundFirst = 1 - below(high ?? 0);
  const [from, to] = [Math.max(low ?? 0, -WIDEST), Math.min(high ?? 0, WIDEST)];
  const width = Math.max(0, to - from) / STEPS;
  let foundStrong = 0;
  for (let step = 0; step < STEPS; step += 1) {
    const shared = from + (step + 0.5) * width;
    const above = 1 - below((needed - correlation * shared) / Math.sqrt(1 - correlation ** 2));
    foundStrong += width * density(shared) * above;
  }
  return { passed, foundFirst, found: foundFirst + foundStrong };
}

/** What it sees where it gives that score. */
function seenAt(score: number, distance: number, harmful: number): number {
  if (score <= 0) return Number.NEGATIVE_INFINITY;
  if (score >= 1) return Number.POSITIVE_INFINITY;
  return (logOdds(score) - logOdds(harmful)) / distance + distance / 2;
}

function scoreOf(seen: number, distance: number, harmful: number): number {
  return 1 / (1 + Math.exp(-(distance * seen - distance ** 2 / 2 + logOdds(harmful))));
}

function logOdds(share: number): number {
  return Math.log(share / (1 - share));
}

/** How far apart both classes are, by halving: the AUC is the chance that the difference of two such numbers is above 0. */
function distanceOf(auc: number): number {
  let [low, high] = [0, WIDEST];
  for (let i = 0; i < 50; i += 1) {
    const middle = (low + high) / 2;
    if (below(middle / Math.SQRT2) < auc) low = middle;
    else high = middle;
  }
  return low;
}

function density(value: number): number {
  return Math.exp(-(value ** 2) / 2) / Math.sqrt(2 * Math.PI);
}

/** The normal distribution, to 7 digits (Abramowitz and Stegun, 26.2.17). */
function below(value: number): number {
  if (value < 0) return 1 - below(-value);
  if (value > WIDEST) return 1;
  const t = 1 / (1 + 0.2316419 * value);
  const sum = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - density(value) * sum;
}

function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
