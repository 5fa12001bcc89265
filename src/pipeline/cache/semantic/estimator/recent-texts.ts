const MOST_TEXTS = 4000;
const FIRST_SEED = 0xdeadbeef;
const SECOND_SEED = 0x41c6ce57;
const HIGH_BITS = 2 ** 21;

/** Which texts were seen lately, as hashes: a text may be long, and where two fall together one is asked about once more. */
export class RecentTexts {
  readonly #hashes = new Set<number>();

  note(text: string): void {
    const hash = hashOf(text);
    this.#hashes.delete(hash);
    this.#hashes.add(hash);
    if (this.#hashes.size <= MOST_TEXTS) return;
    const [oldest] = this.#hashes;
    if (oldest !== undefined) this.#hashes.delete(oldest);
  }

  get size(): number {
    return this.#hashes.size;
  }

  /** @returns whether it was among them; it is no more */
  take(text: string): boolean {
    return this.#hashes.delete(hashOf(text));
  }
}

/** 53 bits (cyrb53). */
function hashOf(text: string): number {
  let [one, other] = [FIRST_SEED, SECOND_SEED];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    one = Math.imul(one ^ code, 2_654_435_761);
    other = Math.imul(other ^ code, 1_597_334_677);
  }
  one = Math.imul(one ^ (one >>> 16), 2_246_822_507) ^ Math.imul(other ^ (other >>> 13), 3_266_489_909);
  other = Math.imul(other ^ (other >>> 16), 2_246_822_507) ^ Math.imul(one ^ (one >>> 13), 3_266_489_909);
  return (other & (HIGH_BITS - 1)) * 2 ** 32 + (one >>> 0);
}
