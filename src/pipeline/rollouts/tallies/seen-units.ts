import { placeOf } from '../assign/draw.ts';

/** Of one run. With so many a share that is wrong has long been seen; later ones are not counted. */
const MOST = 50_000;
/** Any: units are told apart by where it puts them. */
const SEED = 0x5f3b_21c7;

/** Which units were seen before, of each run; they are remembered by their hashes. */
export class SeenUnits {
  readonly #byRun = new Map<string, Set<number>>();

  /** Whether it was not seen before; false also of those that come when there are too many. */
  isNew(run: string, unit: string): boolean {
    let seen = this.#byRun.get(run);
    if (!seen) this.#byRun.set(run, (seen = new Set()));
    if (seen.size >= MOST) return false;
    const before = seen.size;
    seen.add(Math.floor(placeOf(SEED, unit) * 2 ** 32) | 0);
    return seen.size > before;
  }

  keepOnly(runs: ReadonlySet<string>): void {
    for (const run of this.#byRun.keys()) if (!runs.has(run)) this.#byRun.delete(run);
  }
}
