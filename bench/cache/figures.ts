import type { Outcome } from './replay.ts';

/** A ratio of counts. */
export interface Share {
  readonly count: number;
  readonly of: number;
}

const Z_95 = 1.959964;

export function ratioOf({ count, of }: Share): number {
  return of === 0 ? 0 : count / of;
}

/** Wilson's interval at 95 %. */
export function intervalOf({ count, of }: Share): readonly [number, number] {
  if (of === 0) return [0, 1];
  const ratio = count / of;
  const z2 = Z_95 ** 2;
  const middle = ratio + z2 / (2 * of);
  const spread = Z_95 * Math.sqrt((ratio * (1 - ratio)) / of + z2 / (4 * of * of));
  return [Math.max(0, (middle - spread) / (1 + z2 / of)), Math.min(1, (middle + spread) / (1 + z2 / of))];
}

export function percent(ratio: number, digits = 1): string {
  return `${(ratio * 100).toFixed(digits)} %`;
}

/** `1.2 % (0.8 – 1.9)`. */
export function withInterval(share: Share, digits = 1): string {
  if (share.of === 0) return '–';
  const [low, high] = intervalOf(share).map((value) => (value * 100).toFixed(digits));
  return `${percent(ratioOf(share), digits)} (${low} – ${high})`;
}

export function sumOf(outcomes: readonly Outcome[]): Outcome {
  const total = (of: keyof Outcome): number => outcomes.reduce((sum, outcome) => sum + outcome[of], 0);
  return { requests: total('requests'), exact: total('exact'), semantic: total('semantic'), wrong: total('wrong') };
}

export const hits = ({ exact, semantic, requests }: Outcome): Share => ({ count: exact + semantic, of: requests });
export const exactHits = ({ exact, requests }: Outcome): Share => ({ count: exact, of: requests });
export const semanticHits = ({ semantic, requests }: Outcome): Share => ({ count: semantic, of: requests });
export const wrongOfRequests = ({ wrong, requests }: Outcome): Share => ({ count: wrong, of: requests });
export const wrongOfSemantic = ({ wrong, semantic }: Outcome): Share => ({ count: wrong, of: semantic });
