import { setImmediate as afterOthers } from 'node:timers/promises';

import type { Clock } from '../../../core/clock.ts';

/** Others wait no longer than about that for long work here, milliseconds. */
const SLICE_MS = 8;
/** The clock is asked after so many steps. */
const STEPS = 64;

/** Lets other requests have a turn during long work. */
export class Pace {
  readonly #clock: Pick<Clock, 'monotonic'>;
  #since: number;
  #steps = 0;

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
    this.#since = clock.monotonic();
  }

  /** After each step of the work: whether it is time for a {@link rest}. */
  get isDue(): boolean {
    this.#steps += 1;
    return this.#steps % STEPS === 0 && this.isLate;
  }

  /** The same at the end of a large step. */
  get isLate(): boolean {
    return this.#clock.monotonic() - this.#since >= SLICE_MS;
  }

  async rest(): Promise<void> {
    await afterOthers();
    this.rested();
  }

  /** Something was waited for: others had their turn meanwhile. */
  rested(): void {
    this.#since = this.#clock.monotonic();
  }
}
