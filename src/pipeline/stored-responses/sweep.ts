import type { Clock } from '../../core/clock.ts';
import type { ResponseStore } from './stored-response.ts';
import type { WriteLog } from './write-queue.ts';

const EVERY_MS = 60 * 60 * 1000;
const BATCH = 1000;
/** In one round; what is left is for the next one. */
const MOST_BATCHES = 100;

export interface SweepDeps {
  readonly store: Pick<ResponseStore, 'expire'>;
  readonly clock: Clock;
  readonly log: WriteLog;
}

/** Deletes what is over, now and every hour. */
export function startSweep(deps: SweepDeps): { close(): Promise<void> } {
  let isClosed = false;
  let round = sweep(deps, () => isClosed);
  const timer = setInterval(() => {
    round = round.then(() => sweep(deps, () => isClosed));
  }, EVERY_MS).unref();
  return {
    async close() {
      isClosed = true;
      clearInterval(timer);
      await round;
    },
  };
}

/** One round, in batches, so that no statement holds up others for long. Never rejects. */
export async function sweep({ store, clock, log }: SweepDeps, isClosed: () => boolean = () => false): Promise<void> {
  try {
    for (let batch = 0; batch < MOST_BATCHES && !isClosed(); batch += 1) {
      if ((await store.expire(clock.now(), BATCH)) < BATCH) return;
    }
  } catch (err) {
    log.warn({ err }, 'responses that are over could not be deleted; they are no longer shown');
  }
}
