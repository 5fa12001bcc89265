import { alignedTable, renderSpread } from './report.ts';
import type { Round } from './rounds.ts';
import type { Spread } from './spread.ts';
import { pairedRatio } from './summary.ts';

/** CPU of the request thread as a multiple of the floor's, by case: medians. */
export type Ratios = Readonly<Record<string, number>>;

/** What was seen when it was written down, and on what. */
export interface Recorded {
  readonly date: string;
  readonly node: string;
  readonly cpu: string;
  readonly ratios: Ratios;
}

/** So much more than recorded is a relapse. */
const MOST_WORSE = 1.15;
const RECORD = 'npm run bench:relapse -- --record';

/** What was seen of one case, beside what was recorded. */
export interface Compared {
  readonly case: string;
  readonly seen: Spread;
  /** Undefined where nothing was recorded. */
  readonly recorded: number | undefined;
  /** The one by the other; 1 is as it was. */
  readonly change: number | undefined;
}

/** Of a gateway's rounds, each by the floor's in the same round. */
export function compare(rounds: readonly Round[], recorded: Ratios): Compared[] {
  const ours = Map.groupBy(
    rounds.filter(({ party }) => party !== 'floor'),
    ({ case: name }) => name,
  );
  return [...ours].map(([name, group]) => {
    const seen = pairedRatio(group, rounds, 'floor', 'threadCpuUsPerRequest');
    if (!seen) throw new Error(`${name} was measured without the floor`);
    const was = recorded[name];
    return { case: name, seen, recorded: was, change: was === undefined ? undefined : seen.median / was };
  });
}

/** NaN, of windows without an answer, is worse than anything. */
export function isWorse({ change }: Compared): boolean {
  return change !== undefined && !(change <= MOST_WORSE);
}

export function isUnrecorded({ recorded }: Compared): boolean {
  return recorded === undefined;
}

export function ratiosOf(compared: readonly Compared[]): Ratios {
  return Object.fromEntries(compared.map(({ case: name, seen }) => [name, Number(seen.median.toFixed(3))]));
}

function percent(change: number): string {
  return `${change < 1 ? '−' : '+'}${Math.abs((change - 1) * 100).toFixed(1)} %`;
}

export function renderCompared(compared: readonly Compared[]): string {
  return alignedTable(
    ['case', 'thread CPU ÷ floor', 'recorded', 'change'],
    compared.map(({ case: name, seen, recorded, change }) => [
      name,
      renderSpread(seen, 2, '×'),
      recorded === undefined ? '–' : `${recorded.toFixed(2)}×`,
      change === undefined ? '–' : percent(change),
    ]),
    1,
  );
}

/** What follows for whoever reads it. */
export function renderVerdict(compared: readonly Compared[]): string[] {
  const most = `${((MOST_WORSE - 1) * 100).toFixed(1)} %`;
  const worse = compared.filter(isWorse);
  if (worse.length > 0) {
    return worse.map(({ case: name, change = Number.NaN }) => {
      const more = `${((change - 1) * 100).toFixed(1)} %`;
      return `WORSE: ${name} needs ${more} more CPU than recorded; at most ${most} is let through`;
    });
  }
  const better = compared.filter(({ change }) => change !== undefined && change < 1 / MOST_WORSE);
  return [
    compared.some(isUnrecorded)
      ? `Not all of these were recorded: ${RECORD}`
      : `No case needs more than ${most} over what was recorded.`,
    ...better.map(({ case: name }) => `BETTER: ${name}; so that it is kept: ${RECORD}`),
  ];
}
