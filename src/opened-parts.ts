/** What a start has opened so far, so that an end, or a start that fails half-way, closes all of it. */
export class OpenedParts {
  readonly #closers: (() => Promise<void> | void)[] = [];

  /** Keeps a part until the end; parts are closed in the opposite order. */
  keep<T>(part: T, close: (part: T) => Promise<void> | void): T {
    this.#closers.push(() => close(part));
    return part;
  }

  async close(): Promise<void> {
    for (const close of this.#closers.toReversed()) await close();
  }
}
