import { parentPort, workerData } from 'node:worker_threads';

import { seededRandom } from '../../src/models/simulator/random.ts';
import { monotonicMs } from './monotonic.ts';
import { type Arrivals, schedule } from './schedule.ts';

/** Before the first. */
const LEAD_MS = 5;

export interface MetronomePlan {
  readonly arrivals: Arrivals;
  readonly perSecond: number;
  readonly seconds: number;
  readonly seed: number;
}

type Port = NonNullable<typeof parentPort>;

/**
 * A thread that tells when each request is due, some hundredths of a millisecond exactly: the timers of an event loop
 * know whole milliseconds only, and a loop that turns until it is time would take a core from what is measured.
 */
function beat(port: Port, { arrivals, perSecond, seconds, seed }: MetronomePlan): void {
  const never = new Int32Array(new SharedArrayBuffer(4));
  const startMs = monotonicMs() + LEAD_MS;
  for (const at of schedule(arrivals, perSecond, seconds, seededRandom(seed))) {
    const due = startMs + at;
    const wait = due - monotonicMs();
    if (wait > 0) Atomics.wait(never, 0, 0, wait);
    port.postMessage(due);
  }
}

if (parentPort) beat(parentPort, workerData as MetronomePlan);
