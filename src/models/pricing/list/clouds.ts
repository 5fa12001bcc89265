import type { Rates, Variant } from '../price.ts';

/** What Google and Amazon ask for their tier `priority`. */
export const PRIORITY_OF_GOOGLE: Variant = { when: { serviceTier: 'priority' }, factor: 1.8 };
export const PRIORITY_OF_AWS: Variant = { when: { serviceTier: 'priority' }, factor: 1.75 };

/** At every endpoint of Vertex AI but the global one. */
export const REGIONAL: Variant = { when: { geo: 'regional' }, factor: 1.1 };
/** At those endpoints as at the global one. */
export const ANYWHERE: Variant = { when: { geo: 'regional' } };
/** Known for the global endpoint alone. */
export const ONLY_GLOBAL: Variant = { when: { geo: 'global' } };

/** What a model costs in these regions of AWS; without rates as the row says. In regions without a variant it is not known. */
export function inRegions(regions: readonly string[], rates: Partial<Rates> = {}): Variant[] {
  return regions.map((geo) => ({ when: { geo }, ...rates }));
}
