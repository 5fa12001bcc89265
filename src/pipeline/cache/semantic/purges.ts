import type { StoredAnswer } from '../answer/stored-answer.ts';
import { type PurgeFilter, isPurged } from '../store/answer-store.ts';

const MOST = 200;

interface Purge {
  readonly filter: PurgeFilter;
  readonly at: number;
}

/** The last purges: an answer that was asked for before one of them is not kept after it. */
export class LastPurges {
  #purges: Purge[] = [];
  /** Of purges that are not known any more. */
  #allBefore = Number.NEGATIVE_INFINITY;

  note(filter: PurgeFilter, at: number): void {
    this.#purges.push({ filter, at });
    if (this.#purges.length <= MOST) return;
    this.#allBefore = this.#purges.shift()?.at ?? at;
  }

  hit({ storedAt, labels, key }: StoredAnswer): boolean {
    if (storedAt <= this.#allBefore) return true;
    return this.#purges.some(({ filter, at }) => storedAt <= at && isPurged(labels, key, filter));
  }
}
