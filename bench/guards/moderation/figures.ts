import { averagePrecision } from '../average-precision.ts';

/** A labelled text and the score that somebody gave it. */
export interface Judged {
  readonly isHarmful: boolean;
  readonly score: number;
}

export interface Figures {
  /** NaN where nothing was found. */
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** The area under the curve of precision and recall; of a guess, the share of harmful texts. */
  readonly auprc: number;
}

/** @param threshold from which score on a text counts as found */
export function figuresOf(judged: readonly Judged[], threshold: number): Figures {
  const harmful = judged.filter(({ isHarmful }) => isHarmful).length;
  const found = judged.filter(({ score }) => score >= threshold);
  const hits = found.filter(({ isHarmful }) => isHarmful).length;
  const precision = found.length === 0 ? Number.NaN : hits / found.length;
  const recall = hits / harmful;
  const f1 = hits === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  const ranked = judged.map(({ isHarmful, score }) => ({ isRight: isHarmful, score }));
  return { precision, recall, f1, auprc: averagePrecision(ranked, harmful) };
}

/** Times of one text each, microseconds. */
export interface Times {
  readonly p50: number;
  readonly p99: number;
}

/** The shorter of two rounds counts, so that the first use of the code does not. */
export function timesOf(texts: readonly string[], score: (text: string) => number): Times {
  const micros = texts.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < 2; round += 1) {
    for (const [at, text] of texts.entries()) {
      const before = performance.now();
      score(text);
      micros[at] = Math.min(micros[at] ?? 0, (performance.now() - before) * 1000);
    }
  }
  const sorted = micros.toSorted((one, other) => one - other);
  const of = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return { p50: of(0.5), p99: of(0.99) };
}
