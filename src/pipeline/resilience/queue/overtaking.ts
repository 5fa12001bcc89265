import { PRIORITIES } from './waiting-line.ts';

/** How much of the average the newest grant is. */
const WEIGHT = 0.02;

/** Somebody is always served. */
const MOST = 0.95;

/** What share of the slots goes to higher priorities, which come later and are served before. */
export class Overtaking {
  readonly #shareAbove = new Float64Array(PRIORITIES);

  /** One that waited has got a slot. */
  granted(priority: number): void {
    for (let below = 0; below < PRIORITIES; below += 1) {
      const share = this.#shareAbove[below] ?? 0;
      this.#shareAbove[below] = share + ((priority > below ? 1 : 0) - share) * WEIGHT;
    }
  }

  /** How many times as long it takes at this priority until a slot is one's own: 1 where nobody overtakes. */
  factorAt(priority: number): number {
    return 1 / (1 - Math.min(MOST, this.#shareAbove[priority] ?? 0));
  }
}
