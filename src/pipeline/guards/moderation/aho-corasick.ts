/**
 * Finds all of many words at once: the automaton of Aho and Corasick (1975,
 * https://doi.org/10.1145/360825.360855), over UTF-16 units. Its time is linear in the length of the text plus what is
 * found, whatever the words are. A text's sign that no word has leads to the root without a look-up.
 */
export class AhoCorasick {
  /** By unit: its number among those that words have, from 1; 0 where none has it. */
  readonly #symbols = new Uint16Array(0x10000);
  readonly #root: Int32Array;
  readonly #edges: Edges;
  readonly #fail: Int32Array;
  readonly #depth: Uint16Array;
  /** The word that ends in a state, from 1; 0 for none. */
  readonly #word: Int32Array;
  /** The longest state that is an end of this one, and the end of a word; 0 for none. */
  readonly #shorter: Int32Array;

  /** @param words no two the same, and none empty */
  constructor(words: readonly Uint16Array[]) {
    const most = words.reduce((sum, word) => sum + word.length, 1);
    this.#fail = new Int32Array(most);
    this.#depth = new Uint16Array(most);
    this.#word = new Int32Array(most);
    this.#shorter = new Int32Array(most);
    this.#edges = new Edges(most);
    const { parents, symbols, count, known } = this.#grow(words);
    const root = new Int32Array(known + 1);
    for (let state = 1; state < count; state += 1) if (parents[state] === 0) root[symbols[state] ?? 0] = state;
    this.#root = root;
    this.#link(parents, symbols, count);
  }

  /** Tells of each word where it ends. */
  scan(units: Uint16Array, length: number, found: (word: number, end: number) => void): void {
    let state = 0;
    for (let at = 0; at < length; at += 1) {
      const symbol = this.#symbols[units[at] ?? 0] ?? 0;
      state = symbol === 0 ? 0 : this.#next(state, symbol);
      if (state === 0) continue;
      let ending = this.#word[state] === 0 ? (this.#shorter[state] ?? 0) : state;
      while (ending !== 0) {
        found((this.#word[ending] ?? 1) - 1, at + 1);
        ending = this.#shorter[ending] ?? 0;
      }
    }
  }

  /** How many of the last units may be the beginning of a word, or are one. */
  depthAt(units: Uint16Array, length: number): number {
    let state = 0;
    for (let at = 0; at < length; at += 1) {
      const symbol = this.#symbols[units[at] ?? 0] ?? 0;
      state = symbol === 0 ? 0 : this.#next(state, symbol);
    }
    return this.#depth[state] ?? 0;
  }

  #next(from: number, symbol: number): number {
    for (let state = from; state !== 0; state = this.#fail[state] ?? 0) {
      const next = this.#edges.get(state, symbol);
      if (next !== 0) return next;
    }
    return this.#root[symbol] ?? 0;
  }

  /** Makes the states. @returns whose child each is, by which symbol, and how many symbols there are */
  #grow(words: readonly Uint16Array[]) {
    const most = this.#fail.length;
    const parents = new Int32Array(most);
    const symbols = new Uint16Array(most);
    let count = 1;
    let known = 0;
    for (const [place, word] of words.entries()) {
      let state = 0;
      for (const unit of word) {
        const symbol = (this.#symbols[unit] ||= known += 1);
        let next = this.#edges.get(state, symbol);
        if (next === 0) {
          next = count;
          count += 1;
          parents[next] = state;
          symbols[next] = symbol;
          this.#depth[next] = (this.#depth[state] ?? 0) + 1;
          this.#edges.set(state, symbol, next);
        }
        state = next;
      }
      this.#word[state] = place + 1;
    }
    return { parents, symbols, count, known };
  }

  /** Shallow states first, since each is linked through shallower ones. */
  #link(parents: Int32Array, symbols: Uint16Array, count: number): void {
    const order = Int32Array.from({ length: count - 1 }, (_, at) => at + 1);
    order.sort((one, other) => (this.#depth[one] ?? 0) - (this.#depth[other] ?? 0));
    for (const state of order) {
      const parent = parents[state] ?? 0;
      const fail = parent === 0 ? 0 : this.#next(this.#fail[parent] ?? 0, symbols[state] ?? 0);
      this.#fail[state] = fail;
      this.#shorter[state] = this.#word[fail] === 0 ? (this.#shorter[fail] ?? 0) : fail;
    }
  }
}

/** From a state by a symbol to the next one: a table with open addresses, half of it empty. */
class Edges {
  readonly #states: Int32Array;
  readonly #symbols: Uint16Array;
  readonly #targets: Int32Array;
  readonly #mask: number;

  constructor(most: number) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(16, most * 2)));
    this.#states = new Int32Array(size);
    this.#symbols = new Uint16Array(size);
    this.#targets = new Int32Array(size);
    this.#mask = size - 1;
  }

  /** 0 where there is none: nothing leads to the root. */
  get(state: number, symbol: number): number {
    for (let at = this.#placeOf(state, symbol); ; at = (at + 1) & this.#mask) {
      const target = this.#targets[at] ?? 0;
      if (target === 0 || (this.#states[at] === state && this.#symbols[at] === symbol)) return target;
    }
  }

  set(state: number, symbol: number, target: number): void {
    let at = this.#placeOf(state, symbol);
    while (this.#targets[at] !== 0) at = (at + 1) & this.#mask;
    this.#states[at] = state;
    this.#symbols[at] = symbol;
    this.#targets[at] = target;
  }

  #placeOf(state: number, symbol: number): number {
    const mixed = Math.imul(state, 0x9e3779b1) ^ Math.imul(symbol, 0x85ebca6b);
    return (mixed ^ (mixed >>> 15)) & this.#mask;
  }
}
