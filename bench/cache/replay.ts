import { seededRandom } from '../../src/models/simulator/random.ts';
import { type Candidate, choose } from '../../src/pipeline/cache/semantic/choose.ts';
import { ServingEstimator } from '../../src/pipeline/cache/semantic/estimator/estimator.ts';
import { NEIGHBOURS } from '../../src/pipeline/cache/semantic/estimator/neighbour.ts';
import { type Traits, traitsOf } from '../../src/pipeline/cache/semantic/vetoes/vetoes.ts';
import type { Item } from './data.ts';
import type { Cosines } from './vectors.ts';

/** Texts with all that is known of them. A stream is numbers of them. */
export interface World {
  readonly items: readonly Item[];
  readonly traits: readonly Traits[];
  readonly cosines: Cosines;
}

export type Policy =
  | { readonly kind: 'exact' }
  | { readonly kind: 'fixed'; readonly threshold: number }
  | { readonly kind: 'verified'; readonly maxErrorRate: number };

/** What became of a stream's requests. */
export interface Outcome {
  readonly requests: number;
  readonly exact: number;
  readonly semantic: number;
  /** Of the semantic ones; exact hits are right by definition. */
  readonly wrong: number;
}

const CONFIDENCE = 0.95;

export function worldOf(items: readonly Item[], cosines: Cosines): World {
  return { items, cosines, traits: items.map(({ text }) => traitsOf(text)) };
}

/**
 * Sends a stream through the caches. The model is one that gives texts of one answer the very same answer. What it is
 * asked is kept, and is an exact hit from then on; what is served by meaning is not kept.
 */
export function replay(world: World, stream: readonly number[], policy: Policy, seed: number): Outcome {
  const stored: number[] = [];
  const known = new Set<number>();
  const look = lookOf(world, policy, seed);
  let [exact, semantic, wrong] = [0, 0, 0];
  for (const item of stream) {
    if (known.has(item)) {
      exact += 1;
      continue;
    }
    const served = look(item, stored);
    if (served === undefined) {
      known.add(item);
      stored.push(item);
      continue;
    }
    semantic += 1;
    if (!isSame(world, item, served)) wrong += 1;
  }
  return { requests: stream.length, exact, semantic, wrong };
}

/** Whose answer to serve; undefined where the model is asked. */
type Look = (item: number, stored: readonly number[]) => number | undefined;

function lookOf(world: World, policy: Policy, seed: number): Look {
  if (policy.kind === 'exact') return () => undefined;
  if (policy.kind === 'verified') return verified(world, policy.maxErrorRate, seed);
  return (item, stored) => {
    const [nearest] = world.cosines.nearest(item, stored, 1);
    return nearest && nearest.similarity >= policy.threshold ? nearest.item : undefined;
  };
}

/** As the product does: index, vetoes, estimator, and a label wherever the model was asked. */
function verified(world: World, maxErrorRate: number, seed: number): Look {
  const estimator = new ServingEstimator({ maxErrorRate, confidence: CONFIDENCE, random: seededRandom(seed) });
  return (item, stored) => {
    const near = world.cosines.nearest(item, stored, NEIGHBOURS).map((one) => candidateOf(world, one));
    const { neighbour } = choose(traitsAt(world, item), near);
    if (neighbour === undefined) return undefined;
    const entry = Number(neighbour.entry);
    if (estimator.decide(neighbour, world.items[item]?.text).kind === 'serve') return entry;
    estimator.observe(neighbour, isSame(world, item, entry));
    return undefined;
  };
}

function candidateOf(world: World, { item, similarity }: { item: number; similarity: number }): Candidate {
  const answer = world.items[item]?.answer ?? '';
  return { entry: String(item), similarity, answer, traits: () => traitsAt(world, item) };
}

function traitsAt({ traits }: World, item: number): Traits {
  const found = traits[item];
  if (found === undefined) throw new Error(`there is no item ${item}`);
  return found;
}

function isSame({ items }: World, one: number, other: number): boolean {
  return items[one]?.answer === items[other]?.answer;
}
