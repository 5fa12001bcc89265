import { GROUPS, type Moments, spreadOf } from './moments.ts';

/** One arm over a time, and how much of it counts. */
export interface Weighted {
  readonly moments: Moments;
  /** What its mean is multiplied with. */
  readonly weight: number;
}

/**
 * By how much the variance of weighted means is above that of as many values which have nothing to do with each other,
 * at least 1. Of arms whose users bring one request each it is about 1; where a few users bring most, and their
 * requests are alike, it is as many as really count as one.
 *
 * It compares what groups of users differ with what they would by chance, in both arms, and takes the mean of these:
 * one arm may be too small to tell.
 */
export function designEffect(arms: readonly (readonly Weighted[])[]): number {
  let [sum, weights] = [0, 0];
  for (const arm of arms) {
    const known = ratioOf(arm);
    if (known === undefined) continue;
    sum += known.weight * known.ratio;
    weights += known.weight;
  }
  return weights === 0 ? 1 : Math.max(1, sum / weights);
}

/** Undefined where the values of an arm are in no groups, or all the same. */
function ratioOf(arm: readonly Weighted[]): { ratio: number; weight: number } | undefined {
  if (!arm.some(({ moments: { groups } }) => groups.some((sum) => sum !== 0))) return undefined;
  const apart = Array.from({ length: GROUPS }, () => 0);
  let [byChance, values] = [0, 0];
  for (const { moments, weight } of arm) {
    const { n, sum, groups } = moments;
    if (n === 0) continue;
    for (let group = 0; group < GROUPS; group += 1) {
      const own = (groups[2 * group + 1] ?? 0) - (sum / n) * (groups[2 * group] ?? 0);
      apart[group] = (apart[group] ?? 0) + (weight / n) * own;
    }
    byChance += (weight / n) ** 2 * spreadOf(moments);
    values += groups.reduce((all, part, at) => (at % 2 === 0 ? all + part : all), 0);
  }
  if (values < 2 || !(byChance > 0)) return undefined;
  const between = apart.reduce((all, part) => all + part * part, 0) * (GROUPS / (GROUPS - 1));
  return { ratio: between / byChance, weight: Math.min(values, GROUPS) - 1 };
}
