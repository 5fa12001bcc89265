import {
  KIND,
  LINE_BREAK,
  LONGEST_FOLD,
  SPACE,
  foldOf,
  isClauseSign,
  isHighOfSymbol,
  isSentenceEnd,
  kindOf,
} from './letters.ts';

/** More signs than that between two letters are not there to disguise a word. */
const MOST_BETWEEN = 3;
/** So many letters that stand alone are one word: `f u c k`. */
const LEAST_LONE = 3;

/** A text as words are compared. */
export interface NormalText {
  /** In small, plain, simplified signs, without what nobody sees and what was put between letters. Other signs are a space. */
  readonly units: Uint16Array;
  /** Where in the text as it was given the sign stands that each of them is of. */
  readonly starts: Uint32Array;
  /** How many signs were left out before each of them. */
  readonly apart: Uint8Array;
  readonly length: number;
  /** There are signs between letters without a space, as in `mo-ron`, so that the text can be read without them. */
  readonly isTight: boolean;
}

export interface Reading {
  /** The text goes on: what its end may turn into when more of it has come is taken for that. */
  readonly open?: boolean;
  /** Signs between letters without a space are left out. */
  readonly tight?: boolean;
  /** Signs, by their code point, that words are made of, and that are left as they are. */
  readonly kept?: ReadonlySet<number>;
}

const EDGES = [/^[\p{P}\p{S}]+/u, /[\p{P}\p{S}]+$/u];
const NONE: ReadonlySet<number> = new Set();

export function normalText(text: string, { open = false, tight = false, kept = NONE }: Reading = {}): NormalText {
  const folded = foldText(text);
  return new Squeezing(folded, { open, tight, kept }).run();
}

/**
 * Signs with which words begin or end, as `c++` and `.net` do, or of which they are made: without them these would be
 * other words.
 */
export function keptSigns(words: readonly string[]): ReadonlySet<number> {
  const kept = new Set<number>();
  for (const word of words) {
    const edges = EDGES.map((edge) => edge.exec(word.trim())?.[0] ?? '').join('');
    for (const sign of edges) {
      const fold = foldOf(sign.codePointAt(0) ?? 0);
      for (const one of typeof fold === 'number' ? String.fromCharCode(fold) : fold) kept.add(one.codePointAt(0) ?? 0);
    }
  }
  return kept;
}

/** Where the sign ends that a unit is of, in the text as it was given. */
export function endOf(text: string, { starts }: NormalText, at: number): number {
  const start = starts[at] ?? 0;
  return start + ((text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1);
}

interface Folded {
  units: Uint16Array;
  starts: Uint32Array;
  length: number;
}

function foldText(text: string): Folded {
  const room = text.length + LONGEST_FOLD;
  const folded = { units: new Uint16Array(room), starts: new Uint32Array(room), length: 0 };
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    const code = (unit & 0xfc00) === 0xd800 ? (text.codePointAt(at) ?? unit) : unit;
    const fold = foldOf(code);
    if (typeof fold === 'number') put(folded, fold, at);
    else for (let i = 0; i < fold.length; i += 1) put(folded, fold.charCodeAt(i), at);
    if (code > 0xffff) at += 1;
  }
  return folded;
}

function put(folded: Folded, unit: number, start: number): void {
  const { length } = folded;
  if (length === folded.units.length) grow(folded);
  folded.units[length] = unit;
  folded.starts[length] = start;
  folded.length = length + 1;
}

function grow(folded: Folded): void {
  const units = new Uint16Array(folded.units.length * 2);
  const starts = new Uint32Array(units.length);
  units.set(folded.units);
  starts.set(folded.starts);
  folded.units = units;
  folded.starts = starts;
}

/** A run of signs. */
interface Gap {
  readonly at: number;
  readonly end: number;
  readonly signs: number;
  readonly lineBreaks: number;
  readonly hasSpace: boolean;
  readonly hasClauseSign: boolean;
  readonly hasEnd: boolean;
}

/** Takes out what stands between letters, in place. */
class Squeezing {
  readonly #units: Uint16Array;
  readonly #starts: Uint32Array;
  readonly #length: number;
  readonly #apart: Uint8Array;
  readonly #reading: Required<Reading>;
  #to = 0;
  /** Where the last run of signs ended. */
  #begin = 0;
  #isTight = false;

  constructor({ units, starts, length }: Folded, reading: Required<Reading>) {
    this.#units = units;
    this.#starts = starts;
    this.#length = length;
    this.#apart = new Uint8Array(length);
    this.#reading = reading;
  }

  run(): NormalText {
    for (let at = 0; at < this.#length;) at = this.#signLength(at) === 0 ? this.#letters(at) : this.#signs(at);
    return {
      units: this.#units,
      starts: this.#starts,
      apart: this.#apart,
      length: this.#to,
      isTight: this.#isTight,
    };
  }

  #keep(at: number, apart = 0): void {
    this.#apart[this.#to] = apart;
    this.#starts[this.#to] = this.#starts[at] ?? 0;
    this.#units[this.#to] = this.#units[at] ?? 0;
    this.#to += 1;
  }

