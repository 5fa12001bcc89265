/** Each bucket ends 20 % above the one before; the first ends at a tenth of a millisecond, the last at about an hour. */
const GROWTH = Math.log(1.2);
const FIRST_MS = 0.1;
const BUCKETS = 96;

/** The times between the pieces of a streamed answer, in bounded memory; a percentile is true to 10 %. */
export class TokenGaps {
  #counts: Uint32Array | undefined;
  #total = 0;
  #last: number | undefined;

  /** A piece of content came. @param now monotonic milliseconds */
  note(now: number): void {
    if (this.#last !== undefined) {
      this.#counts ??= new Uint32Array(BUCKETS);
      const at = Math.ceil(Math.log(Math.max(now - this.#last, FIRST_MS) / FIRST_MS) / GROWTH);
      const bucket = Math.min(at, BUCKETS - 1);
      this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
      this.#total += 1;
    }
    this.#last = now;
  }

  /** Milliseconds; undefined where there were fewer than two pieces. */
  get p95(): number | undefined {
    if (!this.#counts) return undefined;
    const rank = Math.ceil(this.#total * 0.95);
    let seen = 0;
    for (const [at, count] of this.#counts.entries()) {
      seen += count;
      if (seen >= rank) return FIRST_MS * Math.exp(GROWTH * (at - 0.5));
    }
    return undefined;
  }
}
