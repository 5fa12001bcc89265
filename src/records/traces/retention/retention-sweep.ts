import type { Clock } from '../../../core/clock.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import type { Database } from '../../../storage/database/database.ts';
import { partitionsOf } from '../partitions/partition-list-store.ts';
import { type DropReason, type RetentionSettings, planRetention } from './retention-plan.ts';
import { dropPartition } from './retention-store.ts';

export interface RetentionDeps {
  readonly database: Pick<Database, 'orm'>;
  /** Those in force. */
  readonly settings: () => RetentionSettings;
  readonly scheduler: Scheduler;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: {
    info(facts: object, message: string): void;
    warn(facts: object, message: string): void;
  };
  /** A day was dropped by this process. */
  readonly dropped?: (reason: DropReason) => void;
}

export interface Retention {
  /** One sweep, now. Never throws. */
  sweep(): Promise<void>;
  /** No more of them; resolves when one that runs has ended. */
  close(): Promise<void>;
}

/** A start has more urgent things to do. */
const FIRST_MS = 10_000;
const EVERY_MS = 3_600_000;
/** What was in use, or a database that did not answer, is tried again sooner. */
const AGAIN_MS = 60_000;

/** Drops what has expired: soon after the start, and each hour. Other replicas may do the same at the same time. */
export function openRetention(deps: RetentionDeps): Retention {
  const sweep = new RetentionSweep(deps);
  sweep.start();
  return sweep;
}

class RetentionSweep implements Retention {
  readonly #deps: RetentionDeps;
  #running: Promise<void> | undefined;
  #takeBack: (() => void) | undefined;
  #closed = false;

  constructor(deps: RetentionDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#plan(FIRST_MS);
  }

  sweep(): Promise<void> {
    this.#running ??= this.#sweep().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#takeBack?.();
    await this.#running;
  }

  async #sweep(): Promise<void> {
    this.#takeBack?.();
    let isDone = false;
    try {
      isDone = await this.#dropAll();
    } catch (err) {
      this.#deps.log.warn({ err }, 'expired traces could not be dropped; it is tried again');
    }
    this.#plan(isDone ? EVERY_MS : AGAIN_MS);
  }

  /** @returns false where something is left that should go */
  async #dropAll(): Promise<boolean> {
    const { database, settings, clock, log, dropped } = this.#deps;
    const drops = planRetention(await partitionsOf(database), settings(), clock.now());
    let isDone = true;
    for (const { partition, reason } of drops) {
      if (this.#closed) return true;
      const facts = {
        day: new Date(partition.day).toISOString().slice(0, 10),
        project: partition.retentionClass === '' ? undefined : partition.retentionClass,
        reason,
        bytes: partition.bytes,
      };
      if (await dropPartition(database, partition.name)) {
        dropped?.(reason);
        log.info(facts, 'the traces of a day have expired and were dropped');
      } else {
        isDone = false;
        log.info(facts, 'the traces of a day have expired and are in use; they are dropped later');
      }
    }
    return isDone;
  }

  #plan(afterMs: number): void {
    if (this.#closed) return;
    this.#takeBack = this.#deps.scheduler.after(afterMs, () => void this.sweep());
  }
}
