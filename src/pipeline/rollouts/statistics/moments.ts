/**
 * Into how many groups users (or what else stays with its arm) are hashed. What they do is summed for each group too:
 * requests of one user are alike, and how much groups differ tells how many requests really count as one.
 */
export const GROUPS = 32;

/** For each group in turn: how many values, and their sum. */
type GroupSums = number[];

/** What adds up of some values: how many, their sum, and the sum of their squares. */
export interface Moments {
  n: number;
  sum: number;
  sumSquares: number;
  groups: GroupSums;
}

/** Values of which an arm keeps moments. */
export const MEASURES = ['cost', 'latency', 'ttft', 'feedback', 'judge'] as const;
export type Measure = (typeof MEASURES)[number];

/** What arms are compared by. */
export type ArmMetric = Measure | 'errors';

/** Of which there are moments: errors as ones among zeros. */
const KEPT = [...MEASURES, 'errors'] as const;

/**
 * What is known of one arm: plain numbers that add up over replicas and times, so that nobody has to keep a request.
 * A JSON object as it is.
 */
export interface ArmSums extends Record<Measure, Moments> {
  /** Of all requests that have ended: one for each that failed by the provider's or the gateway's fault, zero for the others. */
  errors: Moments;
}

/** How one request ended. */
export interface EndedRequest {
  /** Of the user, or what else stays with its arm: see `groupOf`. Undefined where each request is drawn for itself. */
  readonly group?: number | undefined;
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
    cost: emptyMoments(),
    latency: emptyMoments(),
    ttft: emptyMoments(),
    feedback: emptyMoments(),
    judge: emptyMoments(),
    errors: emptyMoments(),
  };
}

/** Of two replicas, or two times. */
export function addSums(one: ArmSums, other: ArmSums): ArmSums {
  const sums = emptySums();
  for (const metric of KEPT) sums[metric] = addMoments(one[metric], other[metric]);
  return sums;
}

/** What has come since. @param before the same, as it was earlier */
export function sumsSince(before: ArmSums, now: ArmSums): ArmSums {
  const sums = emptySums();
  for (const metric of KEPT) sums[metric] = addMoments(now[metric], lessThanNone(before[metric]));
  return sums;
}

/** How many requests have ended. */
export function requestsOf({ errors }: ArmSums): number {
  return errors.n;
}

/** Changes the sums in place. Times are kept as their natural logarithms. */
export function noteRequest(sums: ArmSums, { group, isError, costNanoUsd, latencyMs, ttftMs }: EndedRequest): void {
  note(sums.errors, isError ? 1 : 0, group);
  note(sums.cost, costNanoUsd, group);
  note(sums.latency, logOf(latencyMs), group);
  note(sums.ttft, logOf(ttftMs), group);
}

/** Changes the sums in place. @param score what was said of an answer, 0 to 1 */
export function noteScore(sums: ArmSums, measure: 'feedback' | 'judge', score: number, group?: number): void {
  note(sums[measure], Math.min(1, Math.max(0, score)), group);
}

/** The group of a user, or what else stays with its arm; always the same, and nothing to do with which arm that is. */
export function groupOf(unit: string): number {
  let hash = 0x811c_9dc5;
  for (let at = 0; at < unit.length; at += 1) hash = Math.imul(hash ^ unit.charCodeAt(at), 0x0100_0193);
  // What two long texts share at their ends is not yet mixed into the low bits.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b_3c6d);
  return ((hash ^ (hash >>> 13)) >>> 0) % GROUPS;
}

function logOf(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.log(Math.max(ms, SHORTEST_MS));
}

function note(moments: Moments, value: number | undefined, group: number | undefined): void {
  if (value === undefined || !Number.isFinite(value)) return;
  moments.n += 1;
  moments.sum += value;
  moments.sumSquares += value * value;
  if (group === undefined) return;
  const at = 2 * (group % GROUPS);
  moments.groups[at] = (moments.groups[at] ?? 0) + 1;
  moments.groups[at + 1] = (moments.groups[at + 1] ?? 0) + value;
}

function emptyMoments(): Moments {
  return { n: 0, sum: 0, sumSquares: 0, groups: Array.from({ length: 2 * GROUPS }, () => 0) };
}

function addMoments(one: Moments, other: Moments): Moments {
  return {
    n: one.n + other.n,
    sum: one.sum + other.sum,
    sumSquares: one.sumSquares + other.sumSquares,
    groups: one.groups.map((sum, at) => sum + (other.groups[at] ?? 0)),
  };
}

function lessThanNone({ n, sum, sumSquares, groups }: Moments): Moments {
  return { n: -n, sum: -sum, sumSquares: -sumSquares, groups: groups.map((one) => -one) };
}

/** Whether a higher value is a good one. */
export function isMoreBetter(metric: ArmMetric): boolean {
  return metric === 'feedback' || metric === 'judge';
}

/** NaN of none. */
export function meanOf({ n, sum }: Moments): number {
  return sum / n;
}

/** The sum of squared distances from the mean; 0 of none, and never less. */
export function spreadOf({ n, sum, sumSquares }: Moments): number {
  return n === 0 ? 0 : Math.max(0, sumSquares - (sum * sum) / n);
}
