import { isWordCode } from '../signs/rule.ts';
import { DROPPED, FOLDS, LOOKALIKE, MARKS, foldAstral } from './fold-table.ts';

/** A text as rules read it: small letters, without accents, disguises undone, runs of signs shortened. */
export interface Folded {
  readonly text: string;
  /** Where each unit stood in the text that was folded, and its length at the end; where absent, at the same place. */
  readonly places?: Uint32Array | undefined;
  /** Invisible characters between two letters. */
  readonly hiddenLetters: number;
  /** Words in which letters of another script stand for Latin ones. */
  readonly lookalikes: number;
  /** What stood there in invisible tag characters and variation selectors. */
  readonly smuggled: string;
  /** Where that begins in the text that was folded. */
  readonly smuggledAt: number;
}

const NOT_ASCII = /[^\0-\x7f]/;
/** Two of white space, three of another sign, more signs than {@link MOST_SIGNS}. */
const RUN = /\s\s|([^\sa-z0-9])\1\1|[^a-z0-9]{9}/i;
/** So many signs between two words are kept: the first and the last ones. */
const MOST_SIGNS = 8;
const [LINE_BREAK, SPACE] = [10, 32];

/** In time linear in the length of the text. */
export function fold(text: string): Folded {
  if (!NOT_ASCII.test(text) && !RUN.test(text))
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
  #signs = 0;
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
      smuggled: Buffer.from(this.#smuggled).toString('utf8'),
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
    if (point >= 0xe0020 && point <= 0xe007e) this.#smuggle(point - 0xe0000, at);
    else if (point >= 0xe0100 && point <= 0xe01ef) this.#smuggle(point - 0xe0100 + SELECTORS, at);
    const folded = foldAstral(point);
    if (folded === undefined) {
      this.#put(high, at);
      this.#put(low, at + 1);
    } else if (folded === DROPPED) this.#drop(at, 2);
    else this.#put(folded, at);
    return 1;
  }

  /** A byte of a text that nobody sees. Those of one text all have the same form. */
  #smuggle(byte: number, at: number): void {
    // What chooses a form of a sign, as texts with Chinese characters have it, is no letter of a message.
    if (byte < SPACE && byte !== LINE_BREAK) return;
    if (this.#smuggled.length === 0) this.#smuggledAt = at;
    if (this.#smuggled.length < MOST_SMUGGLED) this.#smuggled.push(byte);
  }

  #drop(at: number, units: number): void {
    const next = FOLDS[this.#text.charCodeAt(at + units)] ?? 0;
    const isInWord = this.#length > this.#wordAt && isWordCode(next);
    if (isInWord && MARKS[this.#text.charCodeAt(at)] !== 1) this.#hiddenLetters++;
  }

  #put(folded: number, at: number): void {
    if (folded === DROPPED || (folded > 0x2ff && this.#isMark(at))) {
      this.#drop(at, 1);
      return;
    }
    if (isSign(folded)) {
      if (!this.#takesSign(folded)) return;
    } else this.#signs = 0;
    this.#places[this.#length] = at;
    this.#out[this.#length] = folded;
    this.#length++;
    if (isWordCode(folded)) this.#latin++;
    else if (isAlike(folded, this.#text.charCodeAt(at))) this.#alike++;
    else if (folded >= 0x370 && folded <= 0x58f) this.#other++;
    else this.#endWord();
  }

  /** A mark of another script over a Latin letter. */
  #isMark(at: number): boolean {
    return MARKS[this.#text.charCodeAt(at)] === 1 && this.#length > this.#wordAt && this.#other === 0;
  }

  /** Whether it is kept: white space is one sign, of others two in a row are, and of a long row its ends. */
  #takesSign(sign: number): boolean {
    const last = this.#signs > 0 ? this.#out[this.#length - 1] : 0;
    if (sign === SPACE || sign === LINE_BREAK) {
      if (last === SPACE || last === LINE_BREAK) {
        if (sign === LINE_BREAK) this.#out[this.#length - 1] = LINE_BREAK;
        return false;
      }
    } else if (this.#signs > 1 && sign === last && sign === this.#out[this.#length - 2]) return false;
    if (this.#signs < MOST_SIGNS) this.#signs++;
    else {
      const second = this.#length - MOST_SIGNS + 1;
      this.#out.copyWithin(second, second + 1, this.#length);
      this.#places.copyWithin(second, second + 1, this.#length);
      this.#length--;
    }
    return true;
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

/** Longer messages in invisible characters are read up to here. */
const MOST_SMUGGLED = 4096;
/** Of the variation selectors that are one unit. */
const SELECTORS = 16;

function isAlike(folded: number, given: number): boolean {
  return given >= 0x370 && given <= 0x58f && folded >= LOOKALIKE && folded < LOOKALIKE + 128;
}

/** What stands between words, as far as people put rows of it there. */
function isSign(code: number): boolean {
  if (code < 128) return !isWordCode(code);
  return (code >= 0xa1 && code <= 0xbf) || (code >= 0x2010 && code <= 0x2bff) || (code >= 0x3001 && code <= 0x303f);
}
