import { isWordCode } from '../signs/rule.ts';

/** The units that a step of a pattern takes. */
export interface Units {
  /** Of ASCII, by unit. */
  readonly ascii: Uint8Array;
  /** Of all others, those that are named; or all but those, where `isOthers`. */
  readonly named: ReadonlySet<number>;
  readonly isOthers: boolean;
  /** Its letters and digits. */
  readonly letters: readonly number[];
  /** They are so many that no word can be named for it. */
  readonly isWide: boolean;
  readonly hasSpace: boolean;
  /** Something that is neither a letter nor a digit. */
  readonly hasSign: boolean;
}

/** A place of a pattern, and how it goes on. */
export interface Step {
  readonly id: number;
  /** `word-end`: no word goes on here. `match`: this is the end. */
  readonly kind: 'take' | 'go' | 'word-end' | 'match';
  /** Of `take`. */
  readonly units: Units | undefined;
  readonly nexts: readonly Step[];
}

const ASCII = 128;
/** A class of so many letters and digits is wide. */
const WIDE = 26;
/** Repetitions of single units that go further have no bound here. */
const MOST_COUNTED = 4;
const WORD_END = '(?![a-z0-9])';
/** By how rules write them: there are few of them. */
const UNITS = new Map<string, Units>();
const QUANTIFIER = /(?:[?*+]|\{(\d+)(,)?(\d*)\})\??/y;

let lastId = 0;

function stepOf(kind: Step['kind'], nexts: readonly Step[], units?: Units): Step {
  return { id: (lastId += 1), kind, units, nexts };
}

/**
 * Where what a regular expression may match begins, as steps from unit to unit: all that it matches, and more. The part of
 * the syntax is read that rules are written in.
 * @throws SyntaxError where a rule has anything else
 */
export function stepsOf(source: string): Step {
  return new Reading(source).start;
}

/** Something in a sequence, and how often it stands there. */
interface Part {
  readonly from: number;
  readonly least: number;
  readonly most: number;
  readonly isUnit: boolean;
}

class Reading {
  readonly start: Step;
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
    this.start = this.#choice(stepOf('match', []));
    if (this.#at < source.length) this.#fail();
  }

