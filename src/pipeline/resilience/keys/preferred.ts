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
    const draw = -Math.log(unit(`${prefix} ${one.key.id}`)) / one.weight;
    if (draw >= least) continue;
    least = draw;
    best = one;
  }
  return best;
}

/** Evenly spread between 0 and 1, neither of which it is. FNV-1a, whose weak high bits MurmurHash3's end mixes. */
function unit(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (((hash ^ (hash >>> 16)) >>> 0) + 0.5) / 2 ** 32;
}
