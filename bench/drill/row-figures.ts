import type { ListedTraceView } from '../../src/records/traces/view-schema.ts';
import type { Outcome } from './mixed-load.ts';
import { type Check, quantile, tally } from './verdict.ts';

/** One row of the failure drill's table, and what it is held to. */
export interface RowFigures {
  readonly title: string;
  readonly cells: readonly string[];
  readonly checks: readonly Check[];
}

export function successOf(outcomes: readonly Outcome[]): number {
  return outcomes.filter(({ ok }) => ok).length / outcomes.length;
}

/** Of the answers that came, beside those of the healthy run. */
export function addedLatency(outcomes: readonly Outcome[], healthy: readonly Outcome[]): string {
  const times = outcomes.filter(({ ok }) => ok).map(({ ms }) => ms);
  if (times.length === 0) return '–';
  const normal = healthy.map(({ ms }) => ms);
  return [0.5, 0.95].map((share) => signed(quantile(times, share) - quantile(normal, share))).join(' / ');
}

function signed(ms: number): string {
  return `${ms < 0 ? '' : '+'}${ms.toFixed(0)}`;
}

export function recordsOf(traces: readonly ListedTraceView[]): string {
  const attempts = traces.flatMap((trace) => trace.attempts);
  const words = attempts.map(({ outcome, error_code: code }) => code ?? outcome);
  const ends = traces.map(({ status, error }) => error?.code ?? status);
  return `${tally(ends)}; attempts: ${tally(words)}`;
}
