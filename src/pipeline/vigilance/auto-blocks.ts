import type { Clock } from '../../core/clock.ts';
import { newId } from '../../core/ids.ts';
import type { Scheduler } from '../../core/scheduler.ts';
import { WriteBehind } from '../../records/events/write-behind.ts';
import type { BlockDirectory } from './block-directory.ts';
import type { Block, BlockStore } from './block.ts';
import { type Subject, boundedId, subjectName } from './subject.ts';

interface AutoBlockLog {
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

export interface AutoBlocksDeps {
  readonly directory: Pick<BlockDirectory, 'hold' | 'release' | 'refresh' | 'size'>;
  readonly store: Pick<BlockStore, 'add'>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: AutoBlockLog;
}

/** More is nobody's to look through; a flood of addresses is a matter for what stands before the gateway. */
const MOST_AUTOMATIC = 10_000;
const MOST_WAITING = 1000;
const CLOSE_MS = 2000;

/** Blocks that the gateway makes by itself: in force here at once, on the other replicas when they are stored. */
export class AutoBlocks {
  readonly #deps: AutoBlocksDeps;
  readonly #writes: WriteBehind<Block>;

  constructor(deps: AutoBlocksDeps) {
    this.#deps = deps;
    this.#writes = new WriteBehind({
      write: async (block) => {
        await deps.store.add(block);
        await deps.directory.refresh();
        deps.directory.release(block);
      },
      failed: (block, err) => {
        deps.directory.release(block);
        deps.log.error({ err, subject: subjectName(block.subject) }, 'a block could not be stored and is not in force');
      },
      most: MOST_WAITING,
      scheduler: deps.scheduler,
    });
  }

  /** @returns until when; undefined where there are too many blocks */
  impose(subject: Subject, { reason, forMs }: { readonly reason: string; readonly forMs: number }): Date | undefined {
    const { directory, clock, log } = this.#deps;
    const now = clock.now();
    const block: Block = {
      id: newId('block'),
      subject: { ...subject, id: boundedId(subject.id) },
      reason,
      origin: 'auto',
      createdAt: new Date(now),
      expiresAt: new Date(now + forMs),
    };
    if (directory.size >= MOST_AUTOMATIC || !this.#writes.add(block)) {
      log.warn({ subject: subjectName(subject) }, 'there are too many blocks for another');
      return undefined;
    }
    directory.hold(block);
    return block.expiresAt;
  }

  /** Resolves when all are stored, or when the time is over. */
  flush(timeoutMs: number): Promise<void> {
    return this.#writes.flush(timeoutMs);
  }

  close(): Promise<void> {
    return this.#writes.close(CLOSE_MS);
  }
}
