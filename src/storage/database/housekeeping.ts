/** What the housekeeping asks of the engine. */
export interface Housekept {
  /** Bytes of write-ahead log ever written, and up to the last checkpoint. */
  walPosition(): Promise<{ readonly written: number; readonly checkpointed: number }>;
  execute(sql: string): Promise<void>;
}

const CHECKPOINT_BYTES = 32 * 1024 * 1024;
const VACUUM_BYTES = 64 * 1024 * 1024;

/**
 * The upkeep that a PostgreSQL server has background processes for, and a single session has not: without checkpoints
 * its write-ahead log grows for ever, and without vacuum the space of deleted rows is never used again.
 */
export class Housekeeping {
  readonly #engine: Housekept;
  #vacuumedAt: number | undefined;

  constructor(engine: Housekept) {
    this.#engine = engine;
  }

  /** One round; cheap where little was written since the last. */
  async round(): Promise<void> {
    const { written, checkpointed } = await this.#engine.walPosition();
    this.#vacuumedAt ??= checkpointed;
    if (written - this.#vacuumedAt >= VACUUM_BYTES) {
      await this.#engine.execute('VACUUM (ANALYZE)');
      this.#vacuumedAt = written;
    }
    if (written - checkpointed >= CHECKPOINT_BYTES) await this.#engine.execute('CHECKPOINT');
  }
}