  #kind(at: number): number {
    return at < this.#length ? kindOf(this.#units[at] ?? 0) : 0;
  }

  /** 0 where none stands there, or one that words are made of. */
  #signLength(at: number): number {
    const unit = this.#units[at] ?? 0;
    const { kept } = this.#reading;
    if (kindOf(unit) === KIND.sign) return kept.has(unit) ? 0 : 1;
    if (!isHighOfSymbol(unit) || at + 1 >= this.#length) return 0;
    const low = this.#units[at + 1] ?? 0;
    if ((low & 0xfc00) !== 0xdc00) return 0;
    return kept.size > 0 && kept.has((unit - 0xd800) * 0x400 + (low - 0xdc00) + 0x10000) ? 0 : 2;
  }

  #gapAt(at: number): Gap {
    let end = at;
    let signs = 0;
    let lineBreaks = 0;
    let hasSpace = false;
    let hasClauseSign = false;
    let hasEnd = false;
    for (let size = this.#signLength(end); end < this.#length && size > 0; size = this.#signLength(end)) {
      const unit = this.#units[end] ?? 0;
      signs += 1;
      if (unit === LINE_BREAK) lineBreaks += 1;
      hasSpace ||= unit === SPACE || unit === LINE_BREAK;
      hasEnd ||= isSentenceEnd(unit);
      hasClauseSign ||= signs <= MOST_BETWEEN && isClauseSign(unit);
      end += size;
    }
    return { at, end, signs, lineBreaks, hasSpace, hasClauseSign, hasEnd };
  }

  /** Returns where they end. */
  #signs(at: number): number {
    // Most are a space between two words.
    const isSpace = this.#units[at] === SPACE && this.#kind(at + 1) === KIND.word;
    if (!isSpace || this.#to === 0) return this.#gap(this.#gapAt(at));
    this.#keep(at);
    this.#begin = at + 1;
    return at + 1;
  }

  #gap(gap: Gap): number {
    const before = this.#to > 0 ? kindOf(this.#units[this.#to - 1] ?? 0) : 0;
    const isDropped = before === KIND.han ? this.#isInHan(gap) : before === KIND.word && this.#isInWord(gap);
    if (!isDropped && this.#to > 0) {
      this.#keep(gap.at);
      this.#units[this.#to - 1] = SPACE;
    }
    this.#begin = gap.end;
    if (isDropped && gap.end < this.#length && this.#kind(gap.end) === KIND.word)
      return this.#letters(gap.end, gap.signs);
    return gap.end;
  }

  /** Whether signs stand between two Chinese ones, and nothing else speaks for them. */
  #isInHan({ at, end, signs, lineBreaks, hasClauseSign, hasEnd }: Gap): boolean {
    if (signs > MOST_BETWEEN || lineBreaks > 1 || hasEnd) return false;
    if (end === this.#length) return this.#reading.open;
    if (this.#kind(end) !== KIND.han) return false;
    if (!hasClauseSign || (signs === 1 && DASHES.has(this.#units[at] ?? 0))) return true;
    // What parts clauses parts words only where one of the two signs stands alone.
    return at - this.#begin === 1 || end + 1 === this.#length || this.#signLength(end + 1) > 0;
  }

  #isInWord({ end, signs, hasSpace }: Gap): boolean {
    if (hasSpace || signs > MOST_BETWEEN) return false;
    if (end < this.#length && this.#kind(end) !== KIND.word) return false;
    this.#isTight ||= end < this.#length || this.#reading.open;
    return this.#reading.tight && (end < this.#length || this.#reading.open);
  }

  /** A word, or letters that stand alone and are one; or a sign of another script. Returns where it ends. */
  #letters(at: number, apart = 0): number {
    if (this.#kind(at) !== KIND.word) {
      this.#keep(at, apart);
      return at + 1;
    }
    if (this.#isLone(at)) return this.#lone(at, apart);
    let end = at;
    for (; this.#kind(end) === KIND.word; end += 1) this.#keep(end, end === at ? apart : 0);
    return end;
  }

  #isLone(at: number): boolean {
    return this.#kind(at + 1) !== KIND.word;
  }

  /** Letters that stand alone, one after the other, with a sign or two between them. */
  #lone(at: number, apart: number): number {
    const letters: { readonly at: number; readonly signs: number }[] = [{ at, signs: apart }];
    let end = at + 1;
    while (end < this.#length && this.#signLength(end) > 0) {
      const gap = this.#gapAt(end);
      const isThrough = gap.end === this.#length;
      if (gap.signs > MOST_BETWEEN || gap.lineBreaks > 1 || gap.hasEnd) break;
      // The text goes on, and so may the word.
      if (isThrough) end = gap.end;
      if (isThrough || this.#kind(gap.end) !== KIND.word || !this.#isLone(gap.end)) break;
      letters.push({ at: gap.end, signs: gap.signs });
      end = gap.end + 1;
    }
    const isOne = letters.length >= LEAST_LONE || (this.#reading.open && end === this.#length);
    if (!isOne) {
      this.#keep(at, apart);
      return at + 1;
    }
    for (const letter of letters) this.#keep(letter.at, letter.signs);
    return end;
  }
}

/** One of them is a disguise; two are what stands between clauses. */
const DASHES = new Set(Array.from('‐‑‒–—―', (sign) => sign.charCodeAt(0)));
