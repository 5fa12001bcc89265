import type { PGlite } from '@electric-sql/pglite';

import { wholeNumber } from './column-types.ts';

/** What the housekeeping asks of the engine. */
export interface Housekept {
  /** Bytes of write-ahead log ever written, and up to the last checkpoint. */
  position(): Promise<{ readonly written: number; readonly checkpointed: number }>;
  execute(sql: string): Promise<unknown>;
}

const POSITION = `SELECT pg_current_wal_insert_lsn() - '0/0' AS written, redo_lsn - '0/0' AS checkpointed
  FROM pg_control_checkpoint()`;

export function housekept(engine: PGlite): Housekept {
  return {
    async position() {
      const { rows } = await engine.query<{ written: string; checkpointed: string }>(POSITION);
      const [row] = rows;
      if (!row) throw new Error('the database does not tell its position');
      return { written: wholeNumber(row.written), checkpointed: wholeNumber(row.checkpointed) };
    },
    execute: (sql) => engine.exec(sql),
  };
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
    const { written, checkpointed } = await this.#engine.position();
    this.#vacuumedAt ??= checkpointed;
    if (written - this.#vacuumedAt >= VACUUM_BYTES) {
      await this.#engine.execute('VACUUM (ANALYZE)');
      this.#vacuumedAt = written;
    }
    if (written - checkpointed >= CHECKPOINT_BYTES) await this.#engine.execute('CHECKPOINT');
  }
}
