/** The machine's own clock, the same in all its processes and threads, which the time of day does not move. */
const atOrigin = Number(process.hrtime.bigint()) / 1e6 - performance.now();

export function monotonicMs(): number {
  return atOrigin + performance.now();
}
