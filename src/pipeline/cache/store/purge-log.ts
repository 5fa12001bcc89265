import type { StoredAnswer } from '../answer/stored-answer.ts';
import { type PurgeFilter, isPurged } from './answer-store.ts';

/** Answers that were deleted. */
export interface Purge {
  readonly id: string;
  readonly filter: PurgeFilter;
  /** Epoch milliseconds: what was stored until then. */
  readonly at: number;
}

/** Each answer that comes from elsewhere is held against all of them. */
export const MOST_PURGES = 1000;

/**
 * The purges in force. What other replicas or the time before a start have left in a shared level is not deleted there:
 * it is held against this, and is not given any more.
 */
export class PurgeLog {
  /** The purges of one answer each, of which there may be many: key → when. */
  #keys: ReadonlyMap<string, number> = new Map();
  #others: readonly Purge[] = [];
  /** Everything until then: where there are too many to be held against. */
  #everything = Number.NEGATIVE_INFINITY;
  /** The last of all: nothing that was stored since is covered. */
  #last = Number.NEGATIVE_INFINITY;

  /** @param purges the newest first; more than `MOST_PURGES` stand for a purge of all that is older than those */
  replace(purges: readonly Purge[]): void {
    const keys = new Map<string, number>();
    const others: Purge[] = [];
    let last = Number.NEGATIVE_INFINITY;
    for (const { at } of purges) last = Math.max(last, at);
    for (const purge of purges.slice(0, MOST_PURGES)) {
      const { key, ...rest } = purge.filter;
      const isOfKeyOnly = key !== undefined && Object.values(rest).every((value) => value === undefined);
      if (isOfKeyOnly) keys.set(key, Math.max(purge.at, keys.get(key) ?? purge.at));
      else others.push(purge);
    }
    this.#keys = keys;
    this.#others = others;
    this.#last = last;
    this.#everything = purges[MOST_PURGES]?.at ?? Number.NEGATIVE_INFINITY;
  }

  /** Whether the answer was deleted after it was stored. */
  covers({ key, labels, storedAt }: Pick<StoredAnswer, 'key' | 'labels' | 'storedAt'>): boolean {
    if (storedAt > this.#last) return false;
    if (storedAt <= this.#everything) return true;
    if (storedAt <= (this.#keys.get(key) ?? Number.NEGATIVE_INFINITY)) return true;
    return this.#others.some(({ filter, at }) => storedAt <= at && isPurged(labels, key, filter));
  }
}
