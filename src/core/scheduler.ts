import { TimerLists } from './timer-lists.ts';

/** Timers as the rest of the code sees them; tests put a fake in their place. */
export interface Scheduler {
  /** Calls once after so many milliseconds. Returns the way to take it back, which is safe to use at any time. */
  after(ms: number, fn: () => void): () => void;
}

const lists = new TimerLists();

/** The process's own; a waiting timer alone does not keep it alive. */
export const systemScheduler: Scheduler = {
  after: (ms, fn) => lists.after(ms, fn),
};
