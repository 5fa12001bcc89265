import { type Ranked, averagePrecision } from '../average-precision.ts';

/** A place in a text that is of a kind. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly entity: string;
}

export interface ScoredSpan extends Span {
  readonly score: number;
}

export interface Sample {
  readonly text: string;
  /** What is there, and counts. */
  readonly gold: readonly Span[];
  /** What is there, and counts neither where it is found nor where it is not. */
  readonly apart: readonly Span[];
}

export interface Figures {
  readonly gold: number;
  readonly found: number;
  readonly hits: number;
  readonly exact: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly auprc: number;
}

/** Looks for spans. Entities that it does not know it does not find. */
export type Finder = (text: string) => readonly ScoredSpan[];

const overlaps = (one: Span, other: Span): boolean => one.start < other.end && other.start < one.end;

/**
 * A hit is a found span that overlaps one of the same entity; each counts once. Exact ones have the same beginning and
 * end. A found span that overlaps one that stands apart does not count.
 */
export function measure(samples: readonly Sample[], find: Finder, entities: readonly string[]): Figures {
  const outcomes: Ranked[] = [];
  let gold = 0;
  let exact = 0;
  for (const sample of samples) {
    const open = sample.gold.filter(({ entity }) => entities.includes(entity));
    gold += open.length;
    for (const found of find(sample.text)) {
      if (!entities.includes(found.entity)) continue;
      const at = open.findIndex((one) => one.entity === found.entity && overlaps(one, found));
      if (at < 0 && sample.apart.some((one) => one.entity === found.entity && overlaps(one, found))) continue;
      const [hit] = at < 0 ? [] : open.splice(at, 1);
      if (hit && hit.start === found.start && hit.end === found.end) exact += 1;
      outcomes.push({ score: found.score, isRight: hit !== undefined });
    }
  }
  const hits = outcomes.filter(({ isRight }) => isRight).length;
  const precision = outcomes.length === 0 ? 1 : hits / outcomes.length;
  const recall = gold === 0 ? 1 : hits / gold;
  const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  const auprc = gold === 0 ? 1 : averagePrecision(outcomes, gold);
  return { gold, found: outcomes.length, hits, exact, precision, recall, f1, auprc };
}

/** The middle and the slowest hundredth of the time a text takes, microseconds, when the code is warm. */
export function timesOf(texts: readonly string[], find: Finder): { readonly p50: number; readonly p99: number } {
  for (let round = 0; round < 5; round += 1) for (const text of texts) find(text);
  const times: number[] = [];
  for (const text of texts) {
    const began = performance.now();
    find(text);
    times.push((performance.now() - began) * 1000);
  }
  times.sort((one, other) => one - other);
  return { p50: times[Math.floor(times.length / 2)] ?? 0, p99: times[Math.floor(times.length * 0.99)] ?? 0 };
}
