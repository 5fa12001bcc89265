/** One request that its client gave up before the answer was complete. */
export interface AbortSeen {
  /** RFC 3339. */
  readonly at: string;
  readonly path: string;
  readonly model: string | undefined;
  /** From the request's arrival. */
  readonly afterMs: number;
}

export interface SimulatorStats {
  readonly requests: number;
  readonly inFlight: number;
  /** Answered to the planned end, faults included. */
  readonly completed: number;
  readonly aborted: number;
  /** How often each status was chosen; 0 where no status line was to come. */
  readonly statuses: Readonly<Record<string, number>>;
  /** The latest of them, oldest first. */
  readonly aborts: readonly AbortSeen[];
}

const MOST_ABORTS = 1000;

/** What a simulator has seen; drills read from it whether an abort reached the provider. */
export class StatsCounter {
  #requests = 0;
  #completed = 0;
  #aborts = 0;
  readonly #statuses: Record<string, number> = {};
  readonly #latestAborts: AbortSeen[] = [];

  begin(): void {
    this.#requests += 1;
  }

  answer(status: number): void {
    this.#statuses[status] = (this.#statuses[status] ?? 0) + 1;
  }

  complete(): void {
    this.#completed += 1;
  }

  abort(seen: AbortSeen): void {
    this.#aborts += 1;
    this.#latestAborts.push(seen);
    if (this.#latestAborts.length > MOST_ABORTS) this.#latestAborts.shift();
  }

  snapshot(): SimulatorStats {
    return {
      requests: this.#requests,
      inFlight: this.#requests - this.#completed - this.#aborts,
      completed: this.#completed,
      aborted: this.#aborts,
      statuses: { ...this.#statuses },
      aborts: [...this.#latestAborts],
    };
  }
}
