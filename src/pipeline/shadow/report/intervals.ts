import { type Sums, sumAt } from '../sums.ts';

/** A figure, and between what it is with 95 % confidence. */
export interface Estimate {
  readonly value: number;
  /** Undefined where there are too few to say. */
  readonly low: number | undefined;
  readonly high: number | undefined;
}

/** Of the normal distribution, for 95 % in the middle. */
const Z = 1.959964;

/** So few say little of how far they spread. */
const LEAST = 20;

/** A share by Wilson's interval, which holds for few and for shares near 0 and 1. Undefined of none. */
export function shareOf(hits: number, n: number): Estimate | undefined {
  if (n <= 0) return undefined;
  const value = hits / n;
  const around = (value + (Z * Z) / (2 * n)) / (1 + (Z * Z) / n);
  const reach = (Z / (1 + (Z * Z) / n)) * Math.sqrt((value * (1 - value)) / n + (Z * Z) / (4 * n * n));
  return { value, low: Math.max(0, around - reach), high: Math.min(1, around + reach) };
}

/** By what factor, of sums of the logarithms of factors. */
export function factorOf(logs: Sums): Estimate | undefined {
  const [n, sum, squares] = [sumAt(logs, 'n'), sumAt(logs, 'sum'), sumAt(logs, 'squares')];
  if (n <= 0) return undefined;
  const mean = sum / n;
  const value = Math.exp(mean);
  if (n < LEAST) return { value, low: undefined, high: undefined };
  const reach = Z * Math.sqrt(Math.max(0, squares / n - mean * mean) / (n - 1));
  return { value, low: Math.exp(mean - reach), high: Math.exp(mean + reach) };
}

/** The candidate's costs as a part of the live ones, of the same requests (the delta method for a ratio of sums). */
export function costRatioOf(cost: Sums): Estimate | undefined {
  const [n, live, candidate] = [sumAt(cost, 'n'), sumAt(cost, 'live'), sumAt(cost, 'candidate')];
  if (n <= 0 || live <= 0) return undefined;
  const value = candidate / live;
  if (n < LEAST) return { value, low: undefined, high: undefined };
  // Of what each candidate's cost is beside the ratio, whose mean is 0.
  const squares = sumAt(cost, 'candidate2') - 2 * value * sumAt(cost, 'product') + value * value * sumAt(cost, 'live2');
  const reach = (Z * Math.sqrt(Math.max(0, squares) * (n / (n - 1)))) / live;
  return { value, low: Math.max(0, value - reach), high: value + reach };
}
