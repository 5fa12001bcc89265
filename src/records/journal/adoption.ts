import { redactSecrets } from '../../core/redaction.ts';
import type { Scheduler } from '../../core/scheduler.ts';
import type { StorageLog } from '../../storage/database/storage-log.ts';
import { type JournalFolder, type LockTiming, adoptFolders } from './journal-folder.ts';

export interface AdoptionOptions {
  readonly root: string;
  readonly log: StorageLog;
  readonly scheduler: Scheduler;
  readonly timing: LockTiming | undefined;
  /** Folders that this process has. */
  held(): ReadonlySet<string>;
  /** Another host took a folder. */
  readonly lost: (path: string) => void;
  /** What was found, if anything. */
  found(folders: readonly JournalFolder[]): void;
}

const EVERY_MS = 60_000;

/** Takes over what dead processes have left beside, at the start and again and again. */
export class Adoption {
  readonly #options: AdoptionOptions;
  /** Folders that could not be looked into; each is told once. */
  readonly #unreadable = new Set<string>();
  #cancel: (() => void) | undefined;
  #isClosed = false;

  constructor(options: AdoptionOptions) {
    this.#options = options;
  }

  /** At once what can be had at once, and later, again and again, all. */
  async begin(): Promise<void> {
    await this.#look(false);
    this.#lookIn(0);
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
  }

  #lookIn(ms: number): void {
    if (this.#isClosed) return;
    this.#cancel = this.#options.scheduler.after(ms, () => {
      void this.#look(true).then(() => this.#lookIn(EVERY_MS));
    });
  }

  /** Never rejects: what a folder of somebody else is like must not end this process. */
  async #look(isPatient: boolean): Promise<void> {
    const { root, timing, lost } = this.#options;
    const failed = (path: string, error: unknown): void => this.#failed(path, error);
    try {
      const folders = await adoptFolders(root, this.#options.held(), { lost, failed, isPatient, timing });
      if (this.#isClosed) for (const folder of folders) folder.release();
      else this.#options.found(folders);
    } catch (error) {
      this.#failed(root, error);
    }
  }

  #failed(folder: string, error: unknown): void {
    if (this.#unreadable.has(folder)) return;
    this.#unreadable.add(folder);
    const reason = redactSecrets(String(error));
    this.#options.log.warn({ folder, reason }, 'a folder of the journal cannot be looked into; what is in it stays');
  }
}
