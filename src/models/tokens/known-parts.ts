import type { Json } from '../../core/json.ts';
import type { BoundTarget } from './bound-margins.ts';
import type { BoundSum } from './bound-sum.ts';

/** A part of a body, and what it comes to at a model. */
interface Known {
  readonly part: Json;
  readonly family: string;
  readonly model: string;
  readonly sum: BoundSum;
}

/** Of more than that nothing is kept: a few parts at a few models. */
const MOST_KNOWN = 32;

/**
 * What the long parts of one request come to. Bounds are asked for at each target, and again where the answer was capped:
 * its conversation and its tools are read once for all who read them alike.
 */
export class KnownParts {
  #known: Known[] | undefined;

  /** @param add depends on nothing but the part, and the target's family and model */
  add(
    sum: BoundSum,
    part: Json,
    target: BoundTarget,
    add: (sum: BoundSum, part: Json, target: BoundTarget) => void,
  ): void {
    const known = this.#find(part, target);
    if (known) {
      sum.merge(known);
      return;
    }
    const own = sum.empty();
    add(own, part, target);
    sum.merge(own);
    if (!own.isLong) return;
    this.#known ??= [];
    const { family, model } = target;
    if (this.#known.length < MOST_KNOWN) this.#known.push({ part, family, model, sum: own });
  }

  #find(part: Json, target: BoundTarget): BoundSum | undefined {
    if (!this.#known) return undefined;
    for (const known of this.#known) {
      if (known.part === part && known.family === target.family && known.model === target.model) return known.sum;
    }
    return undefined;
  }
}
