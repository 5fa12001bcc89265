import type { Clock } from '../../../core/clock.ts';
import { repeat } from '../../../core/repeat.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import { HOUR_MS } from '../../../core/units.ts';
import type { Events } from '../../../records/events/event.ts';
import type { ReviewStore } from './review-store.ts';

export interface WaitingWatchDeps {
  readonly store: Pick<ReviewStore, 'waiting'>;
  readonly events: Pick<Events, 'raise'>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
}

const LOOK_MS = 60_000;
/** Those that wait longest. */
const MOST_PROJECTS = 1000;

/** Knows how many wait, and tells operators once an hour of each project in which something does. */
export class WaitingWatch {
  readonly #deps: WaitingWatchDeps;
  readonly #stop: () => void;
  #waiting = 0;
  #looking = Promise.resolve();

  constructor(deps: WaitingWatchDeps) {
    this.#deps = deps;
    this.#stop = repeat(deps.scheduler, LOOK_MS, () => {
      this.#looking = this.look();
    });
  }

  /** How many waited when it was last looked, which is at most a minute ago while the database answers. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Never rejects: while the database is away, what was known holds. */
  async look(): Promise<void> {
    const { store, events, clock } = this.#deps;
    const found = await store.waiting(MOST_PROJECTS).catch(() => undefined);
    if (!found) return;
    this.#waiting = found.reduce((sum, { waiting }) => sum + waiting, 0);
    const hour = Math.floor(clock.now() / HOUR_MS);
    for (const { project, waiting, oldest } of found) {
      events.raise({
        kind: 'review_waiting',
        severity: 'warning',
        subject: `project:${project}`,
        // All replicas look, and tell the same.
        dedupe: `review_waiting:${project}:${hour}`,
        evidence: { waiting, oldest: oldest.toISOString() },
      });
    }
  }

  close(): Promise<void> {
    this.#stop();
    return this.#looking;
  }
}
