import type { Clock } from '../../core/clock.ts';
import type { Scheduler } from '../../core/scheduler.ts';
import type { LeftOut } from './left-out.ts';

/** Something to do for one shadow. */
export interface LaneWork {
  readonly shadow: string;
  /** How much of that shadow is under way at once. */
  readonly concurrency: number;
  /** What it holds in memory until it is done. */
  readonly bytes: number;
  /** Never rejects. */
  run(): Promise<void>;
  /** It is not done. */
  drop(reason: LeftOut): void;
}

interface Lane {
  underWay: number;
  readonly waiting: LaneWork[];
}

/** What the requests and answers that are waiting or compared may take together. */
const MOST_BYTES = 64 * 1024 * 1024;
const CLOSE_MS = 5000;
/** A turn that begins so much later than it could finds the thread busy with the requests of users, who come first. */
const MOST_LATE_MS = 15;

/**
 * Does work on later turns of the event loop, so much of each shadow at once and no more. As much again may wait; what
 * comes beyond that is dropped.
 */
export class Lanes {
  readonly #scheduler: Scheduler;
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #lanes = new Map<string, Lane>();
  readonly #running = new Set<Promise<void>>();
  #bytes = 0;
  #isClosed = false;

  constructor(scheduler: Scheduler, clock: Pick<Clock, 'monotonic'>) {
    this.#scheduler = scheduler;
    this.#clock = clock;
  }

  add(work: LaneWork): void {
    if (this.#isClosed) {
      work.drop('shutdown');
      return;
    }
    if (this.#bytes + work.bytes > MOST_BYTES) {
      work.drop('large');
      return;
    }
    const lane = this.#laneOf(work.shadow);
    if (lane.underWay < work.concurrency) this.#start(lane, work);
    else if (lane.waiting.length < work.concurrency) {
      this.#bytes += work.bytes;
      lane.waiting.push(work);
    } else work.drop('concurrency');
  }

  /** Of all shadows. */
  get underWay(): number {
    let sum = 0;
    for (const lane of this.#lanes.values()) sum += lane.underWay;
    return sum;
  }

  underWayOf(shadow: string): number {
    return this.#lanes.get(shadow)?.underWay ?? 0;
  }

  /** What waits is dropped. Resolves when what runs has ended, or has not for a while. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { waiting } of this.#lanes.values()) {
      for (const work of waiting.splice(0)) this.#drop(work);
    }
    if (this.#running.size === 0) return;
    const { promise: tooLong, resolve } = Promise.withResolvers<void>();
    const cancel = this.#scheduler.after(CLOSE_MS, resolve);
    await Promise.race([Promise.all(this.#running), tooLong]);
    cancel();
  }

  #laneOf(shadow: string): Lane {
    let lane = this.#lanes.get(shadow);
    if (!lane) {
      lane = { underWay: 0, waiting: [] };
      this.#lanes.set(shadow, lane);
    }
    return lane;
  }

  #start(lane: Lane, work: LaneWork): void {
    lane.underWay += 1;
    this.#bytes += work.bytes;
    const dueAt = this.#clock.monotonic();
    this.#scheduler.after(0, () => {
      const isLate = this.#clock.monotonic() - dueAt > MOST_LATE_MS;
      if (this.#isClosed || isLate) {
        work.drop(this.#isClosed ? 'shutdown' : 'overload');
        this.#ended(lane, work);
        return;
      }
      const running = this.#done(lane, work).finally(() => this.#running.delete(running));
      this.#running.add(running);
    });
  }

  async #done(lane: Lane, work: LaneWork): Promise<void> {
    await work.run();
    this.#ended(lane, work);
  }

  #ended(lane: Lane, work: LaneWork): void {
    lane.underWay -= 1;
    this.#bytes -= work.bytes;
    const next = this.#isClosed ? undefined : lane.waiting[0];
    if (next && lane.underWay < next.concurrency) {
      lane.waiting.shift();
      this.#bytes -= next.bytes;
      this.#start(lane, next);
    } else if (lane.underWay === 0) this.#lanes.delete(work.shadow);
  }

  #drop(work: LaneWork): void {
    this.#bytes -= work.bytes;
    work.drop('shutdown');
  }
}
