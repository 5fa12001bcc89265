import type { Random } from '../../src/models/simulator/random.ts';

export type Arrivals = 'constant' | 'poisson';

/** The time of each request after the first moment, in milliseconds, for as long as it lasts. */
export function* schedule(arrivals: Arrivals, perSecond: number, seconds: number, random: Random): Generator<number> {
  const meanMs = 1000 / perSecond;
  const end = seconds * 1000;
  for (let at = 0, sent = 0; at < end; sent += 1) {
    yield at;
    // A sum of equal steps would gather their rounding.
    at = arrivals === 'constant' ? (sent + 1) * meanMs : at - Math.log(1 - random()) * meanMs;
  }
}
