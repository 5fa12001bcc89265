/** What is drawn of a difference: what it may be, what it most likely is, and what is tolerated. */
export interface Range {
  readonly low: number | undefined;
  readonly high: number | undefined;
  readonly value: number | undefined;
  readonly limit: number | undefined;
}

export interface Scale {
  /** From 0 to 1; what lies beyond is at its end. */
  readonly at: (value: number) => number;
}

const ROOM = 1.15;
/** An interval that is hundreds of times as wide as what matters would leave nothing of that to be seen. */
const MOST_LIMITS = 4;

/** Zero stands in the middle, so that rows under each other can be compared by eye. */
export function scaleOf({ low, high, value, limit }: Range): Scale {
  const ends = [low, high].map((end) => Math.abs(end ?? 0));
  const core = Math.max(Math.abs(value ?? 0), Math.abs(limit ?? 0));
  const far = Math.max(...ends, core);
  const half = (core === 0 ? far : Math.min(far, core * MOST_LIMITS)) * ROOM || 1;
  return { at: (of) => Math.min(1, Math.max(0, 0.5 + of / (2 * half))) };
}
