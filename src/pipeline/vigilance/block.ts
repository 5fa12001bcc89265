import type { Json } from '../../core/json.ts';
import type { Subject } from './subject.ts';
import type { ListPosition } from '../../storage/database/list-position.ts';

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
  list(limit: number, after?: ListPosition): Promise<Block[]>;
  /** Undefined where there is none, or it is over. */
  find(id: string): Promise<Block | undefined>;
  /** Those in force, as many as a replica holds. */
  live(): Promise<Block[]>;
}

/** As many as a replica holds in memory. */
export const MOST_BLOCKS = 100_000;

/** As a replica keeps them on its own disk. */
export function jsonOfBlocks(blocks: readonly Block[]): Json {
  return blocks.map(({ id, subject, reason, origin, createdAt, expiresAt }) => ({
    id,
    subject: { ...subject },
    reason,
    origin,
    createdAt: createdAt.getTime(),
    expiresAt: expiresAt?.getTime(),
  }));
}

/** The other way. */
export function blocksOfJson(kept: Json): Block[] {
  const rows = kept as unknown as readonly (Omit<Block, 'createdAt' | 'expiresAt'> & KeptTimes)[];
  return rows.map(({ createdAt, expiresAt, ...block }) => ({
    ...block,
    createdAt: new Date(createdAt),
    expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt),
  }));
}

interface KeptTimes {
  readonly createdAt: number;
  readonly expiresAt?: number;
}
