import type { Subject } from './subject.ts';

/** Requests of whom it is about are refused. */
export interface Block {
  readonly id: string;
  readonly subject: Subject;
  readonly reason: string | undefined;
  /** Found by the gateway itself, or made through the admin API. */
  readonly origin: 'auto' | 'admin';
  readonly createdAt: Date;
  /** Undefined = until it is lifted. */
  readonly expiresAt: Date | undefined;
}

/** Where a page of blocks begins: after this one, newest first. */
export interface BlockPosition {
  readonly at: Date;
  readonly id: string;
}

/** Which blocks there are. Every call throws storage_unavailable where the database does not answer. */
export interface BlockStore {
  /**
   * Keeps it, in place of one on the same subject. One that was found by the gateway never makes another shorter.
   * @returns what is kept
   */
  add(block: Block): Promise<Block>;
  /** False where there is none. */
  remove(id: string): Promise<boolean>;
  /** Those in force, the newest first. */
  list(limit: number, after?: BlockPosition): Promise<Block[]>;
  /** Those in force, as many as a replica holds. */
  live(): Promise<Block[]>;
  /** Rises with every change. */
  revision(): Promise<number>;
}

/** As many as a replica holds in memory. */
export const MOST_BLOCKS = 100_000;
