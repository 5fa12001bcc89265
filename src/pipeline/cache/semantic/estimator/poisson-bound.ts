import { BoundedMap } from '../../../../core/bounded-map.ts';

const EXACT_UP_TO = 400;
const HALVINGS = 60;
/** A standard normal's quantiles at the confidences that the approximation beyond the table is made of. */
const MOST_SPREAD = 8;

/** There are as many as owners wrote down. */
const MOST_CONFIDENCES = 20;
const BOUNDS = new BoundedMap<RateBound>(MOST_CONFIDENCES);

/** One for all who ask at this confidence: what it has worked out takes more room than what most of them learn. */
export function rateBoundAt(confidence: number): RateBound {
  const name = String(confidence);
  const bound = BOUNDS.get(name) ?? new RateBound(confidence);
  BOUNDS.set(name, bound);
  return bound;
}

/**
 * Where an error rate stands at most, from counted labels.
 *
 * Of n labels w were wrong. The bound is the rate at which so few would be seen with a chance of 1 − confidence only
 * (Garwood's limit, never below the binomial's own). It is at the same time what a posterior says that began with every
 * rate being equally likely, and a posterior stays true however often one looks at it.
 */
export class RateBound {
  readonly #chance: number;
  readonly #most: number[] = [];
  readonly #z: number;

  /** @param confidence over 0, below 1 */
  constructor(confidence: number) {
    this.#chance = 1 - confidence;
    this.#z = normalQuantile(confidence);
  }

  /** @returns the upper bound of the rate, 0 up to 1; 1 where there are no labels */
  of(wrong: number, labels: number): number {
    if (labels <= 0) return 1;
    return Math.min(1, this.mostExpected(wrong) / labels);
  }

  /** How many wrong ones may have been expected at most where so many were seen. */
  mostExpected(wrong: number): number {
    const whole = Math.ceil(wrong);
    if (whole > EXACT_UP_TO) return approximately(whole + 1, this.#z);
    return (this.#most[whole] ??= solve(whole, this.#chance));
  }
}

/** The mean of the Poisson distribution that gives at most `wrong` with this chance. */
function solve(wrong: number, chance: number): number {
  let [low, high] = [0, 2 * wrong + MOST_SPREAD * Math.sqrt(wrong + 1) - 2 * Math.log(chance)];
  for (let step = 0; step < HALVINGS; step += 1) {
    const middle = (low + high) / 2;
    if (atMost(wrong, middle) > chance) low = middle;
    else high = middle;
  }
  return high;
}

/** @returns the chance that a Poisson variable of this mean is at most `count` */
function atMost(count: number, mean: number): number {
  let logTerm = -mean;
  let sum = Math.exp(logTerm);
  for (let k = 1; k <= count; k += 1) {
    logTerm += Math.log(mean) - Math.log(k);
    sum += Math.exp(logTerm);
  }
  return sum;
}

/** Wilson and Hilferty's cube, which is good to a thousandth at these shapes. */
function approximately(shape: number, z: number): number {
  const spread = 1 / (9 * shape);
  return shape * (1 - spread + z * Math.sqrt(spread)) ** 3;
}

/** By halving on the integral; it is asked once for each confidence. */
function normalQuantile(chance: number): number {
  let [low, high] = [-MOST_SPREAD, MOST_SPREAD];
  for (let step = 0; step < HALVINGS; step += 1) {
    const middle = (low + high) / 2;
    if (normalBelow(middle) < chance) low = middle;
    else high = middle;
  }
  return high;
}

function density(x: number): number {
  return Math.exp(-(x * x) / 2) / Math.sqrt(2 * Math.PI);
}

/** Simpson's rule from 0: exact to 1e-9 and more than this needs. */
function normalBelow(x: number): number {
  const steps = 200;
  const width = x / steps;
  let sum = density(0) + density(x);
  for (let k = 1; k < steps; k += 1) sum += density(k * width) * (k % 2 === 1 ? 4 : 2);
  return 0.5 + (sum * width) / 3;
}
