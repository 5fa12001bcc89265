import { NEIGHBOURS, type Neighbour, type Ranked, neighbourOf } from './estimator/neighbour.ts';
import { type Traits, type Veto, vetoBetween } from './vetoes/vetoes.ts';

/** A stored request that is near, the most similar first. */
export interface Candidate extends Ranked {
  /** Worked out where they are needed: they take more room than the text does. */
  readonly traits: () => Traits;
}

/** What is near to a request, without what cannot mean the same. */
export interface Choice {
  readonly neighbour: Neighbour | undefined;
  /** Why the most similar one is not it. */
  readonly veto: Veto | undefined;
}

/**
 * Which stored request could stand for another.
 * @param near all that the index found, asked for `NEIGHBOURS`
 */
export function choose(asked: Traits, near: readonly Candidate[]): Choice {
  const [first] = near;
  const veto = first && vetoBetween(asked, first.traits());
  // Nor is the next one served then: a nearer one that means something else is a reason to doubt it.
  return { neighbour: veto === undefined ? neighbourOf(near, near.length < NEIGHBOURS) : undefined, veto };
}
