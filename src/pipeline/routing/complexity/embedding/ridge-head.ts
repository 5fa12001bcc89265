const MOST_STEPS = 200;
const EXACT_ENOUGH = 1e-6;

/**
 * A linear guess, by least squares with held-down weights. What was learned is kept as sums, so that examples come and
 * go one at a time, in any order.
 */
export class RidgeHead {
  readonly inputs: number;
  readonly #heldDown: Float64Array;
  readonly #squares: Float64Array;
  readonly #sums: Float64Array;
  readonly #weights: Float64Array;

  /** @param heldDown how much the weight of each input is */
  constructor(heldDown: Float64Array) {
    const inputs = heldDown.length;
    this.inputs = inputs;
    this.#heldDown = heldDown;
    this.#squares = new Float64Array(inputs * inputs);
    this.#sums = new Float64Array(inputs);
    this.#weights = new Float64Array(inputs);
  }

  /** In force after the next `settle`. @param times 1, or −1 to take it back */
  learn(input: Float64Array, wanted: number, times: 1 | -1): void {
    for (let row = 0; row < this.inputs; row += 1) {
      const value = (input[row] ?? 0) * times;
      if (value === 0) continue;
      this.#sums[row] = (this.#sums[row] ?? 0) + value * wanted;
      const start = row * this.inputs;
      for (let column = 0; column < this.inputs; column += 1) {
        this.#squares[start + column] = (this.#squares[start + column] ?? 0) + value * (input[column] ?? 0);
      }
    }
  }

  guess(input: Float64Array): number {
    return dot(this.#weights, input);
  }

  /** Works the weights out by conjugate gradients, from those that it had; each step takes a fraction of a millisecond. */
  *settle(): Generator<void> {
    const rest = this.#rest();
    const direction = Float64Array.from(rest);
    let size = dot(rest, rest);
    const enough = EXACT_ENOUGH ** 2 * Math.max(dot(this.#sums, this.#sums), Number.MIN_VALUE);
    for (let step = 0; step < MOST_STEPS && size > enough; step += 1) {
      const moved = this.#times(direction);
      const far = size / dot(direction, moved);
      addTimes(this.#weights, direction, far);
      addTimes(rest, moved, -far);
      const next = dot(rest, rest);
      for (let at = 0; at < this.inputs; at += 1)
        direction[at] = (rest[at] ?? 0) + (next / size) * (direction[at] ?? 0);
      size = next;
      yield;
    }
  }

  #rest(): Float64Array {
    const product = this.#times(this.#weights);
    return Float64Array.from(this.#sums, (sum, at) => sum - (product[at] ?? 0));
  }

  #times(vector: Float64Array): Float64Array {
    const product = new Float64Array(this.inputs);
    for (let row = 0; row < this.inputs; row += 1) {
      let sum = (this.#heldDown[row] ?? 0) * (vector[row] ?? 0);
      const start = row * this.inputs;
      for (let column = 0; column < this.inputs; column += 1) {
        sum += (this.#squares[start + column] ?? 0) * (vector[column] ?? 0);
      }
      product[row] = sum;
    }
    return product;
  }
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) sum += (one[at] ?? 0) * (other[at] ?? 0);
  return sum;
}

function addTimes(to: Float64Array, what: Float64Array, times: number): void {
  for (let at = 0; at < to.length; at += 1) to[at] = (to[at] ?? 0) + times * (what[at] ?? 0);
}
