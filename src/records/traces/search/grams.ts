/** Wide enough that hardly two of the grams of a language are one, and narrow enough to cost the index little. */
const BITS = 22;
const MASK = 2 ** BITS - 1;

/**
 * The pieces of a text by which the database finds it: each two Chinese, Japanese or Korean characters that follow each
 * other, and each three of all other letters and digits, as numbers, ascending, each once. A text that contains another
 * has all its grams; what only has its grams is told by reading it.
 */
export function gramsOf(text: string): Int32Array {
  const grams = new Grams(text.length);
  // What came right before: one close character, or up to two others.
  let close = 0;
  let first = 0;
  let second = 0;
  for (let at = 0; at < text.length; at += 1) {
    let character = text.charCodeAt(at);
    if (character >= 0xd800 && character < 0xdc00) {
      character = text.codePointAt(at) ?? 0;
      if (character > 0xffff) at += 1;
    }
    if (isClose(character)) {
      if (close !== 0) grams.add(numberOf(0, close, character));
      close = character;
      first = 0;
      second = 0;
    } else if (isLetter(character)) {
      if (first !== 0) grams.add(numberOf(first, second, character));
      first = second;
      second = character;
      close = 0;
    } else {
      close = 0;
      first = 0;
      second = 0;
    }
  }
  return grams.ascending();
}

/** Of texts of the usual length; a `Set` for each text costs some times as much. */
const USUAL = 4096;
const usualSlots = new Int32Array(2 * USUAL);
const usualFound = new Int32Array(USUAL);
const MOST_ROUNDS = 2 ** (31 - BITS) - 1;
let round = 0;

/** Numbers, each once. Of several of these only the one that was made last may be used. */
class Grams {
  readonly #slots: Int32Array;
  readonly #found: Int32Array;
  readonly #lastSlot: number;
  /** Stands above the number in each slot; what is less is free, or of an earlier text. */
  readonly #round: number;
  #count = 0;

  constructor(most: number) {
    const size = 2 ** Math.ceil(Math.log2(2 * Math.max(most, 1)));
    this.#slots = most <= USUAL ? usualSlots : new Int32Array(size);
    this.#found = most <= USUAL ? usualFound : new Int32Array(most);
    this.#lastSlot = size - 1;
    if (round === MOST_ROUNDS) usualSlots.fill(0);
    round = (round % MOST_ROUNDS) + 1;
    this.#round = round << BITS;
  }

  add(gram: number): void {
    const wanted = this.#round | gram;
    for (let at = gram & this.#lastSlot; ; at = (at + 1) & this.#lastSlot) {
      const there = this.#slots[at] ?? 0;
      if (there === wanted) return;
      if (there >= this.#round) continue;
      this.#slots[at] = wanted;
      this.#found[this.#count] = gram;
      this.#count += 1;
      return;
    }
  }

  /** The database sorts what it puts into the index; what is in order costs it one look. */
  ascending(): Int32Array {
    return this.#found.subarray(0, this.#count).toSorted();
  }
}

/** Of the scripts in which two characters are a word: kana, ideographs, syllables of Korean. */
function isClose(character: number): boolean {
  if (character < 0x3040) return false;
  return (
    character <= 0x30ff ||
    (character >= 0x3400 && character <= 0x9fff) ||
    (character >= 0xac00 && character <= 0xd7af) ||
    (character >= 0xf900 && character <= 0xfaff) ||
    (character >= 0x20000 && character <= 0x3ffff)
  );
}

/** Everything beyond ASCII counts as one, signs too: what matters is that it is the same in text and question. */
function isLetter(character: number): boolean {
  return character >= 0x80 || (character >= 0x61 && character <= 0x7a) || (character >= 0x30 && character <= 0x39);
}

/** Never changes: numbers that were stored are compared with it. */
function numberOf(first: number, second: number, third: number): number {
  const mixed = Math.imul(Math.imul(Math.imul(first, 0x9e3779b1) ^ second, 0x85ebca6b) ^ third, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 15)) & MASK;
}
