import type { Scheduler } from './scheduler.ts';

/** Calls again and again, for the first time after so many milliseconds. @returns ends it */
export function repeat(scheduler: Scheduler, everyMs: number, work: () => void): () => void {
  let cancel = scheduler.after(everyMs, again);

  function again(): void {
    cancel = scheduler.after(everyMs, again);
    work();
  }

  return () => cancel();
}
