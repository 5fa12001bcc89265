import { unitsOf } from '../../../../core/texts/units.ts';
import type { Suspicions } from '../disguise/decode.ts';
import { FOLDS, MARKS } from '../disguise/fold-table.ts';
import { RULE_INDEX } from '../signs/all.ts';
import { type CompiledRule, isWordCode, symbolKey } from '../signs/rule.ts';
import { HAS_RULES, FLAGS, IS_REVERSED, IS_ROT13, headOf, rulesOfHead, stateOfHead } from './heads.ts';
import { isSpace } from './pattern.ts';
import { type Followers, followersOf, mayMatch } from './word-walk.ts';

/** Rules that may match at a place. */
export interface Chance {
  readonly at: number;
  readonly rules: readonly CompiledRule[];
}

const ASCII = 128;
const [LINE_BREAK, RETURN, SPACE, QUOTE, DASH] = [10, 13, 32, 39, 45];
/** What signs begin with that stand for others: `%`, `&`, `\\`. */
const ESCAPES: ReadonlySet<number> = new Set([0x25, 0x26, 0x5c]);
/** Units that rules begin with and that are not in Latin words. */
const SYMBOLS = new Uint8Array(65_536);
for (const key of RULE_INDEX.keys()) if (key < 0) SYMBOLS[-key] = 1;

/**
 * What a unit is: a small letter or a digit, as such; or a sign. {@link FOLDED} is added where it is a form of that one.
 */
const [SIGN, SPECIAL, UNCLEAR, LEAST_LETTER, FOLDED] = [0, 1, 2, 48, 128];
/** In texts as they are given, and in folded ones. */
const GIVEN_KINDS = new Uint8Array(65_536);
const FOLDED_KINDS = new Uint8Array(65_536);
for (let code = 0; code < GIVEN_KINDS.length; code += 1) {
  GIVEN_KINDS[code] = givenKind(code);
  FOLDED_KINDS[code] = SYMBOLS[code] === 1 ? SPECIAL : isWordCode(code) ? code : SIGN;
}

/** {@link UNCLEAR} where only folding says what it is. */
function givenKind(code: number): number {
  const folded = FOLDS[code] ?? 0;
  if (code < ASCII) {
    if (isWordCode(folded)) return folded;
    return SYMBOLS[code] === 1 || code === RETURN || ESCAPES.has(code) ? SPECIAL : SIGN;
  }
  if (folded < ASCII) {
    if (isWordCode(folded)) return FOLDED | folded;
    return folded === SPACE || folded === QUOTE ? FOLDED : UNCLEAR;
  }
  const isSign = (code >= 0xa1 && code <= 0xbf) || (code >= 0x2010 && code <= 0x2bff);
  return isSign && folded === code && MARKS[code] !== 1 && SYMBOLS[code] !== 1 ? FOLDED : UNCLEAR;
}

/** Longer rows of signs are shortened before rules read them. */
const MOST_SIGNS = 8;

const followers = new Map<number, Followers>();

function mayFollow(sign: number, code: number): boolean {
  let known = followers.get(sign);
  if (!known) {
    known = followersOf(RULE_INDEX.get(symbolKey(sign)) ?? [], sign);
    followers.set(sign, known);
  }
  return known.isAny || known.has(code);
}

/** Chinese characters; not of what is before the beginning or after the end. */
function isIdeograph(code: number): boolean {
  return code >= 0x4e00 && code <= 0x9fff;
}

/** Words of texts up to that length have room that is there already. */
const USUAL = 131_072;

/** The words of a text. */
class Words {
  readonly keys: Int32Array;
  /** Where they begin. */
  readonly starts: Int32Array;
  /** Which heads they are; 0 for others. */
  readonly heads: Uint16Array;

  constructor(length: number) {
    const most = (length >> 1) + 1;
    this.keys = new Int32Array(most);
    this.starts = new Int32Array(most);
    this.heads = new Uint16Array(most);
  }
}

let usual: Words | undefined;

/**
 * One pass over a text, word by word: where rules may match, and how it is spelled. Nothing is tried yet.
 */
