import type { RecordableHistogram } from 'node:perf_hooks';

import type { Spread } from '../spread.ts';

/** Of a distribution, in milliseconds; NaN of nothing. */
export interface Quantiles {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** Of a histogram of microseconds. */
export function quantilesOf(histogram: RecordableHistogram): Quantiles {
  const count = histogram.count;
  const ms = (share: number): number => (count === 0 ? Number.NaN : histogram.percentile(share) / 1000);
  return { count, p50: ms(50), p90: ms(90), p99: ms(99), max: count === 0 ? Number.NaN : histogram.max / 1000 };
}

/** A histogram takes whole numbers from 1 on; before its time is on time. */
export function recordMs(histogram: RecordableHistogram, ms: number): void {
  histogram.record(Math.max(1, Math.round(ms * 1000)));
}

export function spreadText({ median: middle, least, most }: Spread, digits = 2): string {
  return `${middle.toFixed(digits)} (${least.toFixed(digits)} – ${most.toFixed(digits)})`;
}

/** Answers that were not right, by what was wrong with them. */
export type WrongAnswers = Readonly<Record<string, number>>;

/** The most frequent reason first. */
export function wrongText(wrong: WrongAnswers): string {
  const reasons = Object.entries(wrong).toSorted(([, one], [, other]) => other - one);
  const sum = reasons.reduce((all, [, count]) => all + count, 0);
  return sum === 0 ? '0' : `${sum}: ${reasons.map(([reason, count]) => `${reason} × ${count}`).join(', ')}`;
}

/** @param tail the end of its body */
export function reasonOf(status: number, tail: string): string {
  const code = /([a-z_]+)"\}+\s*$/.exec(tail)?.[1];
  return code === undefined ? `status ${status}` : `${status} ${code}`;
}
