import type { Json } from '../../../core/json.ts';
import { type CanaryEvent, takenBack } from '../canary/canary.ts';
import type { RolloutDirectory } from '../directory/rollout-directory.ts';
import type { RolloutStore } from '../rollout-store.ts';
import { type CanaryRecord, canaryStateOf, storedRecord } from '../run.ts';

export interface TakenBackDeps {
  readonly directory: Pick<RolloutDirectory, 'find' | 'hold' | 'release'>;
  readonly store: Pick<RolloutStore, 'setState'>;
  /** Brings what was changed into force. */
  readonly refresh: () => Promise<void>;
  readonly log: { info(facts: object, message: string): void };
}

interface Unwritten {
  readonly record: CanaryRecord;
  /** Why it was taken back. */
  readonly event: CanaryEvent | undefined;
}

/**
 * Canaries that were taken back here, by a person or by what this replica saw, while the database was away. They stay so
 * here, and are written when it is back, whatever others have seen or said of the same run since.
 */
export class TakenBackHere {
  readonly #deps: TakenBackDeps;
  readonly #unwritten = new Map<string, Unwritten>();

  constructor(deps: TakenBackDeps) {
    this.#deps = deps;
  }

  has(id: string): boolean {
    return this.#unwritten.has(id);
  }

  /** In force here from now on. */
  add(id: string, record: CanaryRecord): void {
    this.#unwritten.set(id, { record, event: record.canary.history.at(-1) });
    this.#deps.directory.hold('canary', id, storedRecord(record));
  }

  /** What is stored holds. */
  forget(id: string): void {
    this.#unwritten.delete(id);
    this.#deps.directory.release('canary', id);
  }

  /** What was only tried to be written is not in force; what was taken back here before is again. */
  restore(id: string): void {
    const known = this.#unwritten.get(id);
    if (known) this.#deps.directory.hold('canary', id, storedRecord(known.record));
    else this.#deps.directory.release('canary', id);
  }

  /** Writes them. Never rejects. */
  async catchUp(): Promise<void> {
    for (const [id, one] of this.#unwritten) {
      try {
        if (await this.#isWritten(id, one)) this.forget(id);
      } catch {
        // The database is still away.
        return;
      }
    }
  }

  /** @returns false where somebody changed it at the same time */
  async #isWritten(id: string, { record, event }: Unwritten): Promise<boolean> {
    const { directory, store, refresh, log } = this.#deps;
    await refresh();
    const rollout = directory.find('canary', id);
    if (!rollout) return true;
    const stored = canaryStateOf(rollout.state);
    // Another run has begun, or others have come to the same.
    if (stored && (stored.run !== record.run || stored.canary.status === 'rolled_back')) return true;
    const canary = stored && event ? takenBack(stored.canary, event) : record.canary;
    const state: Json = storedRecord({ ...(stored ?? record), canary });
    const isDone = await store.setState('canary', id, rollout.stateVersion, state);
    await refresh();
    if (isDone) log.info({ canary: id }, 'what was taken back on this replica alone is taken back everywhere');
    return isDone;
  }
}
