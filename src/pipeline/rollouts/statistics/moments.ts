/** What adds up of some values: how many, their sum, and the sum of their squares. */
export interface Moments {
  n: number;
  sum: number;
  sumSquares: number;
}

/** Values of which an arm keeps moments. */
export const MEASURES = ['cost', 'latency', 'ttft', 'feedback', 'judge'] as const;
export type Measure = (typeof MEASURES)[number];

/** What arms are compared by. */
export type ArmMetric = Measure | 'errors';

/**
 * What is known of one arm: plain numbers that add up over replicas and times, so that nobody has to keep a request.
 * A JSON object as it is.
 */
export interface ArmSums extends Record<Measure, Moments> {
  /** All that have ended, whatever came of them. */
  requests: number;
  /** Failed by the provider's or the gateway's fault. */
  errors: number;
}

/** How one request ended. */
export interface EndedRequest {
  /** False of what the caller got wrong, or gave up, and of what a policy refused. */
  readonly isError: boolean;
  /** Undefined where the price is not known. */
  readonly costNanoUsd?: number | undefined;
  /** Of answers that came to a good end: how fast something failed says nothing of how fast it answers. */
  readonly latencyMs?: number | undefined;
  /** Likewise. */
  readonly ttftMs?: number | undefined;
}

/** Shorter ones count as this: a logarithm of nothing is none. */
const SHORTEST_MS = 0.01;

export function emptySums(): ArmSums {
  return {
    requests: 0,
    errors: 0,
    cost: emptyMoments(),
    latency: emptyMoments(),
    ttft: emptyMoments(),
    feedback: emptyMoments(),
    judge: emptyMoments(),
  };
}

/** Of two replicas, or two times. */
export function addSums(one: ArmSums, other: ArmSums): ArmSums {
  return {
    requests: one.requests + other.requests,
    errors: one.errors + other.errors,
    cost: addMoments(one.cost, other.cost),
    latency: addMoments(one.latency, other.latency),
    ttft: addMoments(one.ttft, other.ttft),
    feedback: addMoments(one.feedback, other.feedback),
    judge: addMoments(one.judge, other.judge),
  };
}

/** Changes the sums in place. Times are kept as their natural logarithms. */
export function noteRequest(sums: ArmSums, { isError, costNanoUsd, latencyMs, ttftMs }: EndedRequest): void {
  sums.requests += 1;
  if (isError) sums.errors += 1;
  note(sums.cost, costNanoUsd);
  note(sums.latency, logOf(latencyMs));
  note(sums.ttft, logOf(ttftMs));
}

/** Changes the sums in place. @param score what was said of an answer, 0 to 1 */
export function noteScore(sums: ArmSums, measure: 'feedback' | 'judge', score: number): void {
  note(sums[measure], Math.min(1, Math.max(0, score)));
}

function logOf(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.log(Math.max(ms, SHORTEST_MS));
}

function note(moments: Moments, value: number | undefined): void {
  if (value === undefined || !Number.isFinite(value)) return;
  moments.n += 1;
  moments.sum += value;
  moments.sumSquares += value * value;
}

function emptyMoments(): Moments {
  return { n: 0, sum: 0, sumSquares: 0 };
}

function addMoments(one: Moments, other: Moments): Moments {
  return { n: one.n + other.n, sum: one.sum + other.sum, sumSquares: one.sumSquares + other.sumSquares };
}

/** NaN of none. */
export function meanOf({ n, sum }: Moments): number {
  return sum / n;
}

/** The sum of squared distances from the mean; 0 of none, and never less. */
export function spreadOf({ n, sum, sumSquares }: Moments): number {
  return n === 0 ? 0 : Math.max(0, sumSquares - (sum * sum) / n);
}
