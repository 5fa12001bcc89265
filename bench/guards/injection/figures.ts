import { averagePrecision } from '../average-precision.ts';

export interface Figures {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly auprc: number;
}

/** Of scores from 0 to 1, flagged from the threshold on. */
export function figuresOf(attacks: readonly number[], benign: readonly number[], threshold: number): Figures {
  const right = shareFlagged(attacks, threshold) * attacks.length;
  const wrong = shareFlagged(benign, threshold) * benign.length;
  const precision = right + wrong === 0 ? 0 : right / (right + wrong);
  const recall = attacks.length === 0 ? 0 : right / attacks.length;
  const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  const ranked = [
    ...attacks.map((score) => ({ score, isRight: true })),
    ...benign.map((score) => ({ score, isRight: false })),
  ];
  return { precision, recall, f1, auprc: averagePrecision(ranked, attacks.length) };
}

export function shareFlagged(scores: readonly number[], threshold: number): number {
  return scores.length === 0 ? 0 : scores.filter((score) => score >= threshold).length / scores.length;
}
