/** What is due again and again, each in its own slot of a period: one timer for all. */
export class Wheel<Item> {
  /** Each item with the millisecond at which it came. */
  readonly #slots: readonly Map<Item, number>[];
  readonly #due: (item: Item, atMs: number) => void;
  /** The last millisecond that was gone through. */
  #doneMs: number;

  /** @param due is told each item each time, with the millisecond at which it was due */
  constructor(periodMs: number, nowMs: number, due: (item: Item, atMs: number) => void) {
    this.#slots = Array.from({ length: periodMs }, () => new Map<Item, number>());
    this.#due = due;
    this.#doneMs = Math.floor(nowMs);
  }

  /** Due for the first time one period after this whole millisecond. */
  add(item: Item, atMs: number): void {
    this.#slotAt(atMs).set(item, Math.floor(atMs));
  }

  remove(item: Item, atMs: number): void {
    this.#slotAt(atMs).delete(item);
  }

  /** Goes through every millisecond since the last time: whoever comes late does all that was missed. */
  turn(nowMs: number): void {
    while (this.#doneMs + 1 <= nowMs) {
      this.#doneMs += 1;
      for (const [item, cameMs] of this.#slotAt(this.#doneMs)) {
        // The wheel itself may be behind.
        if (cameMs < this.#doneMs) this.#due(item, this.#doneMs);
      }
    }
  }

  #slotAt(atMs: number): Map<Item, number> {
    const slot = this.#slots[Math.floor(atMs) % this.#slots.length];
    if (!slot) throw new Error(`there is no slot for ${atMs}`);
    return slot;
  }
}
