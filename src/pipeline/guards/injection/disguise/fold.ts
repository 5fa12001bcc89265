import { isWordCode } from '../signs/rule.ts';

/** A text as rules read it: small letters, without accents, disguises undone. */
export interface Folded {
  readonly text: string;
  /** Where each unit stood in the text that was folded, and its length at the end; where absent, at the same place. */
  readonly places?: Uint32Array | undefined;
  /** Invisible characters between two letters. */
  readonly hiddenLetters: number;
  /** Words in which letters of another script stand for Latin ones. */
  readonly lookalikes: number;
  /** What stood there in invisible tag characters. */
  readonly smuggled: string;
  /** Where that begins in the text that was folded. */
  readonly smuggledAt: number;
}

const NOT_ASCII = /[^\0-\x7f]/;
/** Of a unit: what it is folded to, or {@link DROPPED}, or {@link LOOKALIKE} and the Latin letter. */
const FOLDS = new Uint16Array(65_536);
const DROPPED = 0xffff;
/** Marks a letter of another script that looks like a Latin one; it is folded only in a word that is meant to be Latin. */
const LOOKALIKE = 0x8000;

const LOOKALIKES: Readonly<Record<string, string>> = {
  а: 'a', в: 'b', с: 'c', ԁ: 'd', е: 'e', һ: 'h', і: 'i', ј: 'j', к: 'k', ӏ: 'l', м: 'm', о: 'o', р: 'p', ԛ: 'q', г: 'r', ѕ: 's', т: 't',
  ѵ: 'v', ԝ: 'w', х: 'x', у: 'y', α: 'a', β: 'b', ε: 'e', η: 'n', ι: 'i', κ: 'k', ν: 'v', ο: 'o', ρ: 'p', τ: 't', υ: 'u', χ: 'x', γ: 'y',
  ѡ: 'w', ո: 'n', ս: 'u', օ: 'o', հ: 'h', ց: 'g', զ: 'q',
}; // prettier-ignore

fillFolds();

function fillFolds(): void {
  for (let code = 0; code < FOLDS.length; code++) FOLDS[code] = code;
  for (let code = 65; code <= 90; code++) FOLDS[code] = code + 32;
  // Letters with accents, small capitals, circled and full-width letters: what compatibility forms call the same.
  for (const [first, last] of [
    [0xa0, 0x24f],
    [0x1d00, 0x1eff],
    [0x2070, 0x209f],
    [0x2100, 0x218f],
    [0x2460, 0x24ff],
    [0xff01, 0xff5e],
  ] as const) {
    for (let code = first; code <= last; code++) FOLDS[code] = plainOf(String.fromCharCode(code)) ?? code;
  }
  // Greek and Cyrillic have capitals.
  for (let code = 0x370; code <= 0x58f; code++) FOLDS[code] = String.fromCharCode(code).toLowerCase().charCodeAt(0);
  for (const [from, to] of Object.entries({
    ı: 'i',
    ø: 'o',
    ł: 'l',
    đ: 'd',
    ħ: 'h',
    ŧ: 't',
    Ø: 'o',
    Ł: 'l',
    Đ: 'd',
    '’': "'",
    '‘': "'",
    '\u3000': ' ',
    '\u00a0': ' ',
  })) {
    FOLDS[from.charCodeAt(0)] = to.charCodeAt(0);
  }
  for (const [from, to] of Object.entries(LOOKALIKES)) {
    for (const char of [from, from.toUpperCase()]) FOLDS[char.charCodeAt(0)] = LOOKALIKE | to.charCodeAt(0);
  }
  for (const [first, last] of [
    [0xad, 0xad],
    [0x300, 0x36f],
    [0x34f, 0x34f],
    [0x61c, 0x61c],
    [0x180b, 0x180e],
    [0x200b, 0x200f],
    [0x202a, 0x202e],
    [0x2060, 0x2064],
    [0x2066, 0x206f],
    [0xfe00, 0xfe0f],
    [0xfeff, 0xfeff],
  ] as const) {
    FOLDS.fill(DROPPED, first, last + 1);
  }
}

/** The unit of small ASCII that a character is a form of. */
function plainOf(char: string): number | undefined {
  const plain = char
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toLowerCase();
  return plain.length === 1 && plain.charCodeAt(0) < 128 ? plain.charCodeAt(0) : undefined;
}

/** In time linear in the length of the text. */
export function fold(text: string): Folded {
  if (!NOT_ASCII.test(text))
    return { text: text.toLowerCase(), hiddenLetters: 0, lookalikes: 0, smuggled: '', smuggledAt: 0 };
  return new Folding(text).folded();
}

