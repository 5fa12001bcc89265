import { unitsOf } from '../../../../core/texts/units.ts';
import { isDigit } from './sight.ts';

/** What a text has that something may begin with, as bits: what is found without it is found nowhere. */
export const TRAIT = {
  /** Signs that may be read as others. */
  odd: 1,
  /** At least six digits, with a little between them. */
  run: 2,
  /** Digits at the ends of lines or cells. */
  broken: 4,
  /** Letters that go over into digits. */
  code: 8,
  ipv4: 16,
  ipv6: 32,
  at: 64,
  url: 128,
  /** Something longer than words are. */
  token: 256,
  /** A value, behind what may be the name of a secret. */
  named: 512,
  han: 1024,
  /** So many digits in such runs that they take long to read. */
  manyDigits: 2048,
} as const;

const [OTHER, LETTER, DIGIT, EVENT, FOREIGN] = [0, 1, 2, 3, 4];
/** Of a unit: of a token, of what is looked at more closely, or beyond ASCII. */
const KINDS = new Uint8Array(65_536).fill(FOREIGN);
KINDS.fill(OTHER, 0, 128);
for (const sign of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_.~+/-') KINDS[sign.charCodeAt(0)] = LETTER;
for (const sign of '0123456789') KINDS[sign.charCodeAt(0)] = DIGIT;
for (const sign of ' \t:=@%') KINDS[sign.charCodeAt(0)] = EVENT;

const [TAB, LINE_FEED, RETURN, SPACE, PERCENT, DASH, POINT, SLASH, COLON, EQUALS, AT, J] = [
  9, 10, 13, 32, 0x25, 0x2d, 0x2e, 0x2f, 0x3a, 0x3d, 0x40, 0x4a,
];
/** Signs that stand between the digits of a number. */
const BETWEEN: ReadonlySet<number> = new Set(Array.from(' .()·・•_-', (sign) => sign.charCodeAt(0)));
const MOST_BETWEEN = 3;
const LEAST_RUN = 6;
const MANY = 64;
/** Shorter ones are no keys, but for tokens that have a `J` in their first part. */
const [LEAST_TOKEN, LEAST_JWT] = [15, 11];
/** How names of secrets end. */
const NAME_ENDS: ReadonlySet<number> = new Set(
  ['ey', 'en', 'et', 'rd', 'se', 'de', 'wd', 'al', 'ls'].map((end) => end.charCodeAt(0) * 128 + end.charCodeAt(1)),
);
/** What may stand between the name of a secret and its value, at most four of each. */
const QUOTES: ReadonlySet<number> = new Set(Array.from(`"'\\*_`, (sign) => sign.charCodeAt(0)));
const MOST_QUOTES = 4;

/** In one pass. */
export function traitsOf(text: string): number {
  return new Reading(text).traits;
}

class Reading {
  traits = 0;
  readonly #units: Uint16Array;
  readonly #length: number;
  /** Where the last group of digits ended, and how many there are up to there. */
  #end = -MOST_BETWEEN - 2;
  #digits = 0;
  #inRuns = 0;
  /** Groups with a point between each two. */
  #parts = 0;

  constructor(text: string) {
    this.#units = unitsOf(text);
    this.#length = text.length;
    this.#read();
  }

  #read(): void {
    const units = this.#units;
    const length = this.#length;
    /** Where the token began. */
    let begun = -1;
    let hasJ = false;
    let traits = 0;
    for (let at = 0; at < length; at += 1) {
      const code = units[at] ?? 0;
      const kind = KINDS[code] ?? 0;
      if (kind === LETTER) {
        if (begun < 0) begun = at;
        if (code === J) hasJ = true;
        continue;
      }
      if (kind === DIGIT) {
        if (begun < 0) begun = at;
        at = this.#group(at) - 1;
        continue;
      }
      if (code === EQUALS) {
        // It is of tokens, and stands before values.
        if (begun < 0) begun = at;
        if (this.#isNamed(at)) traits |= TRAIT.named;
        continue;
      }
      if (begun >= 0) {
        const size = at - begun;
        if (size >= LEAST_JWT && (hasJ || size >= LEAST_TOKEN)) traits |= TRAIT.token;
        begun = -1;
        hasJ = false;
      }
      if (kind === EVENT) traits |= this.#event(code, at);
      else if (kind === FOREIGN) traits |= code >= 0x4e00 && code <= 0x9fff ? TRAIT.odd | TRAIT.han : TRAIT.odd;
    }
    if (begun >= 0 && length - begun >= LEAST_JWT && (hasJ || length - begun >= LEAST_TOKEN)) traits |= TRAIT.token;
    this.traits |= traits;
  }

  #event(code: number, at: number): number {
    if (code === SPACE) return this.#saysIs(at) ? TRAIT.named : 0;
    if (code === AT) return TRAIT.at;
    if (code === PERCENT) return isHex(this.#unit(at + 1)) && isHex(this.#unit(at + 2)) ? TRAIT.odd : 0;
    if (code !== COLON) return 0;
    let traits = this.#isNamed(at) ? TRAIT.named : 0;
    if (this.#unit(at + 1) === SLASH && this.#unit(at + 2) === SLASH) traits |= TRAIT.url;
    let end = at + 1;
    while (end < at + 5 && isHex(this.#unit(end))) end += 1;
    return this.#unit(end) === COLON ? traits | TRAIT.ipv6 : traits;
  }

  /** Reads digits to the last of them. @returns where they end */
  #group(start: number): number {
    let end = start + 1;
    while (end < this.#length && isDigit(this.#unit(end))) end += 1;
    const size = end - start;
    const isNear = this.#isNear(start);
    this.#digits = isNear ? this.#digits + size : size;
    if (this.#digits >= LEAST_RUN) {
      this.traits |= TRAIT.run;
      this.#inRuns += size;
      if (this.#inRuns > MANY) this.traits |= TRAIT.manyDigits;
    }
    this.#parts = start === this.#end + 1 && this.#unit(start - 1) === POINT ? this.#parts + 1 : 1;
    if (this.#parts > 3) this.traits |= TRAIT.ipv4;
    if (size > 1 && this.#isCode(start, end)) this.traits |= TRAIT.code;
    this.#end = end;
    return end;
  }

  /** Whether only what stands within numbers lies between these digits and the last ones. */
  #isNear(start: number): boolean {
    const gap = start - this.#end;
    if (gap > MOST_BETWEEN) return false;
    let breaks = 0;
    let others = 0;
    for (let at = this.#end; at < start; at += 1) {
      const code = this.#unit(at);
      if (code === TAB || code === LINE_FEED || code === RETURN) breaks += 1;
      else if (!BETWEEN.has(code)) others += 1;
    }
    if (breaks > 0 && breaks === gap) this.traits |= TRAIT.broken;
    return breaks + others === 0;
  }

  #isCode(start: number, end: number): boolean {
    const before = this.#unit(start - 1);
    if (isLetter(before)) return true;
    if ((before === SPACE || before === DASH) && isCapital(this.#unit(start - 2))) return true;
    return (
      end - start === 2 && isCapital(this.#unit(end)) && isCapital(this.#unit(end + 1)) && isDigit(this.#unit(end + 2))
    );
  }

  /** Whether what may be a name of a secret stands before a sign. */
  #isNamed(at: number): boolean {
    let before = at - 1;
    // `::` and `==` are one.
    while (this.#unit(before) === COLON || this.#unit(before) === EQUALS) before -= 1;
    for (let spaces = 0; spaces < MOST_QUOTES && isBlank(this.#unit(before)); spaces += 1) before -= 1;
    for (let quotes = 0; quotes < MOST_QUOTES && QUOTES.has(this.#unit(before)); quotes += 1) before -= 1;
    return this.#endsName(before);
  }

  /** `password is`. */
  #saysIs(at: number): boolean {
    if ((this.#unit(at + 1) | 32) !== 0x69 || (this.#unit(at + 2) | 32) !== 0x73) return false;
    return isBlank(this.#unit(at + 3)) && this.#endsName(at - 1);
  }

  #endsName(at: number): boolean {
    return NAME_ENDS.has((this.#unit(at - 1) | 32) * 128 + (this.#unit(at) | 32));
  }

  /** 0 outside. */
  #unit(at: number): number {
    return at >= 0 && at < this.#length ? (this.#units[at] ?? 0) : 0;
  }
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

function isCapital(code: number): boolean {
  return code >= 0x41 && code <= 0x5a;
}

function isLetter(code: number): boolean {
  return isCapital(code & ~32);
}

function isHex(code: number): boolean {
  return isDigit(code) || ((code | 32) >= 0x61 && (code | 32) <= 0x66);
}
