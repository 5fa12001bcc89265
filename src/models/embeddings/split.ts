import type { EmbeddingInput } from '../../core/inference/embedding.ts';
import type { EmbeddingBounds } from '../providers/provider.ts';

/** A token is seldom shorter; a batch that is too long all the same is refused, and tried again in parts. */
const BYTES_PER_TOKEN = 3;

/** About how many tokens an input has; at least 1. */
export function tokensOf(input: EmbeddingInput): number {
  if (typeof input !== 'string') return Math.max(1, input.length);
  return Math.max(1, Math.ceil(Buffer.byteLength(input) / BYTES_PER_TOKEN));
}

/** Some inputs of one request, in their order. */
export interface Slice {
  readonly inputs: readonly EmbeddingInput[];
  readonly tokens: number;
}

/** Inputs in the fewest slices that keep their order and the bounds; one input that is over them stands alone. */
export function sliced(inputs: readonly EmbeddingInput[], bounds: EmbeddingBounds): Slice[] {
  const slices: Slice[] = [];
  let taken: EmbeddingInput[] = [];
  let tokens = 0;
  for (const input of inputs) {
    const more = tokensOf(input);
    const isFull = taken.length >= bounds.inputs || (bounds.tokens !== undefined && tokens + more > bounds.tokens);
    if (isFull && taken.length > 0) {
      slices.push({ inputs: taken, tokens });
      taken = [];
      tokens = 0;
    }
    taken.push(input);
    tokens += more;
  }
  if (taken.length > 0) slices.push({ inputs: taken, tokens });
  return slices;
}

/** Whole shares of a total by weight, none of it lost. */
export function shares(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  let given = 0;
  let weighed = 0;
  return weights.map((weight) => {
    weighed += weight;
    const upTo = sum === 0 ? total : Math.round((total * weighed) / sum);
    const share = upTo - given;
    given = upTo;
    return share;
  });
}
