import { type Sums, quantileOf, sumAt, sumsAt } from '../sums.ts';
import type { Arms } from '../tallies.ts';
import { type Estimate, costRatioOf, factorOf, shareOf } from './intervals.ts';

/** Times of both sides of the pairs. Milliseconds. */
export interface TimesReport {
  readonly pairs: number;
  readonly liveP50Ms: number | undefined;
  readonly liveP95Ms: number | undefined;
  readonly candidateP50Ms: number | undefined;
  readonly candidateP95Ms: number | undefined;
  /** By what factor the candidate's are longer, of the same requests (geometric mean). */
  readonly times: Estimate | undefined;
}

interface JudgeReport {
  readonly judged: number;
  readonly better: Estimate | undefined;
  readonly worse: Estimate | undefined;
  readonly same: Estimate | undefined;
  /** The part of the verdicts for one of both that were for the one that stood first: far from a half, they are worth little. */
  readonly firstShare: Estimate | undefined;
  /** Asked, and said none of what it may say. */
  readonly unclear: number;
  /** Not asked: the budget had not enough left, or the judge did not answer. */
  readonly unasked: number;
}

/** What a shadow has found out so far. */
export interface ShadowReport {
  readonly pairs: number;
  readonly requests: number;
  /** Of the candidate. */
  readonly failed: Estimate | undefined;
  readonly failures: Readonly<Record<string, number>>;
  readonly cost: {
    readonly pairs: number;
    readonly unknown: number;
    readonly liveNanoUsd: number | undefined;
    readonly candidateNanoUsd: number | undefined;
    /** The candidate's as a part of the live ones. */
    readonly ratio: Estimate | undefined;
  };
  readonly latency: TimesReport;
  readonly ttft: TimesReport;
  readonly length: {
    readonly liveChars: number | undefined;
    readonly candidateChars: number | undefined;
    readonly times: number | undefined;
  };
  readonly format: {
    readonly pairs: number;
    readonly live: Estimate | undefined;
    readonly candidate: Estimate | undefined;
  };
  readonly tools: { readonly pairs: number; readonly same: Estimate | undefined; readonly valid: Estimate | undefined };
  readonly finishSame: Estimate | undefined;
  readonly similarity: {
    readonly pairs: number;
    readonly mean: number | undefined;
    readonly alike: Estimate | undefined;
  };
  readonly judge: JudgeReport;
  readonly leftOut: Readonly<Record<string, number>>;
}

export function reportOf({ pairs, candidate }: Pick<Arms, 'pairs' | 'candidate'>): ShadowReport {
  const failures = countsOf(sumsAt(candidate, 'errors'));
  const requests = sumAt(candidate, 'requests');
  const [similarity, format, tools, finish] = ['similarity', 'format', 'tools', 'finish'].map((name) =>
    sumsAt(pairs, name),
  ) as [Sums, Sums, Sums, Sums];
  return {
    pairs: sumAt(pairs, 'pairs'),
    requests,
    failed: shareOf(
      Object.values(failures).reduce((sum, count) => sum + count, 0),
      requests,
    ),
    failures,
    cost: costOf(pairs),
    latency: timesOf(sumsAt(pairs, 'latency')),
    ttft: timesOf(sumsAt(pairs, 'ttft')),
    length: lengthOf(sumsAt(pairs, 'length')),
    format: { pairs: nOf(format), live: hitsOf(format, 'live'), candidate: hitsOf(format, 'candidate') },
    tools: { pairs: nOf(tools), same: hitsOf(tools, 'same'), valid: hitsOf(tools, 'valid') },
    finishSame: hitsOf(finish, 'same'),
    similarity: { pairs: nOf(similarity), mean: meanOf(similarity, 'sum'), alike: hitsOf(similarity, 'alike') },
    judge: judgeOf(sumsAt(pairs, 'judge')),
    leftOut: countsOf(sumsAt(pairs, 'leftOut')),
  };
}

const nOf = (sums: Sums): number => sumAt(sums, 'n');

function hitsOf(sums: Sums, name: string): Estimate | undefined {
  return shareOf(sumAt(sums, name), nOf(sums));
}

function meanOf(sums: Sums, name: string): number | undefined {
  return nOf(sums) > 0 ? sumAt(sums, name) / nOf(sums) : undefined;
}

function countsOf(sums: Sums): Record<string, number> {
  return Object.fromEntries(Object.keys(sums).map((name) => [name, sumAt(sums, name)]));
}

function costOf(pairs: Sums): ShadowReport['cost'] {
  const cost = sumsAt(pairs, 'cost');
  return {
    pairs: nOf(cost),
    unknown: sumAt(pairs, 'costUnknown'),
    liveNanoUsd: meanOf(cost, 'live'),
    candidateNanoUsd: meanOf(cost, 'candidate'),
    ratio: costRatioOf(cost),
  };
}

function timesOf(sums: Sums): TimesReport {
  const [live, candidate, times] = [sumsAt(sums, 'live'), sumsAt(sums, 'candidate'), sumsAt(sums, 'times')];
  return {
    pairs: nOf(times),
    liveP50Ms: quantileOf(live, 0.5),
    liveP95Ms: quantileOf(live, 0.95),
    candidateP50Ms: quantileOf(candidate, 0.5),
    candidateP95Ms: quantileOf(candidate, 0.95),
    times: factorOf(times),
  };
}

function lengthOf(length: Sums): ShadowReport['length'] {
  const live = sumAt(length, 'live');
  return {
    liveChars: meanOf(length, 'live'),
    candidateChars: meanOf(length, 'candidate'),
    times: live > 0 ? sumAt(length, 'candidate') / live : undefined,
  };
}

function judgeOf(judge: Sums): JudgeReport {
  const decided = sumAt(judge, 'better') + sumAt(judge, 'worse');
  return {
    judged: nOf(judge),
    better: hitsOf(judge, 'better'),
    worse: hitsOf(judge, 'worse'),
    same: hitsOf(judge, 'same'),
    firstShare: shareOf(sumAt(judge, 'first'), decided),
    unclear: sumAt(judge, 'unclear'),
    unasked: sumAt(judge, 'unasked'),
  };
}
