/** Who asks for the session: one connection, or the housekeeping. Compared by identity. */
export type TurnOwner = object;

interface Turn {
  readonly owner: TurnOwner;
  /** Resolves to true where its owner must have the next turn as well. */
  readonly work: () => Promise<boolean>;
}

export interface TurnOptions {
  /** How long an owner may keep the session without using it while others wait, milliseconds. */
  readonly patienceMs: number;
  /** That is over: the owner must be made to leave. */
  readonly evict: (owner: TurnOwner) => void;
  /** A turn threw: the session is in no known state. */
  readonly failed: (error: unknown) => void;
}

/**
 * Lends one session to many owners, one at a time and in order.
 *
 * An owner whose turn ends inside a transaction holds the session until a later turn of its own ends outside of one.
 */
export class SessionTurns {
  readonly #options: TurnOptions;
  #waiting: Turn[] = [];
  #holder: TurnOwner | undefined;
  #running = false;
  #patience: NodeJS.Timeout | undefined;

  constructor(options: TurnOptions) {
    this.#options = options;
  }

  take(owner: TurnOwner, work: () => Promise<boolean>): void {
    this.#waiting.push({ owner, work });
    if (!this.#running) void this.#run();
  }

  /** Drops what the owner still wanted, and lets it clean up when its last turn is over. */
  leave(owner: TurnOwner, cleanUp: () => Promise<void>): void {
    this.#waiting = this.#waiting.filter((turn) => turn.owner !== owner);
    this.take(owner, async () => {
      await cleanUp();
      return false;
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      for (let turn = this.#next(); turn; turn = this.#next()) {
        this.#holder = (await turn.work()) ? turn.owner : undefined;
      }
      this.#running = false;
    } catch (error) {
      // `#running` stays true: nothing may use the session again.
      this.#options.failed(error);
    }
  }

  #next(): Turn | undefined {
    const holder = this.#holder;
    if (!holder) return this.#waiting.shift();
    const at = this.#waiting.findIndex((turn) => turn.owner === holder);
    if (at < 0) {
      this.#losePatience(holder);
      return undefined;
    }
    clearTimeout(this.#patience);
    this.#patience = undefined;
    return this.#waiting.splice(at, 1)[0];
  }

  #losePatience(holder: TurnOwner): void {
    if (this.#waiting.length === 0) return;
    this.#patience ??= setTimeout(() => {
      this.#patience = undefined;
      this.#options.evict(holder);
    }, this.#options.patienceMs);
  }
}
