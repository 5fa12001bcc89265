import { TIERS, type Tier } from '../../../core/routing.ts';
import type { Seen } from './choice.ts';

/**
 * Those that are for a tier first; then those for higher ones, the next one first; then the rest, the highest first. Who
 * says no tier is for those that nobody is for, and before what is higher than asked only then.
 */
export function byTier(able: readonly Seen[], tier: Tier, all: readonly Pick<Seen, 'tiers'>[]): readonly Seen[] {
  const isNamed = all.some(({ tiers }) => tiers.includes(tier));
  const distances = able.map((one) => ({ one, distance: distanceOf(one.tiers, TIERS.indexOf(tier), isNamed) }));
  return distances.toSorted((a, b) => a.distance - b.distance).map(({ one }) => one);
}

/** Above everything that is higher, and below everything that is lower. */
const ANY = TIERS.length;

function distanceOf(tiers: readonly Tier[], wanted: number, isNamed: boolean): number {
  if (tiers.length === 0) return isNamed ? ANY : 0;
  let higher = Number.POSITIVE_INFINITY;
  let lower = Number.POSITIVE_INFINITY;
  for (const tier of tiers) {
    const at = TIERS.indexOf(tier);
    if (at >= wanted) higher = Math.min(higher, at - wanted);
    else lower = Math.min(lower, wanted - at);
  }
  return higher === Number.POSITIVE_INFINITY ? ANY + lower : higher;
}
