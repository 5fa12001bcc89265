const SPREAD = 0x9e3779b1;

/** Values by keys of words, which are all above 0 and known at once: it is asked about each word of each text. */
export class KeyTable<Value> {
  readonly #keys: Int32Array;
  readonly #values: Value[] = [];
  readonly #shift: number;

  constructor(entries: readonly (readonly [key: number, value: Value])[]) {
    const bits = Math.max(3, Math.ceil(Math.log2(entries.length + 1)) + 2);
    this.#shift = 32 - bits;
    this.#keys = new Int32Array(2 ** bits);
    for (const [key, value] of entries) {
      const at = this.#placeOf(key);
      this.#keys[at] = key;
      this.#values[at] = value;
    }
  }

  get(key: number): Value | undefined {
    const keys = this.#keys;
    const last = keys.length - 1;
    for (let at = Math.imul(key, SPREAD) >>> this.#shift; ; at = (at + 1) & last) {
      const found = keys[at];
      if (found === key) return this.#values[at];
      if (found === 0) return undefined;
    }
  }

  /** Of a key that is there. */
  set(key: number, value: Value): void {
    this.#values[this.#placeOf(key)] = value;
  }

  /** Where it is, or would be. */
  #placeOf(key: number): number {
    const keys = this.#keys;
    let at = Math.imul(key, SPREAD) >>> this.#shift;
    while (keys[at] !== 0 && keys[at] !== key) at = (at + 1) & (keys.length - 1);
    return at;
  }
}
