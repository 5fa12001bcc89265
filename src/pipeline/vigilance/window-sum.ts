/** A time that moves on, in steps. */
export interface WindowShape {
  readonly slotMs: number;
  readonly slots: number;
}

export function windowOf(ms: number, slots: number): WindowShape {
  return { slotMs: Math.max(1, Math.ceil(ms / slots)), slots };
}

/**
 * A sum over the time just past, in a few numbers: never less than over all but one of its slots, never more than over
 * all of them.
 */
export class WindowSum {
  readonly #shape: WindowShape;
  #newest = Number.NEGATIVE_INFINITY;
  /** In the newest slot. */
  #amount = 0;
  /** Slot, amount, slot, amount, …: those before that are not empty, in order. Most sums never have any. */
  #older: number[] | undefined;
  #total = 0;

  constructor(shape: WindowShape) {
    this.#shape = shape;
  }

  /** Adds what was at this time, epoch milliseconds; times may come in any order. @returns the sum up to the latest */
  add(at: number, amount: number): number {
    const slot = Math.floor(at / this.#shape.slotMs);
    if (slot > this.#newest) this.#open(slot);
    if (slot === this.#newest) this.#amount += amount;
    else if (slot > this.#newest - this.#shape.slots) this.#insert(slot, amount);
    else return this.#total;
    this.#total += amount;
    return this.#total;
  }

  /** The sum at this time. */
  total(at: number): number {
    const slot = Math.floor(at / this.#shape.slotMs);
    if (slot > this.#newest) this.#open(slot);
    return this.#total;
  }

  #open(slot: number): void {
    if (this.#amount > 0) {
      this.#older ??= [];
      this.#older.push(this.#newest, this.#amount);
    }
    this.#newest = slot;
    this.#amount = 0;
    if (this.#older) this.#forget(this.#older, slot - this.#shape.slots + 1);
  }

  #insert(slot: number, amount: number): void {
    this.#older ??= [];
    const older = this.#older;
    let place = older.length - 2;
    while (place >= 0 && (older[place] ?? 0) > slot) place -= 2;
    if (older[place] === slot) older[place + 1] = (older[place + 1] ?? 0) + amount;
    else older.splice(place + 2, 0, slot, amount);
  }

  #forget(older: number[], oldest: number): void {
    let gone = 0;
    while (gone < older.length && (older[gone] ?? 0) < oldest) {
      this.#total -= older[gone + 1] ?? 0;
      gone += 2;
    }
    if (gone > 0) older.splice(0, gone);
  }
}
