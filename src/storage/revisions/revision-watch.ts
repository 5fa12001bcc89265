/** How soon a change made elsewhere is seen; a revocation must be in force within a second. */
const POLL_MS = 500;

export interface WatchLog {
  warn(detail: object, message: string): void;
  info(detail: object, message: string): void;
}

export interface RevisionWatchOptions {
  readonly subject: string;
  revision(): Promise<number>;
  /** Loads what changed. */
  refresh(): Promise<void>;
  readonly log: WatchLog;
}

/**
 * Polls a revision and refreshes when it rose. While the database is away what is known stays in force,
 * which is said once when it begins and once when it ends.
 */
export class RevisionWatch {
  readonly #options: RevisionWatchOptions;
  #seen: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #away = false;
  #closed = false;
  #running: Promise<void> = Promise.resolve();

  constructor(options: RevisionWatchOptions) {
    this.#options = options;
  }

  /** Loads the first state, then watches. Rejects where the first load fails. */
  async start(): Promise<void> {
    this.#seen = await this.#options.revision();
    await this.#options.refresh();
    this.#schedule();
  }

  /** Sees a change at once, after one was made here. */
  async check(): Promise<void> {
    this.#running = this.#running.then(() => this.#look());
    await this.#running;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.check().then(() => this.#schedule()), POLL_MS).unref();
  }

  async #look(): Promise<void> {
    if (this.#closed) return;
    const { subject, log } = this.#options;
    try {
      const revision = await this.#options.revision();
      if (revision !== this.#seen) {
        // Taken down before the load, so that a change during it is loaded again.
        await this.#options.refresh();
        this.#seen = revision;
      }
      if (this.#away) log.info({ subject }, 'the database answers again');
      this.#away = false;
    } catch (err) {
      if (!this.#away && !this.#closed)
        log.warn({ err, subject }, 'the database is away; what was known last stays in force');
      this.#away = true;
    }
  }
}
