import { SLOT_MS } from '../traces/rollup-batch.ts';

/** What is asked beyond the names that there is room for, in the same way as a name. */
export const OTHER = 'other';

/** How many names of a quarter of an hour have sums of their own. */
export interface MostNames {
  readonly ofProject: number;
  readonly ofAll: number;
}

const MOST: MostNames = { ofProject: 100, ofAll: 1000 };
/** Quarters of an hour that are remembered: records come nearly in the order of time. */
const MOST_SLOTS = 8;

interface SlotNames {
  readonly all: Set<string>;
  readonly byProject: Map<string, Set<string>>;
}

/**
 * Which names have sums of their own. Virtual models are those of the configuration; beside them whoever has a key may
 * write `provider/anything`, and some providers answer to whatever they are called. So of such names the first ones of
 * each quarter of an hour are known by themselves, and what comes later under more names is {@link OTHER}. Each
 * project has room of its own: none takes the names of another.
 *
 * It goes by what came, in the order in which it came, and not by batches: however they are cut, the sums are the same.
 */
export class ModelNames {
  readonly #slots = new Map<number, SlotNames>();
  readonly #most: MostNames;

  constructor(most: MostNames = MOST) {
    this.#most = most;
  }

  /**
   * Whether it has sums of its own; takes a place for it where there is one.
   * @param at epoch milliseconds
   */
  has(at: number, project: string, name: string): boolean {
    const { all, byProject } = this.#slot(at - (at % SLOT_MS));
    const mine = byProject.get(project) ?? new Set();
    if (mine.has(name)) return true;
    if (mine.size >= this.#most.ofProject || (!all.has(name) && all.size >= this.#most.ofAll)) return false;
    all.add(name);
    byProject.set(project, mine.add(name));
    return true;
  }

  #slot(slot: number): SlotNames {
    let names = this.#slots.get(slot);
    if (!names) {
      const [first] = this.#slots.keys();
      if (first !== undefined && this.#slots.size >= MOST_SLOTS) this.#slots.delete(first);
      this.#slots.set(slot, (names = { all: new Set(), byProject: new Map() }));
    }
    return names;
  }
}
