import type { Suspicions } from './disguise/decode.ts';
import { reverse, rot13 } from './disguise/variants.ts';
import { RULE_INDEX } from './signs/all.ts';
import { type CompiledRule, isWordCode, symbolKey, wordKey } from './signs/rule.ts';
import type { Sign } from './weights.ts';
import { WINDOW } from './window.ts';

/** A sign, and where it stands in the folded text. */
export interface Hit {
  readonly sign: Sign;
  readonly start: number;
  readonly end: number;
}

/** What one pass over a folded text saw. */
export interface Look extends Suspicions {
  readonly hits: readonly Hit[];
  /** Words of letters and digits. */
  readonly leetWords: number;
  /** Spaces between single characters of scripts that have none. */
  readonly spacedSigns: number;
  /** Short pieces of words before a dash. */
  readonly brokenWords: number;
  readonly rot13Words: number;
  readonly reversedWords: number;
}

/** So many of one sign are looked for in each {@link STRETCH} of a text. More of them say nothing more. */
const MOST_OF_ONE = 6;
const STRETCH = WINDOW / 2;

const ROT13 = keysOf(
  rot13('ignore|disregard|forget|previous|instructions|prompt|system|password|the|and|your|that|what'),
);
/** Without `disregard`, whose key would be that of `drag`. */
const REVERSED = keysOf(
  reverse('ignore|forget|previous|instructions|instruction|prompt|system|password|reveal|rules|your|how|the').text,
);

/** Units that rules begin with and that are not in Latin words. */
const SYMBOLS = new Uint8Array(65_536);
for (const key of RULE_INDEX.keys()) if (key < 0) SYMBOLS[-key] = 1;

const SPACE = 32;

/** Chinese characters; not of what is before the beginning or after the end. */
function isIdeograph(code: number): boolean {
  return code >= 0x4e00 && code <= 0x9fff;
}

function keysOf(words: string): ReadonlySet<number> {
  return new Set(words.split('|').map((word) => wordKey(word, 0)));
}

/** Looks at each word and symbol once, and at what follows only where a rule begins with it. */
export function look(folded: string, isUpper: (start: number, end: number) => boolean): Look {
  return new Looking(folded, isUpper).run();
}

/** What was found of one sign. */
interface Seen {
  end: number;
  /** Where the stretch began that it is counted in. */
  readonly stretch: number;
  count: number;
}

class Looking {
  readonly #text: string;
  readonly #isUpper: (start: number, end: number) => boolean;
  readonly #hits: Hit[] = [];
  readonly #seen = new Map<Sign, Seen>();
  #leetWords = 0;
  #spacedSigns = 0;
  #brokenWords = 0;
  #rot13Words = 0;
  #reversedWords = 0;
  #singles = 0;
  #pairs = 0;
  #octets = 0;
  #hasSpacedLetters = false;
  #hasPairs = false;
  #hasBinary = false;
  #hasLongWords = false;

  constructor(text: string, isUpper: (start: number, end: number) => boolean) {
    this.#text = text;
    this.#isUpper = isUpper;
  }

  run(): Look {
    const text = this.#text;
    for (let at = 0; at < text.length;) {
      const code = text.charCodeAt(at);
      if (isWordCode(code)) at = this.#word(at);
      else {
        if (code === SPACE && isIdeograph(text.charCodeAt(at - 1)) && isIdeograph(text.charCodeAt(at + 1)))
          this.#spacedSigns++;
        if (SYMBOLS[code] === 1) this.#tryRules(RULE_INDEX.get(symbolKey(code)), at);
        at++;
      }
    }
    return {
      hits: this.#hits,
      leetWords: this.#leetWords,
      spacedSigns: this.#spacedSigns,
      brokenWords: this.#brokenWords,
      rot13Words: this.#rot13Words,
      reversedWords: this.#reversedWords,
      hasSpacedLetters: this.#hasSpacedLetters,
      hasPairs: this.#hasPairs,
      hasBinary: this.#hasBinary,
      hasDigits: this.#hasLongWords || this.#leetWords > 1,
    };
  }

  /** Returns where the word ends. */
  #word(start: number): number {
    const text = this.#text;
    let digits = 0;
    let end = start;
    for (; end < text.length; end++) {
      const code = text.charCodeAt(end);
      if (!isWordCode(code)) break;
      if (code < 58) digits++;
    }
    const key = wordKey(text, start);
    this.#tryRules(RULE_INDEX.get(key), start);
    if (ROT13.has(key)) this.#rot13Words++;
    if (REVERSED.has(key)) this.#reversedWords++;
    this.#spelling(end - start, digits, end);
    return end;
  }

  #spelling(length: number, digits: number, end: number): void {
    this.#singles = length === 1 ? this.#singles + 1 : 0;
    if (this.#singles > 5) this.#hasSpacedLetters = true;
    this.#pairs = length === 2 ? this.#pairs + 1 : 0;
    if (this.#pairs > 7) this.#hasPairs = true;
    this.#octets = length === 8 && digits === 8 ? this.#octets + 1 : 0;
    if (this.#octets > 3) this.#hasBinary = true;
    if (length > 15) this.#hasLongWords = true;
    if (digits > 0 && digits < length) this.#leetWords++;
    if (length < 3 && this.#text.charCodeAt(end) === 45 && isWordCode(this.#text.charCodeAt(end + 1) || 0))
      this.#brokenWords++;
  }

  #tryRules(rules: readonly CompiledRule[] | undefined, at: number): void {
    if (!rules) return;
    for (const { sign, pattern, isUpper } of rules) {
      const seen = this.#seen.get(sign);
      // What was found is not found again a word later.
      if (seen && (at < seen.end || (seen.count >= MOST_OF_ONE && at < seen.stretch + STRETCH))) continue;
      pattern.lastIndex = at;
      if (!pattern.test(this.#text)) continue;
      const end = pattern.lastIndex;
      if (isUpper && !this.#isUpper(at, end)) continue;
      if (seen && at < seen.stretch + STRETCH) {
        seen.end = end;
        seen.count++;
      } else this.#seen.set(sign, { end, stretch: at, count: 1 });
      this.#hits.push({ sign, start: at, end });
    }
  }
}
