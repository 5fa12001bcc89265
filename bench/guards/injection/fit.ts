/** Logistic regression that is held near given weights. */
export interface Example {
  /** By sign, as the scanner counts it. */
  readonly amounts: ReadonlyMap<number, number>;
  readonly isAttack: boolean;
  readonly weight: number;
}

export interface Model {
  bias: number;
  readonly weights: number[];
}

/** How far a weight may go from its prior without much in the data that says so. */
const SPREAD = 0.8;
/** No sign speaks for a text, and a few harmless ones do not undo it. */
const least = (prior: number): number => prior * 0.4;
/**
 * A weight grows at most to this: in the data nobody who is harmless gives roles or speaks of models, so that they would
 * make weak signs far too strong.
 */
const most = (prior: number): number => prior * 1.3 + 0.3;
const [STEPS, RATE] = [3000, 0.2];

/** By gradient descent on the whole of the examples; the same examples give the same weights. */
export function fit(examples: readonly Example[], prior: Readonly<Model>): Model {
  const model: Model = { bias: prior.bias, weights: [...prior.weights] };
  const total = examples.reduce((sum, { weight }) => sum + weight, 0);
  for (let step = 0; step < STEPS; step++) {
    const slopes = model.weights.map((weight, sign) => (weight - (prior.weights[sign] ?? 0)) / (SPREAD * SPREAD));
    let biasSlope = 0;
    for (const example of examples) {
      const error = (probability(model, example) - Number(example.isAttack)) * example.weight;
      biasSlope += error;
      for (const [sign, amount] of example.amounts) slopes[sign] = (slopes[sign] ?? 0) + error * amount;
    }
    model.bias -= (RATE * biasSlope * 10) / total;
    for (const [sign, slope] of slopes.entries()) {
      const moved = (model.weights[sign] ?? 0) - (RATE * slope * 10) / total;
      const held = prior.weights[sign] ?? 0;
      model.weights[sign] = Math.min(most(held), Math.max(least(held), moved));
    }
  }
  return model;
}

export function probability(model: Readonly<Model>, { amounts }: Example): number {
  let sum = model.bias;
  for (const [sign, amount] of amounts) sum += (model.weights[sign] ?? 0) * amount;
  return 1 / (1 + Math.exp(-sum));
}
