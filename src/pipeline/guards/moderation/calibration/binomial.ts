/** What so many samples say of a share, exactly: no approximation for large numbers, and none for rare events. */

/** P(X ≤ k) of n tries that each succeed with the probability p. */
export function atMost(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  if (k >= n || p <= 0) return 1;
  if (p >= 1) return 0;
  // The terms are added from the largest on, away from the mean, so that they only shrink.
  return k <= n * p ? sumFrom(k, n, p, -1) : 1 - sumFrom(k + 1, n, p, 1);
}

function sumFrom(from: number, n: number, p: number, step: 1 | -1): number {
  const odds = p / (1 - p);
  let term = Math.exp(logChoose(n, from) + from * Math.log(p) + (n - from) * Math.log1p(-p));
  let sum = term;
  for (let k = from; step === 1 ? k < n : k > 0; k += step) {
    term *= step === 1 ? ((n - k) / (k + 1)) * odds : k / ((n - k + 1) * odds);
    sum += term;
    if (term < sum * Number.EPSILON) break;
  }
  return Math.min(1, sum);
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

const EXACT = 32;

/** Stirling's series, which is exact to the last digits from 32 on. */
function logFactorial(n: number): number {
  if (n < EXACT) {
    let log = 0;
    for (let factor = 2; factor <= n; factor += 1) log += Math.log(factor);
    return log;
  }
  const inverse = 1 / n;
  const square = inverse * inverse;
  const series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)));
  return n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + series;
}

const HALVINGS = 60;

/**
 * The largest share that is still plausible where k of n were seen: the one-sided bound of Clopper and Pearson (1934,
 * https://doi.org/10.1093/biomet/26.4.404). 1 where there are none.
 */
export function upperBound(k: number, n: number, confidence: number): number {
  if (k >= n) return 1;
  let low = k / n;
  let high = 1;
  for (let i = 0; i < HALVINGS; i += 1) {
    const middle = (low + high) / 2;
    if (atMost(k, n, middle) > 1 - confidence) low = middle;
    else high = middle;
  }
  return high;
}

/** How many of n may be seen at most, so that the share is surely not above a rate; -1 where n is too few. */
export function mostSeen(n: number, rate: number, confidence: number): number {
  let low = -1;
  let high = Math.floor(n * rate);
  while (low < high) {
    const middle = low + Math.ceil((high - low) / 2);
    if (atMost(middle, n, rate) <= 1 - confidence) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** How many samples it takes to be sure of a rate where none of them is seen. */
export function fewestSamples(rate: number, confidence: number): number {
  return Math.ceil(Math.log(1 - confidence) / Math.log1p(-rate) - 1e-9);
}
