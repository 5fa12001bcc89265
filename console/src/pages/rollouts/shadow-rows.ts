import { count, duration, money, share } from '../../format/numbers.ts';
import type { ShadowReport } from './wire.ts';

type Estimate = ShadowReport['failed'];

/** A line of the report: both sides where there are two, and what is estimated of them. */
export interface ReportRow {
  readonly id:
    | 'failed'
    | 'cost'
    | 'latency'
    | 'latency95'
    | 'ttft'
    | 'length'
    | 'format'
    | 'toolsSame'
    | 'toolsValid'
    | 'finishSame'
    | 'similarity'
    | 'judgeBetter'
    | 'judgeWorse'
    | 'judgeSame';
  readonly pairs: number;
  readonly live: string;
  readonly candidate: string;
  readonly estimate: string;
}

function times(value: number): string {
  return `× ${value.toFixed(2)}`;
}

/** `12.0% (10.0% – 14.0%)`; without ends where there are too few values. */
function estimateText(estimate: Estimate, text: (value: number) => string): string {
  if (estimate === null) return '–';
  const { value, low, high } = estimate;
  return low === null || high === null ? text(value) : `${text(value)} (${text(low)} – ${text(high)})`;
}

const part = (estimate: Estimate): string => estimateText(estimate, share);
const factor = (estimate: Estimate): string => estimateText(estimate, times);

/** Only of what there are values. */
export function reportRows(report: ShadowReport): readonly ReportRow[] {
  const { cost, latency, ttft, length, format, tools, similarity, judge } = report;
  const none = { live: '', candidate: '' };
  const rows: ReportRow[] = [
    { id: 'failed', pairs: report.requests, ...none, estimate: part(report.failed) },
    {
      id: 'cost',
      pairs: cost.pairs,
      live: money(cost.live_usd),
      candidate: money(cost.candidate_usd),
      estimate: factor(cost.ratio),
    },
    {
      id: 'latency',
      pairs: latency.pairs,
      live: duration(latency.live_p50_ms),
      candidate: duration(latency.candidate_p50_ms),
      estimate: factor(latency.times),
    },
    {
      id: 'latency95',
      pairs: latency.pairs,
      live: duration(latency.live_p95_ms),
      candidate: duration(latency.candidate_p95_ms),
      estimate: '',
    },
    {
      id: 'ttft',
      pairs: ttft.pairs,
      live: duration(ttft.live_p50_ms),
      candidate: duration(ttft.candidate_p50_ms),
      estimate: factor(ttft.times),
    },
    {
      id: 'length',
      pairs: report.pairs,
      live: count(length.live_chars),
      candidate: count(length.candidate_chars),
      estimate: length.times === null ? '–' : times(length.times),
    },
    { id: 'format', pairs: format.pairs, live: part(format.live), candidate: part(format.candidate), estimate: '' },
    { id: 'toolsSame', pairs: tools.pairs, ...none, estimate: part(tools.same) },
    { id: 'toolsValid', pairs: tools.pairs, ...none, estimate: part(tools.valid) },
    { id: 'finishSame', pairs: report.pairs, ...none, estimate: part(report.finish_same) },
    { id: 'similarity', pairs: similarity.pairs, ...none, estimate: part(similarity.alike) },
    { id: 'judgeBetter', pairs: judge.judged, ...none, estimate: part(judge.better) },
    { id: 'judgeWorse', pairs: judge.judged, ...none, estimate: part(judge.worse) },
    { id: 'judgeSame', pairs: judge.judged, ...none, estimate: part(judge.same) },
  ];
  return rows.filter(({ pairs }) => pairs > 0);
}