class Folding {
  readonly #text: string;
  readonly #out: Uint16Array;
  readonly #places: Uint32Array;
  #length = 0;
  #wordAt = 0;
  #latin = 0;
  #alike = 0;
  #other = 0;
  #hiddenLetters = 0;
  #lookalikes = 0;
  readonly #smuggled: number[] = [];
  #smuggledAt = 0;

  constructor(text: string) {
    this.#text = text;
    this.#out = new Uint16Array(text.length);
    this.#places = new Uint32Array(text.length + 1);
  }

  folded(): Folded {
    const text = this.#text;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code >= 0xd800 && code < 0xdc00) at += this.#pair(code, at);
      else this.#put(FOLDS[code] ?? code, at);
    }
    this.#endWord();
    this.#places[this.#length] = text.length;
    const units = this.#out.subarray(0, this.#length);
    return {
      text: Buffer.from(units.buffer, 0, units.byteLength).toString('utf16le'),
      places: this.#places,
      hiddenLetters: this.#hiddenLetters,
      lookalikes: this.#lookalikes,
      smuggled: String.fromCharCode(...this.#smuggled.slice(0, MOST_SMUGGLED)),
      smuggledAt: this.#smuggledAt,
    };
  }

  /** A character of two units. Returns how many units beyond the first it took. */
  #pair(high: number, at: number): 0 | 1 {
    const low = at + 1 < this.#text.length ? this.#text.charCodeAt(at + 1) : 0;
    if (low < 0xdc00 || low > 0xdfff) {
      this.#put(high, at);
      return 0;
    }
    const point = (high - 0xd800) * 0x400 + (low - 0xdc00) + 0x10000;
    if (point >= 0xe0020 && point <= 0xe007e) {
      if (this.#smuggled.length === 0) this.#smuggledAt = at;
      if (this.#smuggled.length < MOST_SMUGGLED) this.#smuggled.push(point - 0xe0000);
      return 1;
    }
    const plain = isStyledLetter(point) ? plainOf(String.fromCodePoint(point)) : undefined;
    if (plain !== undefined) this.#put(plain, at);
    else {
      this.#put(high, at);
      this.#put(low, at + 1);
    }
    return 1;
  }

  #put(folded: number, at: number): void {
    if (folded === DROPPED) {
      const isInWord = this.#length > this.#wordAt && at + 1 < this.#text.length;
      if (
        isInWord &&
        this.#text.charCodeAt(at) >= 0xad &&
        isWordCode(FOLDS[this.#text.charCodeAt(at + 1)] ?? 0) &&
        !isAccent(this.#text.charCodeAt(at))
      )
        this.#hiddenLetters++;
      return;
    }
    this.#places[this.#length] = at;
    this.#out[this.#length] = folded;
    this.#length++;
    if (isWordCode(folded)) this.#latin++;
    else if (isAlike(folded, this.#text.charCodeAt(at))) this.#alike++;
    else if (folded >= 0x370 && folded <= 0x58f) this.#other++;
    else this.#endWord();
  }

  /** Letters that look Latin are Latin in a word that has Latin letters, or nothing but such letters. */
  #endWord(): void {
    if (this.#alike > 0) {
      const isMeantLatin = this.#other === 0 && (this.#latin > 0 || this.#alike > 2);
      if (isMeantLatin) this.#lookalikes++;
      for (let at = this.#wordAt; at < this.#length; at++) {
        const folded = this.#out[at] ?? 0;
        const given = this.#text.charCodeAt(this.#places[at] ?? 0);
        if (isAlike(folded, given))
          this.#out[at] = isMeantLatin ? folded & 0x7f : String.fromCharCode(given).toLowerCase().charCodeAt(0);
      }
    }
    this.#wordAt = this.#length;
    this.#latin = 0;
    this.#alike = 0;
    this.#other = 0;
  }
}

/** Longer messages in tag characters are read up to here. */
const MOST_SMUGGLED = 4096;

function isAlike(folded: number, given: number): boolean {
  return given >= 0x370 && given <= 0x58f && folded >= LOOKALIKE && folded < LOOKALIKE + 128;
}

function isAccent(code: number): boolean {
  return code >= 0x300 && code <= 0x36f;
}

/** Mathematical alphabets, and letters in circles and squares. */
function isStyledLetter(point: number): boolean {
  return (point >= 0x1d400 && point <= 0x1d7ff) || (point >= 0x1f110 && point <= 0x1f189);
}
