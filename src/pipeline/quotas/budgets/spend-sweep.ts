import { DAY_MS } from '../../../core/units.ts';
import type { Clock } from '../../../core/clock.ts';
import type { StorageLog } from '../../../storage/database/storage-log.ts';
import type { PostgresSpendStore } from './spend-store.ts';

/** Two months: the one before the current one can be looked at as a whole. */
const KEPT_MS = 62 * DAY_MS;
const BATCH = 1000;
/** In one round; what is left is for the next one. */
const MOST_BATCHES = 1000;

export interface SpendSweepDeps {
  readonly store: Pick<PostgresSpendStore, 'deleteOver'>;
  readonly clock: Clock;
  readonly log: Pick<StorageLog, 'warn'>;
}

/** Deletes what was spent in periods that are long over, now and every day. */
export function startSpendSweep(deps: SpendSweepDeps): { close(): Promise<void> } {
  let isClosed = false;
  let round = sweepSpend(deps, () => isClosed);
  const timer = setInterval(() => {
    round = round.then(() => sweepSpend(deps, () => isClosed));
  }, DAY_MS).unref();
  return {
    async close() {
      isClosed = true;
      clearInterval(timer);
      await round;
    },
  };
}

/** One round, in batches, so that no statement holds up others for long. Never rejects. */
export async function sweepSpend(
  { store, clock, log }: SpendSweepDeps,
  isClosed: () => boolean = () => false,
): Promise<void> {
  try {
    for (let batch = 0; batch < MOST_BATCHES && !isClosed(); batch += 1) {
      if ((await store.deleteOver(clock.now() - KEPT_MS, BATCH)) < BATCH) return;
    }
  } catch (err) {
    log.warn({ err }, 'what was spent in periods that are long over could not be deleted; tried again tomorrow');
  }
}
