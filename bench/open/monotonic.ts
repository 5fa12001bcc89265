/**
 * The machine's own clock, the same in all its processes and threads, which the time of day does not move. What a thread
 * adds to its own `performance.now()` would be another number in each: some were a millisecond apart.
 */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
