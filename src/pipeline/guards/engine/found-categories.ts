import type { VerdictOutcome } from '../../../core/screening.ts';
import type { Action } from '../actions.ts';

/** What comes of a text in which something counts. */
export const OUTCOMES = {
  flag: 'flagged',
  redact: 'redacted',
  block: 'blocked',
  review: 'review',
} as const satisfies Record<Exclude<Action, 'off'>, VerdictOutcome>;

/** Categories that are counted apart; what is over is counted together. */
const MOST_CATEGORIES = 50;

/** How often a guard found each category, for its verdict. */
export class FoundCategories {
  readonly #found = new Map<string, number>();

  add(categories: Iterable<string>): void {
    for (const category of categories) {
      const key = this.#found.has(category) || this.#found.size < MOST_CATEGORIES ? category : 'others';
      this.#found.set(key, (this.#found.get(key) ?? 0) + 1);
    }
  }

  /** Undefined where there are none. */
  get counts(): Readonly<Record<string, number>> | undefined {
    return this.#found.size === 0 ? undefined : Object.fromEntries(this.#found);
  }
}
