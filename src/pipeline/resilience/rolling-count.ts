/**
 * How much was counted lately: a ring of time buckets, so that neither time nor memory grows with the calls.
 *
 * The sum is of the bucket that has begun and of the `buckets - 1` before it: of between `(buckets - 1) * width` and
 * `buckets * width` milliseconds.
 */
export class RollingCount {
  readonly #width: number;
  readonly #counts: Float64Array;
  #tick = 0;
  #sum = 0;

  /** @param width of a bucket, in milliseconds */
  constructor(width: number, buckets: number) {
    this.#width = Math.max(1, width);
    this.#counts = new Float64Array(buckets);
  }

  /** @param now monotonic milliseconds */
  add(now: number): void {
    this.#forget(now);
    const at = this.#tick % this.#counts.length;
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#sum += 1;
  }

  sum(now: number): number {
    this.#forget(now);
    return this.#sum;
  }

  clear(): void {
    this.#counts.fill(0);
    this.#sum = 0;
  }

  /** Empties the buckets that the time has gone over; at most all of them, however long nobody asked. */
  #forget(now: number): void {
    const tick = Math.floor(now / this.#width);
    const { length } = this.#counts;
    for (let next = Math.max(this.#tick + 1, tick - length + 1); next <= tick; next += 1) {
      this.#sum -= this.#counts[next % length] ?? 0;
      this.#counts[next % length] = 0;
    }
    this.#tick = Math.max(this.#tick, tick);
  }
}
