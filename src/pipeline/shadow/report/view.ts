import { type Static, Type } from 'typebox';

import { nanoToUsd } from '../../../core/money.ts';
import type { Period } from '../../../core/period.ts';
import { LEFT_OUT } from '../left-out.ts';
import type { Estimate } from './intervals.ts';
import type { ShadowReport, TimesReport } from './report.ts';
import { wordsOf } from './words.ts';

/** How the budget of a shadow stands in the period that runs. */
export interface BudgetStanding {
  readonly limitNanoUsd: number;
  readonly spentNanoUsd: number;
  readonly reservedNanoUsd: number;
  readonly period: Period;
}

const orNull = (description: string) => Type.Union([Type.Number({ description }), Type.Null()]);
const EstimateView = Type.Union([
  Type.Object({ value: Type.Number(), low: orNull('95 % confidence; null of too few'), high: orNull('Likewise') }),
  Type.Null(),
]);
const TimesView = Type.Object({
  pairs: Type.Integer(),
  live_p50_ms: orNull(''),
  live_p95_ms: orNull(''),
  candidate_p50_ms: orNull(''),
  candidate_p95_ms: orNull(''),
  times: EstimateView,
});
const Counts = Type.Record(Type.String(), Type.Integer());

export const ReportView = Type.Object({
  verdict: Type.String({ description: 'All of it in words' }),
  pairs: Type.Integer({ description: 'Requests that both answered' }),
  requests: Type.Integer({ description: 'That were mirrored' }),
  failed: EstimateView,
  failures: Counts,
  cost: Type.Object({
    pairs: Type.Integer(),
    unknown: Type.Integer({ description: 'Pairs of which a price is not known' }),
    live_usd: orNull('Dollars for each request'),
    candidate_usd: orNull('Likewise'),
    ratio: EstimateView,
  }),
  latency: TimesView,
  ttft: TimesView,
  length: Type.Object({ live_chars: orNull('Of an answer'), candidate_chars: orNull('Likewise'), times: orNull('') }),
  format: Type.Object({ pairs: Type.Integer(), live: EstimateView, candidate: EstimateView }),
  tools: Type.Object({ pairs: Type.Integer(), same: EstimateView, valid: EstimateView }),
  finish_same: EstimateView,
  similarity: Type.Object({ pairs: Type.Integer(), mean: orNull('Cosine'), alike: EstimateView }),
  judge: Type.Object({
    judged: Type.Integer(),
    better: EstimateView,
    worse: EstimateView,
    same: EstimateView,
    first_share: EstimateView,
    unclear: Type.Integer({ description: 'It said none of what it may say' }),
    unasked: Type.Integer({ description: 'It did not answer, or the budget did not cover it' }),
  }),
  left_out: Type.Array(Type.Object({ reason: Type.String(), count: Type.Integer(), description: Type.String() }), {
    description: 'Requests that were chosen and not mirrored, the most frequent reason first',
  }),
  budget: Type.Object({
    limit_usd: Type.Number(),
    spent_usd: Type.Number(),
    reserved_usd: Type.Number({ description: 'By requests under way' }),
    left_usd: Type.Number(),
    period: Type.String(),
    ends_at: Type.Union([Type.String(), Type.Null()]),
  }),
});
export type ReportView = Static<typeof ReportView>;

export function reportView(report: ShadowReport, budget: BudgetStanding): ReportView {
  const { cost, length, format, tools, similarity, judge } = report;
  return {
    verdict: wordsOf(report),
    pairs: report.pairs,
    requests: report.requests,
    failed: estimate(report.failed),
    failures: { ...report.failures },
    cost: {
      pairs: cost.pairs,
      unknown: cost.unknown,
      live_usd: usd(cost.liveNanoUsd),
      candidate_usd: usd(cost.candidateNanoUsd),
      ratio: estimate(cost.ratio),
    },
    latency: times(report.latency),
    ttft: times(report.ttft),
    length: {
      live_chars: rounded(length.liveChars),
      candidate_chars: rounded(length.candidateChars),
      times: rounded(length.times),
    },
    format: { pairs: format.pairs, live: estimate(format.live), candidate: estimate(format.candidate) },
    tools: { pairs: tools.pairs, same: estimate(tools.same), valid: estimate(tools.valid) },
    finish_same: estimate(report.finishSame),
    similarity: { pairs: similarity.pairs, mean: rounded(similarity.mean), alike: estimate(similarity.alike) },
    judge: {
      judged: judge.judged,
      better: estimate(judge.better),
      worse: estimate(judge.worse),
      same: estimate(judge.same),
      first_share: estimate(judge.firstShare),
      unclear: judge.unclear,
      unasked: judge.unasked,
    },
    left_out: leftOut(report.leftOut),
    budget: budgetView(budget),
  };
}

function budgetView({ limitNanoUsd, spentNanoUsd, reservedNanoUsd, period }: BudgetStanding): ReportView['budget'] {
  return {
    limit_usd: nanoToUsd(limitNanoUsd),
    spent_usd: nanoToUsd(spentNanoUsd),
    reserved_usd: nanoToUsd(reservedNanoUsd),
    left_usd: nanoToUsd(Math.max(0, limitNanoUsd - spentNanoUsd - reservedNanoUsd)),
    period: period.name,
    ends_at: period.endsAt === undefined ? null : new Date(period.endsAt).toISOString(),
  };
}

function leftOut(counts: ShadowReport['leftOut']): ReportView['left_out'] {
  const sorted = Object.entries(counts).toSorted(([, a], [, b]) => b - a);
  return sorted.map(([reason, count]) => ({ reason, count, description: descriptionOf(reason) }));
}

function descriptionOf(reason: string): string {
  return Object.entries(LEFT_OUT).find(([name]) => name === reason)?.[1] ?? '';
}

function times(of: TimesReport): ReportView['latency'] {
  return {
    pairs: of.pairs,
    live_p50_ms: rounded(of.liveP50Ms),
    live_p95_ms: rounded(of.liveP95Ms),
    candidate_p50_ms: rounded(of.candidateP50Ms),
    candidate_p95_ms: rounded(of.candidateP95Ms),
    times: estimate(of.times),
  };
}

function estimate(of: Estimate | undefined): ReportView['failed'] {
  return of ? { value: exact(of.value), low: rounded(of.low), high: rounded(of.high) } : null;
}

function usd(nanoUsd: number | undefined): number | null {
  return nanoUsd === undefined ? null : nanoToUsd(nanoUsd);
}

function rounded(value: number | undefined): number | null {
  return value === undefined ? null : exact(value);
}

/** Four digits after those that are always there. */
function exact(value: number): number {
  return Number(value.toFixed(4));
}
