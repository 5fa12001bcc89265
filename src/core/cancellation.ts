/** Who ended a call before it was complete. */
export type AbortedBy = 'client' | 'deadline' | 'shutdown';

/**
 * A one-way switch that a call carries to everything that works for it.
 *
 * An `AbortSignal` without the event machinery, which would cost microseconds on every request.
 */
export class Cancellation {
  #by: AbortedBy | undefined;
  #listeners: ((by: AbortedBy) => void)[] = [];

  get by(): AbortedBy | undefined {
    return this.#by;
  }

  /** The first cancel wins; later ones change nothing. */
  cancel(by: AbortedBy): void {
    if (this.#by !== undefined) return;
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
