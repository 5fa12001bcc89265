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
  /** Slot, amount, slot, amount, …: those that are not empty, in order. */
  readonly #marks: number[] = [];
  #total = 0;

  constructor(shape: WindowShape) {
    this.#shape = shape;
  }

  /** Adds what was at this time, epoch milliseconds; times may come in any order. @returns the sum up to it */
  add(at: number, amount: number): number {
    const slot = Math.floor(at / this.#shape.slotMs);
    const newest = this.#marks.at(-2);
    if (newest === slot) {
      this.#marks[this.#marks.length - 1] = (this.#marks.at(-1) ?? 0) + amount;
      this.#total += amount;
    } else if (newest === undefined || slot > newest) {
      this.#marks.push(slot, amount);
      this.#total += amount;
      this.#forget(slot);
    } else if (slot > newest - this.#shape.slots) this.#insert(slot, amount);
    return this.#total;
  }

  /** The sum at this time, which is not before what was added last. */
  total(at: number): number {
    this.#forget(Math.floor(at / this.#shape.slotMs));
    return this.#total;
  }

  #insert(slot: number, amount: number): void {
    let place = this.#marks.length - 2;
    while (place >= 0 && (this.#marks[place] ?? 0) > slot) place -= 2;
    if (this.#marks[place] === slot) this.#marks[place + 1] = (this.#marks[place + 1] ?? 0) + amount;
    else this.#marks.splice(place + 2, 0, slot, amount);
    this.#total += amount;
  }

  #forget(slot: number): void {
    const oldest = slot - this.#shape.slots + 1;
    let gone = 0;
    while (gone < this.#marks.length && (this.#marks[gone] ?? 0) < oldest) {
      this.#total -= this.#marks[gone + 1] ?? 0;
      gone += 2;
    }
    if (gone > 0) this.#marks.splice(0, gone);
  }
}
