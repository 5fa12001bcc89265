import { type Call, type Target, targetName } from '../../../core/call.ts';
import { isSameTarget } from '../../../core/reach.ts';
import type { ModelCatalog } from '../../../models/catalog.ts';
import { KnownParts } from '../../../models/tokens/known-parts.ts';
import type { Amounts, AttemptBound } from '../bounds/attempt-bound.ts';
import { type BoundOptions, boundOf } from '../bounds/bound-of.ts';

/** The bounds of one call at its targets, each worked out once. */
export class BoundsOfCall {
  readonly #call: Call;
  readonly #catalog: ModelCatalog;
  /** Of the target that was asked for last, mostly the only one, and of others. */
  #latest: { readonly target: Target; readonly bound: AttemptBound } | undefined;
  #known: Map<string, AttemptBound> | undefined;
  readonly #parts = new KnownParts();
  #capped: BoundOptions = { parts: this.#parts };

  constructor(call: Call, catalog: ModelCatalog) {
    this.#call = call;
    this.#catalog = catalog;
  }

  /** Answers were capped to this after they had been asked for. */
  capTo(maxOutputTokens: number): void {
    this.#capped = { maxOutputTokens, parts: this.#parts };
    this.#latest = undefined;
    this.#known = undefined;
  }

  of(target: Target): AttemptBound {
    if (this.#latest && isSameTarget(this.#latest.target, target)) return this.#latest.bound;
    const bound = this.#known?.get(targetName(target)) ?? boundOf(this.#call, target, this.#catalog, this.#capped);
    if (this.#latest) {
      this.#known ??= new Map();
      this.#known.set(targetName(this.#latest.target), this.#latest.bound);
    }
    this.#latest = { target, bound };
    return bound;
  }

  /** With input tokens beside what the client sent. */
  withMore(target: Target, moreInputTokens: number): Amounts {
    // A token has at least one byte. What was known before the body grew still stands for what it was made of.
    const more = moreInputTokens + (this.#call.grownBytes ?? 0);
    if (more === 0) return this.of(target);
    return boundOf(this.#call, target, this.#catalog, { ...this.#capped, moreInputTokens: more });
  }
}
