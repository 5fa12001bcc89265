/** Who ended a call before it was complete. `guard`: what a guard blocks, whose client gets an end of its own. */
export type AbortedBy = 'client' | 'deadline' | 'shutdown' | 'guard';

/**
 * A one-way switch that a call carries to everything that works for it.
 *
 * An `AbortSignal` without the event machinery, which would cost microseconds on every request.
 */
export class Cancellation {
  #by: AbortedBy | undefined;
  #listeners: ((by: AbortedBy) => void)[] = [];
  #holders: ((by: AbortedBy) => void)[] = [];
  /** Who cancelled it while it was held. */
  #putOff: AbortedBy | undefined;

  get by(): AbortedBy | undefined {
    return this.#by;
  }

  /** The first cancel wins; later ones change nothing. Where it is held, it happens when it is given free. */
  cancel(by: AbortedBy): void {
    if (this.#by !== undefined || this.#putOff !== undefined) return;
    if (this.#holders.length === 0) {
      this.#tell(by);
      return;
    }
    this.#putOff = by;
    for (const wanted of this.#holders.slice()) wanted(by);
  }

  /**
   * Puts a cancel off, for as long as others want what works for this call: `by` stays undefined, and listeners wait.
   * @param wanted is told at once that the call was cancelled
   * @returns gives it free; with the last one a cancel that was put off happens
   */
  hold(wanted: (by: AbortedBy) => void): () => void {
    // Each hold is its own, also where two have the same function.
    const holder = (by: AbortedBy): void => wanted(by);
    const already = this.#by ?? this.#putOff;
    if (this.#by === undefined) this.#holders.push(holder);
    if (already !== undefined) holder(already);
    return () => {
      const at = this.#holders.indexOf(holder);
      if (at < 0) return;
      this.#holders.splice(at, 1);
      const putOff = this.#putOff;
      if (this.#holders.length > 0 || putOff === undefined || this.#by !== undefined) return;
      this.#tell(putOff);
    };
  }

  #tell(by: AbortedBy): void {
    this.#by = by;
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) listener(by);
  }

  /** Calls back once on cancel, at once if that is past. Returns the way to take it back. */
  onCancel(listener: (by: AbortedBy) => void): () => void {
    if (this.#by !== undefined) {
      listener(this.#by);
      return () => {};
    }
    this.#listeners.push(listener);
    return () => {
      const at = this.#listeners.indexOf(listener);
      if (at >= 0) this.#listeners.splice(at, 1);
    };
  }
}
