/** How long the request thread worked without a break. Milliseconds of its processor time. */
export interface Stretches {
  readonly longestMs: number;
  /** All of them together. */
  readonly totalMs: number;
  /** From the beginning to the end, by the wall. */
  readonly tookMs: number;
}

/**
 * Runs work beside a turn of the loop that comes again and again. Processor time of this thread alone is counted, so
 * that neither another thread nor a busy machine is taken for it.
 */
export async function stretchesOf(work: () => Promise<unknown>): Promise<Stretches> {
  let isOver = false;
  let longest = 0;
  let total = 0;
  const startedAt = performance.now();
  let last = cpuMicros();
  const look = (): void => {
    const now = cpuMicros();
    longest = Math.max(longest, now - last);
    total += now - last;
    last = now;
  };
  const turn = (): void => {
    look();
    if (!isOver) setTimeout(turn, 0);
  };
  setTimeout(turn, 0);
  try {
    await work();
  } finally {
    isOver = true;
  }
  look();
  return { longestMs: longest / 1000, totalMs: total / 1000, tookMs: performance.now() - startedAt };
}

function cpuMicros(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}