  #fail(): never {
    throw new SyntaxError(`a rule has what cannot be read at ${this.#at} of ${this.#source}`);
  }

  /** Reads `a|b|c` to its end. What comes after it goes on at `then`. */
  #choice(then: Step): Step {
    const nexts = [this.#sequence(then)];
    while (this.#source[this.#at] === '|') {
      this.#at += 1;
      nexts.push(this.#sequence(then));
    }
    return nexts.length === 1 ? (nexts[0] ?? then) : stepOf('go', nexts);
  }

  /** Its parts are read from left to right, and joined from right to left. */
  #sequence(then: Step): Step {
    const parts: Part[] = [];
    while (this.#at < this.#source.length && !'|)'.includes(this.#source.charAt(this.#at))) {
      const from = this.#at;
      const isUnit = !this.#source.startsWith('(', from);
      this.#skipOne();
      const [least, most] = this.#quantifier();
      parts.push({ from, least, most, isUnit });
    }
    const end = this.#at;
    let next = then;
    for (const part of parts.toReversed()) next = this.#repeated(part, next);
    this.#at = end;
    return next;
  }

  #skipOne(): void {
    const source = this.#source;
    if (source.startsWith('\\', this.#at)) this.#at += source.startsWith('\\u', this.#at) ? 6 : 2;
    else if (source.startsWith('[', this.#at)) {
      for (this.#at += 1; source[this.#at] !== ']'; this.#at += 1) if (source[this.#at] === '\\') this.#at += 1;
      this.#at += 1;
    } else if (source.startsWith('(', this.#at)) {
      let depth = 0;
      do {
        const sign = source[this.#at];
        if (sign === undefined) this.#fail();
        if (sign === '[' || sign === '\\') {
          this.#skipOne();
          continue;
        }
        if (sign === '(') depth += 1;
        if (sign === ')') depth -= 1;
        this.#at += 1;
      } while (depth > 0);
    } else this.#at += 1;
  }

  #quantifier(): readonly [least: number, most: number] {
    QUANTIFIER.lastIndex = this.#at;
    const found = QUANTIFIER.exec(this.#source);
    if (!found) return [1, 1];
    this.#at = QUANTIFIER.lastIndex;
    const [all, from, comma, to] = found;
    if (from !== undefined) {
      const most = comma === undefined ? Number(from) : to === '' ? Number.POSITIVE_INFINITY : Number(to);
      return [Number(from), most];
    }
    return [all.startsWith('+') ? 1 : 0, all.startsWith('?') ? 1 : Number.POSITIVE_INFINITY];
  }

  #repeated({ from, least, most, isUnit }: Part, then: Step): Step {
    const once = (next: Step): Step => {
      this.#at = from;
      return this.#one(next);
    };
    let next = then;
    if (most > MOST_COUNTED && isUnit) {
      const nexts = [then];
      next = stepOf('go', nexts);
      nexts.push(once(next));
    } else {
      if (!Number.isFinite(most)) this.#fail();
      for (let more = most - least; more > 0; more -= 1) next = stepOf('go', [then, once(next)]);
    }
    for (let times = least; times > 0; times -= 1) next = once(next);
    return next;
  }

  /** Reads a unit, a class or a group. */
  #one(then: Step): Step {
    const source = this.#source;
    if (source.startsWith(WORD_END, this.#at)) return stepOf('word-end', [then]);
    // What must not follow is left out, as if it might.
    if (source.startsWith('(?!', this.#at)) return then;
    if (source.startsWith('(?:', this.#at)) {
      this.#at += 3;
      const start = this.#choice(then);
      if (source[this.#at] !== ')') this.#fail();
      return start;
    }
    const sign = source.charAt(this.#at);
    if (sign === '$') return then;
    if ('()*+?{}^.'.includes(sign)) this.#fail();
    return stepOf('take', [then], this.#known());
  }

  /** Most units are those of places before. */
  #known(): Units {
    const from = this.#at;
    this.#skipOne();
    const token = this.#source.slice(from, this.#at);
    let units = UNITS.get(token);
    if (!units) {
      this.#at = from;
      units = this.#units();
      UNITS.set(token, units);
    }
    return units;
  }

  #units(): Units {
    const source = this.#source;
    const ascii = new Uint8Array(ASCII);
    const named = new Set<number>();
    const add = (code: number): void => {
      if (code < ASCII) ascii[code] = 1;
      else named.add(code);
    };
    if (source[this.#at] !== '[') {
      const isSpaces = this.#unit(add);
      return unitsOf(ascii, named, isSpaces);
    }
    this.#at += 1;
    const isNot = source[this.#at] === '^';
    if (isNot) this.#at += 1;
    let hasSpaces = false;
    while (source[this.#at] !== ']') {
      if (source.startsWith('\\S', this.#at)) {
        // Of all that is no space, without what is named beside: only spaces are left.
        if (!isNot) this.#fail();
        for (let code = 0; code < ASCII; code += 1) if (!isSpace(code)) ascii[code] = 1;
        this.#at += 2;
        continue;
      }
      const first = source.charCodeAt(this.#at);
      if (source[this.#at] !== '\\' && source[this.#at + 1] === '-' && source[this.#at + 2] !== ']') {
        for (let code = first; code <= source.charCodeAt(this.#at + 2); code += 1) add(code);
        this.#at += 3;
      } else hasSpaces = this.#unit(add) || hasSpaces;
    }
    if (!isNot) return unitsOf(ascii, named, hasSpaces);
    for (let code = 0; code < ASCII; code += 1) ascii[code] = ascii[code] === 1 ? 0 : 1;
    return unitsOf(ascii, named, true);
  }

  /** Reads one unit. @returns whether it may be others than those of ASCII that are not named */
  #unit(add: (code: number) => void): boolean {
    const source = this.#source;
    if (source[this.#at] !== '\\') {
      add(source.charCodeAt(this.#at));
      this.#at += 1;
      return false;
    }
    const escaped = source.charAt(this.#at + 1);
    if (escaped === 'u') {
      add(Number.parseInt(source.slice(this.#at + 2, this.#at + 6), 16));
      this.#at += 6;
      return false;
    }
    this.#at += 2;
    if (escaped === 's') {
      for (let code = 0; code < ASCII; code += 1) if (isSpace(code)) add(code);
      return true;
    }
    if (/[a-mo-z0-9]/i.test(escaped)) this.#fail();
    add(escaped === 'n' ? 10 : escaped.charCodeAt(0));
    return false;
  }
}

function unitsOf(ascii: Uint8Array, named: ReadonlySet<number>, isOthers: boolean): Units {
  const all = [...ascii.keys()].filter((code) => ascii[code] === 1);
  const letters = all.filter(isWordCode);
  return {
    ascii,
    named: isOthers ? new Set() : named,
    isOthers,
    letters,
    isWide: letters.length >= WIDE,
    hasSpace: isOthers || all.some(isSpace),
    hasSign: isOthers || named.size > 0 || letters.length < all.length,
  };
}

/** Of ASCII. */
export function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

/** Whether it takes this unit. */
export function takes({ ascii, named, isOthers }: Units, code: number): boolean {
  return code < ASCII ? ascii[code] === 1 : isOthers || named.has(code);
}
