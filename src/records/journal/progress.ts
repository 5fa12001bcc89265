/** Whoever waits for something to be reached. */
export class Progress {
  #waiting: { readonly isReached: () => boolean; readonly resolve: () => void }[] = [];

  /** Resolves once it is so; the condition is looked at when {@link check} is called. */
  until(isReached: () => boolean): Promise<void> {
    if (isReached()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ isReached, resolve }));
  }

  check(): void {
    if (this.#waiting.length === 0) return;
    const ready = this.#waiting.filter(({ isReached }) => isReached());
    if (ready.length === 0) return;
    this.#waiting = this.#waiting.filter((one) => !ready.includes(one));
    for (const { resolve } of ready) resolve();
  }
}

/** Waits for the work, and at most for so long. A timer of its own, so that the process stays for it. */
export async function within(timeoutMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeoutMs)));
  await Promise.race([work, over]);
  clearTimeout(timer);
}
