import type { Scheduler } from './scheduler.ts';

/** A start has more urgent things to do. */
const FIRST_MS = 10_000;
const EVERY_MS = 60 * 60 * 1000;
const BATCH = 1000;
/** In one round; what is left is for the next one. */
const MOST_BATCHES = 1000;

/** What is deleted when it is old. */
export interface Sweepable {
  /** Deletes some of it, at most `limit`. @returns how many; fewer where no more is left */
  delete(limit: number): Promise<number>;
  /** What the log says where it cannot be deleted now. */
  readonly failure: string;
}

export interface SweepDeps {
  readonly scheduler: Scheduler;
  readonly log: { warn(facts: object, message: string): void };
}

/** Deletes what is old, soon after the start and every hour, beside everything else. */
export function startSweep(what: Sweepable, { scheduler, log }: SweepDeps): { close(): Promise<void> } {
  let isClosed = false;
  let round = Promise.resolve();
  let cancel = scheduler.after(FIRST_MS, begin);

  function begin(): void {
    round = run();
  }

  async function run(): Promise<void> {
    await sweepOnce(what, log, () => isClosed);
    if (!isClosed) cancel = scheduler.after(EVERY_MS, begin);
  }

  return {
    close() {
      isClosed = true;
      cancel();
      return round;
    },
  };
}

/** One round, in batches, so that no statement holds up others for long. Never rejects. */
async function sweepOnce(what: Sweepable, log: SweepDeps['log'], isClosed: () => boolean): Promise<void> {
  try {
    for (let batch = 0; batch < MOST_BATCHES && !isClosed(); batch += 1) {
      if ((await what.delete(BATCH)) < BATCH) return;
    }
  } catch (err) {
    log.warn({ err }, what.failure);
  }
}