export class Survey implements Suspicions {
  /** Where rules may match, in their order. */
  readonly chances: Chance[] = [];
  /** The text as rules read it is this one in small letters. */
  isExact = true;
  /** It may say something else when it is decoded. */
  mayBeEncoded = false;
  /** Words of letters and digits. */
  leetWords = 0;
  /** Spaces between single characters of scripts that have none. */
  spacedSigns = 0;
  /** Short pieces of words before a dash. */
  brokenWords = 0;
  rot13Words = 0;
  reversedWords = 0;
  hasSpacedLetters = false;
  hasPairs = false;
  hasBinary = false;
  hasLongWords = false;
  readonly #text: string;
  readonly #isFolded: boolean;
  readonly #words: Words;
  #count = 0;
  readonly #symbols: number[] = [];
  #singles = 0;
  #pairs = 0;
  #octets = 0;

  private constructor(text: string, isFolded: boolean) {
    this.#text = text;
    this.#isFolded = isFolded;
    this.#words = text.length <= USUAL ? (usual ??= new Words(USUAL)) : new Words(text.length);
  }

  static ofFolded(folded: string): Survey {
    const survey = new Survey(folded, true);
    survey.#read();
    survey.#walk();
    return survey;
  }

  /**
   * Of a text as it was given. Undefined where it is not clear without folding it what it says; chances are those places
   * of the text where there may be one when it is folded.
   */
  static of(text: string): Survey | undefined {
    const survey = new Survey(text, false);
    if (!survey.#read()) return undefined;
    survey.#walk();
    return survey;
  }

  /** There is nothing to try and nothing to decode. */
  get isIdle(): boolean {
    return this.chances.length === 0 && this.isPlain;
  }

  get hasDigits(): boolean {
    return this.hasLongWords || this.leetWords > 1;
  }

  /** How many patterns its chances are. */
  get tries(): number {
    return this.chances.reduce((sum, { rules }) => sum + rules.length, 0);
  }

  /** It is spelled as texts are. */
  get isPlain(): boolean {
    return !(
      this.mayBeEncoded ||
      this.leetWords > 1 ||
      this.spacedSigns > 1 ||
      this.brokenWords > 2 ||
      this.rot13Words > 2 ||
      this.reversedWords > 2 ||
      this.hasSpacedLetters ||
      this.hasPairs ||
      this.hasBinary ||
      this.hasLongWords
    );
  }

  /** Returns whether it could be read to its end. */
  #read(): boolean {
    const kinds = this.#isFolded ? FOLDED_KINDS : GIVEN_KINDS;
    const units = unitsOf(this.#text);
    const { length } = this.#text;
    const { keys, starts, heads } = this.#words;
    let words = 0;
    let signs = 0;
    for (let at = 0; at < length;) {
      const first = kinds[units[at] ?? 0] ?? 0;
      if ((first & ~FOLDED) < LEAST_LETTER) {
        if (first === UNCLEAR) return false;
        if (first !== SIGN) this.#sign(first, units, at);
        signs += 1;
        if (signs > 1 && !this.#isFolded) {
          if (signs > MOST_SIGNS) return false;
          if (this.isExact && isRow(units, at, signs)) this.isExact = false;
        }
        at += 1;
        continue;
      }
      signs = 0;
      const start = at;
      let key = 0;
      let digits = 0;
      let seen = 0;
      for (; at < length; at += 1) {
        const kind = kinds[units[at] ?? 0] ?? 0;
        const letter = kind & ~FOLDED;
        if (letter < LEAST_LETTER) break;
        seen |= kind;
        if (letter < 58) digits += 1;
        if (at < start + 4) key = key * ASCII + letter;
      }
      if (seen >= FOLDED) this.isExact = false;
      keys[words] = key;
      starts[words] = start;
      const head = headOf(key);
      heads[words] = head & HAS_RULES ? head >> FLAGS : 0;
      if (head & IS_ROT13) this.rot13Words += 1;
      if (head & IS_REVERSED) this.reversedWords += 1;
      words += 1;
      this.#spelling(at - start, digits, at, units);
    }
    this.#count = words;
    if (this.#isFolded && IDEOGRAPHS_APART.test(this.#text)) this.#countApart(units);
    return true;
  }

  #spelling(length: number, digits: number, end: number, units: Uint16Array): void {
    if (length > 2) {
      this.#singles = 0;
      this.#pairs = 0;
      if (length > 15) this.hasLongWords = true;
    } else {
      this.#singles = length === 1 ? this.#singles + 1 : 0;
      if (this.#singles > 5) this.hasSpacedLetters = true;
      this.#pairs = length === 2 ? this.#pairs + 1 : 0;
      if (this.#pairs > 7) this.hasPairs = true;
      if (end + 1 < this.#text.length && units[end] === DASH && this.#isLetter(units[end + 1] ?? 0))
        this.brokenWords += 1;
    }
    if (digits === 0) this.#octets = 0;
    else {
      this.#octets = length === 8 && digits === 8 ? this.#octets + 1 : 0;
      if (this.#octets > 3) this.hasBinary = true;
      if (digits < length) this.leetWords += 1;
    }
  }

  #isLetter(code: number): boolean {
    const kind = (this.#isFolded ? FOLDED_KINDS : GIVEN_KINDS)[code] ?? 0;
    return (kind & ~FOLDED) >= LEAST_LETTER;
  }

  #countApart(units: Uint16Array): void {
    for (let at = 1; at < this.#text.length - 1; at += 1) {
      if (units[at] === SPACE && isIdeograph(units[at - 1] ?? 0) && isIdeograph(units[at + 1] ?? 0))
        this.spacedSigns += 1;
    }
  }

  /** A sign of which there is more to say. */
  #sign(kind: number, units: Uint16Array, at: number): void {
    if (kind === FOLDED) {
      this.isExact = false;
      return;
    }
    const code = units[at] ?? 0;
    if (!this.#isFolded && ESCAPES.has(code)) this.#escape(code, at);
    const sign = code === RETURN ? LINE_BREAK : code;
    if (SYMBOLS[sign] === 1 && this.#mayGoOn(sign, units, at + 1)) this.#symbols.push(at);
  }

  #escape(code: number, at: number): void {
    const next = this.#text.charCodeAt(at + 1);
    if (code === 0x5c) this.mayBeEncoded ||= next === 0x75 || next === 0x78;
    else if (code === 0x26) this.mayBeEncoded ||= next === 0x23;
    else this.mayBeEncoded ||= isHex(next) && isHex(this.#text.charCodeAt(at + 2));
  }

  #mayGoOn(sign: number, units: Uint16Array, from: number): boolean {
    const { length } = this.#text;
    let at = from;
    while (at < length && isSpace(units[at] ?? 0)) at += 1;
    if (at === length) return true;
    const next = units[at] ?? 0;
    // What is no unit of ASCII may be folded to one.
    if (next >= ASCII) return !this.#isFolded || mayFollow(sign, next);
    return mayFollow(sign, (this.#isFolded ? next : FOLDS[next]) ?? 0);
  }

  /** Follows the words from each head. */
  #walk(): void {
    const { heads, starts, keys } = this.#words;
    let symbol = 0;
    for (let at = 0; at < this.#count; at += 1) {
      const id = heads[at] ?? 0;
      if (id === 0 || !mayMatch(stateOfHead(id), keys, at, this.#count)) continue;
      const start = starts[at] ?? 0;
      for (; (this.#symbols[symbol] ?? start) < start; symbol += 1) this.#addSymbol(this.#symbols[symbol] ?? 0);
      this.chances.push({ at: start, rules: rulesOfHead(id) });
    }
    for (; symbol < this.#symbols.length; symbol += 1) this.#addSymbol(this.#symbols[symbol] ?? 0);
  }

  #addSymbol(at: number): void {
    const code = this.#text.charCodeAt(at);
    // Where it is folded it is a line's end as any other.
    const rules = RULE_INDEX.get(symbolKey(code === RETURN ? LINE_BREAK : code));
    if (rules) this.chances.push({ at, rules });
  }
}

/** Rows of signs are shortened: two of white space, three of another sign. */
function isRow(units: Uint16Array, at: number, signs: number): boolean {
  const code = units[at] ?? 0;
  const before = units[at - 1] ?? 0;
  if (isSpace(code) && isSpace(before)) return true;
  return signs > 2 && code === before && code === units[at - 2];
}

const IDEOGRAPHS_APART = /[\u4e00-\u9fff] [\u4e00-\u9fff]/;

function isHex(code: number): boolean {
  return (code >= 48 && code <= 57) || ((code | 32) >= 97 && (code | 32) <= 102);
}
