import { crossing, logNormalBelow } from '../../pipeline/rollouts/statistics/functions.ts';
import type { Column, Interval } from './blocks.ts';

/** Labels of some answers, each from 0 to 1: what they add up to, by block. */
export interface Labels {
  readonly sum: Column;
  readonly count: Column;
  /** What their squares add up to. */
  squares: number;
}

/** Labels, and by how much their mean counts for a difference of means; below 0 where it is taken away. */
export type Term = readonly [labels: Labels, coefficient: number];

/** One in so many that are told is wrong, either way. */
const WRONG = 0.05;
const MOST_SPREADS = 10;

/** How many standard deviations an interval reaches so that all of `compared` hold together with 95 %. */
export function spreadsFor(compared: number): number {
  const within = 1 - WRONG / 2 / Math.max(1, compared);
  return crossing((spreads) => Math.exp(logNormalBelow(spreads)), within, 0, MOST_SPREADS);
}

/** Blocks that have labels: the answers in one of them are not independent of each other. */
export function labelled({ count }: Labels): number {
  return count.reduce((sum, one) => sum + Math.min(1, one), 0);
}

/**
 * A difference of mean labels, and how sure it is: Wilson's interval of each mean, put together as Newcombe does. They
 * do not shrink to nothing where all labels are the same, as resampled ones do.
 * @param terms each with a label at least
 */
export function labelDifference(terms: readonly Term[], spreads: number): Interval {
  let [value, below, above] = [0, 0, 0];
  for (const [labels, coefficient] of once(terms)) {
    const mean = wilson(labels, spreads);
    const [one, other] = [coefficient * mean.low, coefficient * mean.high];
    const told = coefficient * mean.value;
    value += told;
    below += (told - Math.min(one, other)) ** 2;
    above += (Math.max(one, other) - told) ** 2;
  }
  return { value, low: value - Math.sqrt(below), high: value + Math.sqrt(above) };
}

/** About how many labels of each it takes until a difference that is none is shown not to be below `-margin`. */
export function labelsFor(terms: readonly Term[], spreads: number, margin: number): number {
  const needed = once(terms).map(([labels, coefficient]) => {
    const mean = meanOf(labels);
    const variance = coefficient ** 2 * mean * (1 - mean);
    return factorOf(labels) * spreads ** 2 * (variance / margin ** 2 + Math.abs(coefficient) / margin / 2);
  });
  return Math.ceil(needed.reduce((sum, one) => sum + one, 0));
}

/** The same labels may stand for several differences. */
function once(terms: readonly Term[]): [Labels, number][] {
  const sums = new Map<Labels, number>();
  for (const [labels, coefficient] of terms) sums.set(labels, (sums.get(labels) ?? 0) + coefficient);
  return [...sums];
}

/** Their mean. Labels of one conversation, or in between yes and no, say less or more than as many thumbs. */
function wilson(labels: Labels, spreads: number): Interval {
  const value = meanOf(labels);
  const n = total(labels.count) / factorOf(labels);
  const around = (value + spreads ** 2 / (2 * n)) / (1 + spreads ** 2 / n);
  const reach = (spreads / (1 + spreads ** 2 / n)) * Math.sqrt((value * (1 - value)) / n + spreads ** 2 / (4 * n * n));
  return { value, low: Math.max(0, around - reach), high: Math.min(1, around + reach) };
}

/**
 * How many labels say as much as one thumb of a conversation of its own. What is not seen is taken for granted for
 * about one label: that there are bad and good ones, and that conversations are all of one opinion.
 */
function factorOf({ sum, count, squares }: Labels): number {
  const n = total(count);
  const mean = total(sum) / n;
  const within = Math.max(0, squares - n * mean ** 2);
  // As if there were one good and one bad label more.
  const guess = (total(sum) + 1) / (n + 2);
  const thumbs = guess * (1 - guess);
  const spread = (squares + 1) / (n + 2) - guess ** 2;
  const blocks = count.filter((one) => one > 0).length;
  const apart = count.reduce((all, own, at) => all + ((sum[at] ?? 0) - mean * own) ** 2, 0);
  const together = count.reduce((all, own) => all + own ** 2, 0) / n;
  const shared = ((apart * blocks) / Math.max(1, blocks - 1) + thumbs * together) / (within + thumbs);
  return (spread / thumbs) * Math.max(1, shared);
}

function meanOf({ sum, count }: Labels): number {
  return total(sum) / total(count);
}

function total(column: Column): number {
  return column.reduce((sum, one) => sum + one, 0);
}
