import { evenShare } from '../../../core/even-share.ts';

/** One of several that a prefix may go to. */
interface Candidate {
  readonly key: { readonly id: string };
  readonly weight: number;
}

/**
 * The one that a prefix belongs to, by weighted rendezvous hashing: each has its share of all prefixes, every process
 * finds the same one, and where one is missing only its own prefixes move. Undefined where there is none.
 */
export function preferred<One extends Candidate>(candidates: readonly One[], prefix: string): One | undefined {
  let best = candidates[0];
  if (candidates.length <= 1) return best;
  let least = Number.POSITIVE_INFINITY;
  for (const one of candidates) {
    // Of several exponential variables each is the least one with a chance that is its rate's share.
    const draw = -Math.log(evenShare(`${prefix} ${one.key.id}`)) / one.weight;
    if (draw >= least) continue;
    least = draw;
    best = one;
  }
  return best;
}
