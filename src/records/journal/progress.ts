interface Waiter {
  readonly isReached: () => boolean;
  readonly resolve: () => void;
}

/** Whoever waits for something to be reached. */
export class Progress {
  readonly #waiting = new Set<Waiter>();

  /** How many wait. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Resolves once it is so, or nobody waits for it any more; the condition is looked at when {@link check} is called. */
  until(isReached: () => boolean, signal?: AbortSignal): Promise<void> {
    if (isReached() || signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const waiter = { isReached, resolve };
      this.#waiting.add(waiter);
      signal?.addEventListener('abort', () => this.#release(waiter), { once: true });
    });
  }

  check(): void {
    for (const waiter of this.#waiting) if (waiter.isReached()) this.#release(waiter);
  }

  #release(waiter: Waiter): void {
    this.#waiting.delete(waiter);
    waiter.resolve();
  }
}

/**
 * Waits for the work, and at most for so long; the work is told that nobody waits any more. A timer of its own, so that
 * the process stays for it.
 */
export async function within(timeoutMs: number, work: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
  const given = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeoutMs)));
  try {
    await Promise.race([work(given.signal), over]);
  } finally {
    clearTimeout(timer);
    given.abort();
  }
}
