import type { DatabaseConnection } from '../traces/trace-store.ts';
import type { Chunk } from './entry-buffer.ts';

/** What the writer thread is started with. */
export interface WriterStart {
  readonly connection: DatabaseConnection;
}

/** To the writer: a chunk (its memory moves with it), or the wish to end once all is written. */
export type ToWriter = { readonly kind: 'chunk'; readonly chunk: Chunk } | { readonly kind: 'close' };

/** From the writer. */
export type FromWriter =
  /** The oldest `chunks` are done: `written` records are in the database, `refused` ones it would not take in any form. */
  | {
      readonly kind: 'done';
      readonly chunks: number;
      readonly written: number;
      readonly refused: number;
      readonly reason?: string;
    }
  /** The database cannot be written to now; it is tried again. */
  | { readonly kind: 'trouble'; readonly reason: string }
  /** The memory of chunks that are done with comes back, to be filled again. */
  | { readonly kind: 'spent'; readonly memory: readonly ArrayBuffer[] };
