import type { Signals } from './signals.ts';

/** One thing that speaks for a stronger model, or (below 0) for a weaker one. */
interface Point {
  readonly points: number;
  /** In words that follow "question with". */
  readonly says: string;
}

export interface Scored {
  /** 0 to 1. */
  readonly score: number;
  /** What counted, the most first. */
  readonly points: readonly Point[];
}

/** What a question without anything special comes to. */
const BASE = 0.1;

/** Points for the first of something, for each further one, and at most. */
function several(count: number, first: number, further: number, most: number): number {
  return count <= 0 ? 0 : Math.min(most, first + (count - 1) * further);
}

const FEW_WORDS = 8;
const SOME_WORDS = 16;
const MANY_WORDS = 40;

function lengthOf({ words, reasoning }: Signals): number {
  if (words <= FEW_WORDS) return reasoning > 0 ? 0 : -0.02;
  return words <= SOME_WORDS ? 0 : Math.min(0.36, 0.09 * Math.log2(words / SOME_WORDS));
}

/** Whoever weighs something explains it. */
function explainedOf({ explaining, analysis }: Signals): number {
  return several(explaining, 0.17, 0.05, 0.25) / (1 + analysis);
}

/** To analyse and to write what comes of it is mostly one task. */
function madeOf({ creation, analysis }: Signals): number {
  return several(creation, 0.18, 0.06, 0.32) / (analysis > 1 ? 2 : 1);
}

/** A text in which quantities are put together. */
function wordProblem({ numbers, maths, words }: Signals): number {
  return maths > 0 && numbers >= 2 && words >= FEW_WORDS ? Math.min(0.24, 0.06 * numbers) : 0;
}

function contextOf({ contextChars }: Signals): number {
  return contextChars < 4000 ? 0 : Math.min(0.2, 0.04 * (1 + Math.log2(contextChars / 4000)));
}

/** What is easy, where nothing that is not easy stands beside it. */
function easy({ transforming, lookingUp, reasoning, analysis, creation, maths, code, words }: Signals): number {
  if (words > MANY_WORDS || reasoning > 0) return 0;
  const others = Math.min(2, analysis + creation + maths + code);
  return -Math.min(0.2, 0.09 * transforming + 0.05 * lookingUp) / (1 + others);
}

const RULES: readonly (readonly [says: string, points: (signals: Signals) => number])[] = [
  ['a length that asks for more', lengthOf],
  ['steps of reasoning', ({ reasoning }) => several(reasoning, 0.64, 0.12, 0.8)],
  ['something to weigh or to plan', ({ analysis }) => several(analysis, 0.2, 0.11, 0.4)],
  ['something to explain', explainedOf],
  ['something to make', madeOf],
  ['maths', ({ maths }) => several(maths, 0.17, 0.06, 0.33)],
  ['numbers to put together', wordProblem],
  ['formulas', ({ formulas }) => several(formulas, 0.1, 0.03, 0.22)],
  ['words of programming', ({ code }) => several(code, 0.09, 0.05, 0.26)],
  ['code', ({ codeLines }) => several(codeLines, 0.1, 0.03, 0.22)],
  ['a field for experts', ({ expert }) => several(expert, 0.1, 0.04, 0.2)],
  ['several questions', ({ questions }) => several(questions - 1, 0.08, 0.05, 0.24)],
  ['several sentences', ({ sentences }) => several(sentences - 2, 0.05, 0.04, 0.17)],
  ['several points', ({ items }) => several(items - 1, 0.05, 0.03, 0.18)],
  ['conditions', ({ constraints }) => several(constraints, 0.05, 0.05, 0.25)],
  ['a sequence', ({ sequence }) => several(sequence - 1, 0.05, 0.04, 0.13)],
  ['a long history', ({ turns }) => several(turns - 2, 0.03, 0.02, 0.14)],
  ['much to read', contextOf],
  ['tools', ({ tools }) => tools * 0.1],
  ['images, sound or documents', ({ media }) => media * 0.12],
  ['a schema to keep to', ({ schema }) => schema * 0.05],
  ['a wish to think first', ({ asksToThink }) => asksToThink * 0.3],
  ['little to say', ({ isShortAnswer }) => isShortAnswer * -0.08],
  ['something easy', easy],
];

/** The sum of what speaks for and against; each rule looks at what it names and at nothing else. */
export function scoreOf(signals: Signals): Scored {
  const points: Point[] = [];
  let sum = BASE;
  for (const [says, pointsOf] of RULES) {
    const found = pointsOf(signals);
    if (found === 0) continue;
    points.push({ points: found, says });
    sum += found;
  }
  points.sort((one, other) => Math.abs(other.points) - Math.abs(one.points));
  return { score: Math.min(1, Math.max(0, sum)), points };
}
