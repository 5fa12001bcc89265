import type { Clock } from '../../core/clock.ts';
import type { Json } from '../../core/json.ts';
import type { Scheduler } from '../../core/scheduler.ts';
import type { StorageLog } from '../database/storage-log.ts';
import { type Seal, type SnapshotContents, SnapshotError, readSnapshot, writeSnapshot } from './snapshot-file.ts';

/** Changes that come together are written together. */
const WRITE_AFTER_MS = 250;

export interface SnapshotOptions {
  readonly path: string;
  readonly seal: Seal;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: StorageLog;
}

/**
 * What this process has to know to start without its database, on its own disk: named parts, written together beside
 * the request path whenever one of them has changed.
 */
export class Snapshot {
  readonly #options: SnapshotOptions;
  readonly #before: SnapshotContents | undefined;
  readonly #parts = new Map<string, () => Json>();
  #cancel: (() => void) | undefined;
  #writing: Promise<void> = Promise.resolve();
  #failing = false;
  #writtenAt: number | undefined;

  /** Reads what an earlier process has left. What cannot be used is told and passed over. */
  constructor(options: SnapshotOptions) {
    const { path, seal, log } = options;
    this.#options = options;
    try {
      this.#before = readSnapshot(path, seal);
    } catch (error) {
      if (!(error instanceof SnapshotError)) throw error;
      log.error({ file: path, reason: error.message }, 'the snapshot is refused; nothing of it is used');
    }
  }

  /** When what an earlier process has left was written, epoch milliseconds; undefined where there is nothing. */
  get savedAt(): number | undefined {
    return this.#before?.savedAt;
  }

  /** When what is on the disk was written, by this process or an earlier one. */
  get writtenAt(): number | undefined {
    return this.#writtenAt ?? this.savedAt;
  }

  /** What an earlier process has left of a part. */
  kept(name: string): Json | undefined {
    return this.#before?.parts[name];
  }

  /** From now on the part is written as `save` says, which is called when it is time to write. */
  part(name: string, save: () => Json): void {
    this.#parts.set(name, save);
  }

  /** A part has changed. */
  changed(): void {
    this.#cancel ??= this.#options.scheduler.after(WRITE_AFTER_MS, () => this.#write());
  }

  /** Writes what is not written yet. */
  async close(): Promise<void> {
    if (this.#cancel) this.#write();
    await this.#writing;
  }

  #write(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#writing = this.#writing.then(() => this.#save());
  }

  async #save(): Promise<void> {
    const { path, seal, clock, log } = this.#options;
    try {
      const saved = [...this.#parts].map(([name, save]) => [name, save()] as const);
      // What is not loaded yet stays as it was: a start that fails half-way takes nothing away.
      const parts = { ...this.#before?.parts, ...Object.fromEntries(saved) };
      const savedAt = clock.now();
      await writeSnapshot(path, seal, { savedAt, parts });
      this.#writtenAt = savedAt;
      this.#failing = false;
    } catch (err) {
      if (!this.#failing)
        log.warn(
          { err, file: path },
          'the snapshot cannot be written; a start without the database would be from the one before',
        );
      this.#failing = true;
    }
  }
}
