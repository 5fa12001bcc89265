import type { Clock } from '../../src/core/clock.ts';
import type { Scheduler } from '../../src/core/scheduler.ts';

interface Timer {
  readonly at: number;
  readonly fn: () => void;
}

/** Time that moves when the test says so, with the timers that wait for it. */
export class FakeClock implements Clock, Scheduler {
  #ms = 0;
  #timers: Timer[] = [];

  now(): number {
    return 1_700_000_000_000 + this.#ms;
  }

  monotonic(): number {
    return this.#ms;
  }

  after(ms: number, fn: () => void): () => void {
    const timer = { at: this.#ms + ms, fn };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  /** How many timers wait. */
  get waiting(): number {
    return this.#timers.length;
  }

  /** Moves time on; each timer that comes due is called at its own time, in order. */
  advance(ms: number): void {
    const end = this.#ms + ms;
    for (;;) {
      const due = this.#timers.filter(({ at }) => at <= end);
      if (due.length === 0) break;
      const next = due.reduce((first, timer) => (timer.at < first.at ? timer : first));
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#ms = Math.max(this.#ms, next.at);
      next.fn();
    }
    this.#ms = end;
  }
}
