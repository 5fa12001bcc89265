import { totalmem } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';

import type { LoadSample } from './pressure.ts';

const RESOLUTION_MS = 10;
const NANOSECONDS = 1e6;

/** Measures this process. */
export interface ProcessLoad {
  /** Since the sample before. */
  readonly sample: () => LoadSample;
  readonly close: () => void;
}

/**
 * The delay is the mean of what the event loop's own timer was late, which many late turns raise and one does not.
 * Memory is told twice: JavaScript's own limit, and the container's, which kills.
 */
export function watchProcessLoad(): ProcessLoad {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  let sampledAt = performance.now();
  const containerBytes = containerLimit(process.constrainedMemory(), totalmem());
  return {
    sample() {
      const now = performance.now();
      const overMs = now - sampledAt;
      sampledAt = now;
      // The histogram holds the times between two turns, which are at least the resolution. The first one after it was
      // emptied is not in it: nothing is where one turn has taken all of the time.
      const between = delay.count === 0 ? overMs : delay.mean / NANOSECONDS;
      delay.reset();
      const heap = getHeapStatistics();
      return {
        overMs,
        eventLoopDelayMs: Math.max(0, between - RESOLUTION_MS),
        heap: (heap.used_heap_size + heap.external_memory) / heap.heap_size_limit,
        container: containerBytes === undefined ? 0 : process.memoryUsage.rss() / containerBytes,
      };
    },
    close: () => void delay.disable(),
  };
}

/** Where no limit is set, the system says 0, or a number beyond every machine. */
export function containerLimit(constrained: number, machine: number): number | undefined {
  return constrained > 0 && constrained < machine ? constrained : undefined;
}
