import { seededRandom } from '../../src/models/simulator/random.ts';

export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** How often each of so many is drawn, with replacement, for each resample. One list serves all policies: it is paired. */
export function resamples(size: number, count: number, seed: number): Uint16Array[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const times = new Uint16Array(size);
    for (let drawn = 0; drawn < size; drawn += 1) {
      const at = Math.floor(random() * size);
      times[at] = (times[at] ?? 0) + 1;
    }
    return times;
  });
}

/** The figure, and between what 95 % of its resamples lie. */
export function withBounds(
  figure: (times?: ArrayLike<number>) => number,
  samples: readonly ArrayLike<number>[],
): Interval {
  const drawn = samples.map((times) => figure(times)).toSorted((one, other) => one - other);
  const at = (part: number): number => drawn[Math.min(drawn.length - 1, Math.floor(part * drawn.length))] ?? Number.NaN;
  return { value: figure(), low: at(0.025), high: at(0.975) };
}
