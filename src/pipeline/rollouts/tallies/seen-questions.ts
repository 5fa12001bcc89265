import { GenerationalMap } from '../../../core/generational-map.ts';

/** Of one run. What is asked so seldom that it was forgotten is rarely in a cache still. */
const MOST = 50_000;

/**
 * What was asked before, in any arm of a run. A cache answers in the larger arm what the smaller one still has to ask its
 * model: arms are alike only in what was never asked before.
 */
export class SeenQuestions {
  readonly #byRun = new Map<string, GenerationalMap<true>>();

  /** Whether it was not asked before in this run. */
  isNew(run: string, asked: string): boolean {
    let seen = this.#byRun.get(run);
    if (!seen) this.#byRun.set(run, (seen = new GenerationalMap(MOST)));
    if (seen.get(asked) === true) return false;
    seen.set(asked, true);
    return true;
  }

  keepOnly(runs: ReadonlySet<string>): void {
    for (const run of this.#byRun.keys()) if (!runs.has(run)) this.#byRun.delete(run);
  }
}
