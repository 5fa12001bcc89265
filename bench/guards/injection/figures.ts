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
  return { precision, recall, f1, auprc: averagePrecision(attacks, benign) };
}

export function shareFlagged(scores: readonly number[], threshold: number): number {
  return scores.length === 0 ? 0 : scores.filter((score) => score >= threshold).length / scores.length;
}

/** The area under precision by recall, as average precision; texts with the same score are taken together. */
function averagePrecision(attacks: readonly number[], benign: readonly number[]): number {
  const thresholds = [...new Set([...attacks, ...benign])].toSorted((one, other) => other - one);
  let [area, recallBefore] = [0, 0];
  for (const threshold of thresholds) {
    const right = attacks.filter((score) => score >= threshold).length;
    const wrong = benign.filter((score) => score >= threshold).length;
    const recall = right / attacks.length;
    area += (recall - recallBefore) * (right / (right + wrong));
    recallBefore = recall;
  }
  return area;
}

/** The value below which this share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
