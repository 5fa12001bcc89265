import { quantile } from './verdict.ts';

/** One request that was answered with 200 and read to its end; times are milliseconds on the machine's clock. */
export interface Answered {
  /** `x-causeway-request-id`, which is the id of its trace. */
  readonly id: string;
  readonly sentAt: number;
  readonly endedAt: number;
}

/** The answers that a gateway gave until it was killed. */
export interface KilledRound {
  readonly killedAt: number;
  readonly answered: readonly Answered[];
}

/** What is not in the database of what was answered. */
export interface Losses {
  readonly answered: number;
  readonly missing: number;
  /** Of them, those whose answer ended more than the allowed time before the kill. */
  readonly broken: number;
  /** The longest time before a kill that the answer to a missing one had ended; 0 where none is missing. */
  readonly longestMs: number;
}

export function lossesOf(rounds: readonly KilledRound[], stored: ReadonlySet<string>, allowedMs: number): Losses {
  const ages = rounds.flatMap(({ killedAt, answered }) =>
    answered.filter(({ id }) => !stored.has(id)).map(({ endedAt }) => Math.max(0, killedAt - endedAt)),
  );
  return {
    answered: rounds.reduce((sum, { answered }) => sum + answered.length, 0),
    missing: ages.length,
    broken: ages.filter((age) => age > allowedMs).length,
    longestMs: ages.reduce((most, age) => Math.max(most, age), 0),
  };
}

/** Latencies of the answers that ended in a time. */
export interface Latency {
  readonly answers: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

export function latencyIn(answered: readonly Answered[], { from, to }: Span): Latency {
  const times = answered
    .filter(({ endedAt }) => endedAt >= from && endedAt < to)
    .map((one) => one.endedAt - one.sentAt);
  return { answers: times.length, p50Ms: quantile(times, 0.5), p99Ms: quantile(times, 0.99) };
}

/** The time in equal parts; what is left over at its end is in none. */
export function slicesOf({ from, to }: Span, sliceMs: number): Span[] {
  const count = Math.floor((to - from) / sliceMs);
  return Array.from({ length: count }, (_, at) => ({ from: from + at * sliceMs, to: from + (at + 1) * sliceMs }));
}

/** Sums of what was recorded, as the traces have them or as the sums of usage do. */
export interface UsageTotals {
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costNanoUsd: number;
}

/** By how much the two differ, all figures together: 0 where they are the same. */
export function differenceOf(one: UsageTotals, other: UsageTotals): number {
  const keys = ['requests', 'inputTokens', 'outputTokens', 'costNanoUsd'] as const;
  return keys.reduce((sum, key) => sum + Math.abs(one[key] - other[key]), 0);
}

/** What hard budgets of Redis say around the death of a replica; nano-dollars. */
export interface BudgetAroundKill {
  /** What the provider's answers cost, all since the beginning. */
  readonly billed: number;
  /** Read from another replica right after the kill. */
  readonly usedThen: number;
  readonly reservedThen: number;
  /** Once nothing is reserved any more. */
  readonly usedAfter: number;
  readonly reservedAfter: number;
}

/** What is wrong with it, in words; nothing where all is counted. */
export function budgetFaults({ billed, usedThen, reservedThen, usedAfter, reservedAfter }: BudgetAroundKill): string[] {
  const faults: string[] = [];
  if (!(usedThen + reservedThen >= billed)) faults.push('used and reserved at the kill are less than what was billed');
  if (!(usedAfter >= billed)) faults.push('used after the lease is less than what was billed');
  if (!(usedAfter <= usedThen + reservedThen)) faults.push('used after the lease is more than was ever reserved');
  if (reservedAfter !== 0) faults.push('something stays reserved');
  return faults;
}
