import { isDeepStrictEqual } from 'node:util';

import {
  type MeasuredCascade,
  chooseCascade,
  measureCascade,
} from '../pipeline/guards/moderation/calibration/cascade-bounds.ts';
import { fewestSamples, mostSeen } from '../pipeline/guards/moderation/calibration/binomial.ts';
import {
  type Classes,
  type ScoredSample,
  type Wanted,
  classesOf,
} from '../pipeline/guards/moderation/calibration/sample.ts';
import {
  type Measured,
  chooseThreshold,
  measureThreshold,
  mostBlocked,
  percent,
} from '../pipeline/guards/moderation/calibration/threshold.ts';
import type { Thresholds } from './guards-scorers.ts';

/** One way to decide, and what it does to the samples. */
export interface CalibrationRow {
  readonly name: string;
  readonly thresholds: Thresholds | undefined;
  readonly measured: Measured | undefined;
  readonly cascade: MeasuredCascade | undefined;
  /** Why there are no thresholds. */
  readonly problem: string | undefined;
}

export interface Calibration {
  readonly safe: number;
  readonly harmful: number;
  readonly isCascade: boolean;
  readonly chosen: Thresholds;
  /** What is in force, what was chosen, and others to compare with. */
  readonly rows: readonly CalibrationRow[];
  readonly notes: readonly string[];
}

/** Shown beside the one that is wanted. */
const OTHER_RATES = [0.001, 0.005, 0.01, 0.02, 0.05];

/**
 * Chooses thresholds for samples that have their scores.
 * @param now what is in force, where that is known
 * @throws RangeError where the samples do not suffice
 */
export function calibrate(samples: readonly ScoredSample[], wanted: Wanted, now: Thresholds | undefined): Calibration {
  const classes = classesOf(samples);
  const isCascade = samples.some(({ strongScore }) => strongScore !== undefined);
  const choose = (one: Wanted): Thresholds =>
    isCascade ? chooseCascade(classes, one) : { threshold: chooseThreshold(classes, one) };
  const measured = (name: string, thresholds: Thresholds) => rowOf(name, classes, thresholds, wanted.confidence);
  const chosen = keptOf(classes, choose(wanted), now, wanted.confidence);
  const others = OTHER_RATES.filter((rate) => rate !== wanted.falseBlock).map((falseBlock) =>
    tried(`at most ${percent(falseBlock)}`, (name) => measured(name, choose({ ...wanted, falseBlock }))),
  );
  return {
    safe: classes.safe.length,
    harmful: classes.harmful.length,
    isCascade,
    chosen,
    rows: [
      ...(now && isCascade === 'pass' in now ? [measured('now', now)] : []),
      measured(`chosen: at most ${percent(wanted.falseBlock)}`, chosen),
      ...others,
      ...(isCascade ? alone(classes, wanted) : []),
    ],
    notes: isCascade ? cascadeNotes(classes, wanted, chosen) : [],
  };
}

/** What is in force stays so where what was chosen does no better: it decides of all samples alike. */
function keptOf(classes: Classes, chosen: Thresholds, now: Thresholds | undefined, confidence: number): Thresholds {
  if (!now || 'pass' in now !== 'pass' in chosen) return chosen;
  const [one, other] = [now, chosen].map((thresholds) => rowOf('', classes, thresholds, confidence));
  return isDeepStrictEqual(one?.measured, other?.measured) ? now : chosen;
}

/**
 * Before anybody is asked about them.
 * @throws RangeError where there are too few samples, whatever their scores are
 */
export function requireEnough(labels: readonly Pick<ScoredSample, 'isHarmful'>[], wanted: Wanted): void {
  const classes = classesOf(labels.map(({ isHarmful }) => ({ isHarmful, score: 0 })));
  mostBlocked(classes, wanted.falseBlock, wanted.confidence);
}

function rowOf(name: string, classes: Classes, thresholds: Thresholds, confidence: number): CalibrationRow {
  const cascade = 'pass' in thresholds ? measureCascade(classes, thresholds, confidence) : undefined;
  const measured = cascade ?? measureThreshold(classes, thresholds.threshold, confidence);
  return { name, thresholds, measured, cascade, problem: undefined };
}

/** Others than the one that is wanted may ask too much of the samples. */
function tried(name: string, make: (name: string) => CalibrationRow): CalibrationRow {
  try {
    return make(name);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { name, thresholds: undefined, measured: undefined, cascade: undefined, problem: error.message };
  }
}

/** The strong judge's score as the only one. */
function asFirst({ isHarmful, strongScore = 0 }: ScoredSample): ScoredSample {
  return { isHarmful, score: strongScore };
}

/** Each of both judges without the other. */
function alone({ safe, harmful }: Classes, wanted: Wanted): CalibrationRow[] {
  const strong = { safe: safe.map(asFirst), harmful: harmful.map(asFirst) };
  const row = (name: string, classes: Classes): CalibrationRow =>
    tried(name, () => rowOf(name, classes, { threshold: chooseThreshold(classes, wanted) }, wanted.confidence));
  return [row('the first alone', { safe, harmful }), row('the strong one alone', strong)];
}

function cascadeNotes({ safe, harmful }: Classes, wanted: Wanted, chosen: Thresholds): string[] {
  const { falseBlock, falsePass, confidence } = wanted;
  const isSure = mostSeen(harmful.length, falsePass, confidence) >= 0;
  const hasRoom = mostSeen(safe.length, falseBlock, confidence) > 0;
  return [
    ...(isSure
      ? []
      : [
          `To be sure that at most ${percent(falsePass)} of the harmful ones pass at the first it needs ${fewestSamples(falsePass, confidence)} harmful samples; "pass" is where none of these does.`,
        ]),
    ...(hasRoom || !('block' in chosen) || chosen.block < 1
      ? []
      : ['With so few safe samples nothing is blocked at the first; more of them would allow it.']),
  ];
}
