import { CLEAN, type Scan, type Scanner } from '../scan/scanner.ts';
import type { Hit } from './look.ts';
import { signsAtAGlance, signsOf } from './signs-of.ts';
import { BIAS, SIGN_WEIGHTS, type Sign } from './weights.ts';
import { type Counts, amount, densest } from './window.ts';

/** Shown of one sign. */
const MOST_SHOWN = 8;

/**
 * Finds attempts to take a model over: each sign has a weight, and the score is the logistic function of their sum, where they
 * stand densest. The categories are the signs' names. A finding's own score is what the text would have with it alone.
 *
 * Nothing is held back of a stream: what counts are many signs of a whole text.
 * The threshold of the settings is for whoever reads the score.
 */
export function injectionScanner(): Scanner {
  return {
    scan: (text) => scanOf(signsOf(text)),
    glance(text) {
      const hits = signsAtAGlance(text);
      return hits && scanOf(hits);
    },
    held: () => 0,
  };
}

function scanOf(hits: readonly Hit[]): Scan {
  const [only] = hits;
  if (!only) return CLEAN;
  if (hits.length === 1) {
    const { sign, start, end } = only;
    return { score: ALONE[sign], findings: [{ start, end, category: sign, score: ALONE[sign] }] };
  }
  return { score: scoreOf(densest(hits, weightOf)), findings: findingsOf(hits) };
}

function findingsOf(hits: readonly Hit[]): Scan['findings'] {
  const shown = new Map<Sign, number>();
  const findings = [];
  for (const { sign, start, end } of hits) {
    const count = (shown.get(sign) ?? 0) + 1;
    shown.set(sign, count);
    if (count <= MOST_SHOWN) findings.push({ start, end, category: sign, score: ALONE[sign] });
  }
  return findings.toSorted((one, other) => one.start - other.start || one.end - other.end);
}

/** From 0 to 1. */
function scoreOf(counts: Counts): number {
  let sum = BIAS;
  for (const [sign, count] of counts) sum += SIGN_WEIGHTS[sign].weight * amount(count);
  return logistic(sum);
}

function weightOf(sign: Sign): number {
  return SIGN_WEIGHTS[sign].weight;
}

function logistic(sum: number): number {
  return 1 / (1 + Math.exp(-sum));
}

const ALONE = Object.fromEntries(
  Object.entries(SIGN_WEIGHTS).map(([sign, { weight }]) => [sign, logistic(BIAS + weight)]),
) as Readonly<Record<Sign, number>>;
