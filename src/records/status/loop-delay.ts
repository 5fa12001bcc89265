import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 20;
const NANOSECONDS = 1e6;
const PERIOD_MS = 60_000;

/** How late the thread of requests is. It measures from the first question on, so that it costs nothing where nobody looks. */
export class LoopDelay {
  #histogram: ReturnType<typeof monitorEventLoopDelay> | undefined;
  #since = 0;
  #last: number | null = null;

  /** Milliseconds; null until something was measured. @param now of a clock that never goes back */
  p99(now: number): number | null {
    if (!this.#histogram) {
      this.#histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
      this.#histogram.enable();
      this.#since = now;
      return null;
    }
    const { count } = this.#histogram;
    if (count > 0) {
      this.#last = Math.max(0, this.#histogram.percentile(99) / NANOSECONDS - RESOLUTION_MS);
    }
    if (now - this.#since >= PERIOD_MS) {
      this.#histogram.reset();
      this.#since = now;
    }
    return this.#last;
  }
}
