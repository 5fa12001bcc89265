/** Milliseconds on the one monotonic clock that all processes of this machine read (Linux), so that times compare. */
export function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
