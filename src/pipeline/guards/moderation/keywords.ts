import { CLEAN, type Finding, type Scan, type Scanner } from '../scan/scanner.ts';
import { AhoCorasick } from './aho-corasick.ts';
import { KIND, foldOf, isSeparator, kindOf } from './letters.ts';
import { type NormalText, endOf, normalText } from './normal-text.ts';
import type { KeywordSettings } from './settings.ts';
import { SHIPPED } from './shipped-lists.ts';

/** What a find of a word says. */
interface Entry {
  readonly category: string;
  readonly score: number;
}

/** What one word of the automaton stands for. The heaviest of the lists that it is in counts, the first of equal ones. */
interface Word {
  /** Wherever it stands. */
  anywhere: Entry | undefined;
  /** Where it stands alone. */
  alone: Entry | undefined;
  /** What is within it is not found. */
  allowed: boolean;
}

/** Longer words are not found in streams before they are through. */
const LONGEST_WORD = 200;
/** Units of a text in which a word is looked for whose rest is still to come. */
const HELD_LOOK = 1024;
/**
 * Of all words together. The automaton takes about 40 bytes for each, and building it takes about 1 µs for each, which
 * requests wait for when the configuration is read again.
 */
const MOST_UNITS = 300_000;

type KeywordParts = Pick<KeywordSettings, 'shipped' | 'lists' | 'allow'>;

/**
 * Looks for words and phrases, whatever their case, width and accents are, in traditional and simplified Chinese, also
 * with signs between their letters. Findings that overlap are one, with the category of the heavier.
 * @param lists the words of each of the operator's own lists
 * @throws RangeError where a word has no letters or is too long, or there are too many; it names the key
 */
export function keywordScanner(settings: KeywordParts, lists: ReadonlyMap<string, readonly string[]>): Scanner {
  return new KeywordScanner(tableOf(settings, lists));
}

/** Throws as `keywordScanner` does, in less time. */
export function checkWords(settings: KeywordParts, lists: ReadonlyMap<string, readonly string[]>): void {
  tableOf(settings, lists);
}

function tableOf(settings: KeywordParts, lists: ReadonlyMap<string, readonly string[]>): WordTable {
  const words = new WordTable();
  for (const language of new Set(settings.shipped)) {
    for (const [category, texts] of Object.entries(SHIPPED[language])) {
      words.add(`keywords.shipped.${language}`, texts, { entry: { category, score: 1 }, whole: true });
    }
  }
  for (const [name, { whole, score }] of settings.lists) {
    words.add(`keywords.lists.${name}`, lists.get(name) ?? [], { entry: { category: name, score }, whole });
  }
  words.add('keywords.allow', settings.allow, 'allow');
  return words;
}

class WordTable {
  readonly #places = new Map<string, number>();
  readonly words: Word[] = [];
  readonly units: Uint16Array[] = [];
  #total = 0;

  add(key: string, texts: readonly string[], as: 'allow' | { readonly entry: Entry; readonly whole: boolean }): void {
    for (const text of texts) {
      const word = this.#wordOf(key, text);
      if (as === 'allow') {
        word.allowed = true;
        continue;
      }
      const { entry, whole } = as;
      word.alone = heavier(word.alone, entry);
      if (!whole) word.anywhere = heavier(word.anywhere, entry);
    }
  }

  #wordOf(key: string, text: string): Word {
    const normal = normalText(text.trim());
    const units = normal.units.slice(0, normal.length);
    if (units.length === 0) throw new RangeError(`${key}: a word has no letters`);
    if (units.length > LONGEST_WORD) throw new RangeError(`${key}: a word has more than ${LONGEST_WORD} characters`);
    const id = String.fromCharCode(...units);
    const known = this.words[this.#places.get(id) ?? -1];
    if (known) return known;
    this.#total += units.length;
    if (this.#total > MOST_UNITS)
      throw new RangeError(`${key}: all words together have more than ${MOST_UNITS} characters`);
    const word: Word = { anywhere: undefined, alone: undefined, allowed: false };
    this.#places.set(id, this.words.length);
    this.words.push(word);
    this.units.push(units);
    return word;
  }
}

function heavier(one: Entry | undefined, other: Entry): Entry {
  return one && one.score >= other.score ? one : other;
}

/** A find, in units of the normal text. */
interface Match extends Entry {
  readonly start: number;
  readonly end: number;
}

class KeywordScanner implements Scanner {
  readonly heldLook = HELD_LOOK;
  readonly #words: readonly Word[];
  readonly #lengths: readonly number[];
  readonly #automaton: AhoCorasick;

  constructor({ words, units }: WordTable) {
    this.#words = words;
    this.#lengths = units.map(({ length }) => length);
    this.#automaton = new AhoCorasick(units);
  }

  scan(text: string): Scan {
    const normal = normalText(text);
    const { found, allowed } = this.#find(normal);
    if (found.length === 0) return CLEAN;
    const matches = joined(found.filter((match) => !allowed.covers(match)));
    const findings = matches.map(({ start, end, category, score }): Finding => {
      return { start: normal.starts[start] ?? 0, end: endOf(text, normal, end - 1), category, score };
    });
    return { score: findings.reduce((most, { score }) => Math.max(most, score), 0), findings: apart(findings) };
  }

  held(end: string): number {
    // Half a sign says nothing yet, and waits for its other half.
    const isCut = (end.charCodeAt(end.length - 1) & 0xfc00) === 0xd800;
    const text = isCut ? end.slice(0, -1) : end;
    const normal = normalText(text);
    let held = this.#heldOf(text, normal);
    if (mayTurn(text, normal))
      held = Math.max(held, this.#heldOf(text, normalText(text, true)), this.#heldApart(text, normal));
    return isCut ? held + 1 : held;
  }

  /** A last letter that stands alone may begin a word of its own, and then what is before it ends there: `a m o k as`. */
  #heldApart(text: string, { units, starts, length }: NormalText): number {
    const from = starts[length - 1] ?? 0;
    if (kindOf(units[length - 1] ?? 0) !== KIND.word || !endsApart(text, from)) return 0;
    const before = text.slice(0, from);
    const held = this.#heldOf(before, normalText(before));
    return held === 0 ? 0 : held + text.length - from;
  }

  #heldOf(text: string, { units, starts, length }: NormalText): number {
    const depth = this.#automaton.depthAt(units, length);
    return depth === 0 ? 0 : text.length - (starts[length - depth] ?? 0);
  }

  /** In the order of their starts. */
  #find(normal: NormalText) {
    const found: Match[] = [];
    const allowed = new Covered();
    this.#automaton.scan(normal.units, normal.length, (place, end) => {
      const word = this.#words[place];
      if (!word) return;
      const start = end - (this.#lengths[place] ?? 0);
      if (word.allowed) allowed.add(start, end);
      const entry = isAlone(normal, start, end) ? word.alone : word.anywhere;
      const last = found.at(-1);
      // What ends at the same place came before, is longer, and has this one within it.
      if (!entry || (last?.end === end && last.score >= entry.score)) return;
      found.push({ start, end, category: entry.category, score: entry.score });
    });
    found.sort((one, other) => one.start - other.start || other.end - one.end);
    return { found, allowed };
  }
}

/** Whether more of the text may change how its end is read: it ends between signs, or in a letter that stands alone. */
function mayTurn(text: string, { units, starts, length }: NormalText): boolean {
  const last = units[length - 1];
  if (last === undefined) return false;
  return isSeparator(last) || (kindOf(last) === KIND.word && endsApart(text, starts[length - 1] ?? 0));
}

/** Whether no letter stands before a place of a text. */
function endsApart(text: string, at: number): boolean {
  for (let before = at - 1; before >= 0; before -= 1) {
    const fold = foldOf(text.charCodeAt(before));
    if (fold === '') continue;
    return kindOf(typeof fold === 'number' ? fold : fold.charCodeAt(fold.length - 1)) !== KIND.word;
  }
  return true;
}

function isAlone({ units, starts, length }: NormalText, start: number, end: number): boolean {
  const isWord = (at: number): boolean => kindOf(units[at] ?? 0) === KIND.word;
  if (end < length && isWord(end - 1) && isWord(end)) return false;
  if (start === 0 || !isWord(start - 1) || !isWord(start)) return true;
  // `a m o r o n` is read as one word, and is two.
  const isApart = (starts[start] ?? 0) - (starts[start - 1] ?? 0) > 1;
  return isApart && SHORT_WORDS.has(units[start - 1] ?? 0) && (start === 1 || !isWord(start - 2));
}

/** Words of one letter. */
const SHORT_WORDS = new Set(['a', 'i', 'u', 'o'].map((letter) => letter.charCodeAt(0)));

/** Parts of a text in which nothing is found. */
class Covered {
  /** By start: the furthest end of those that begin there. */
  readonly #ends = new Map<number, number>();
  #sorted: { readonly start: number; readonly end: number }[] | undefined;

  add(start: number, end: number): void {
    this.#ends.set(start, Math.max(end, this.#ends.get(start) ?? 0));
  }

  covers({ start, end }: Pick<Match, 'start' | 'end'>): boolean {
    if (this.#ends.size === 0) return false;
    const sorted = (this.#sorted ??= this.#reach());
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sorted[middle]?.start ?? 0) <= start) low = middle + 1;
      else high = middle;
    }
    return (sorted[low - 1]?.end ?? 0) >= end;
  }

  /** Each with the furthest end of all that begin there or before. */
  #reach() {
    let furthest = 0;
    return [...this.#ends]
      .toSorted(([one], [other]) => one - other)
      .map(([start, end]) => {
        furthest = Math.max(furthest, end);
        return { start, end: furthest };
      });
  }
}

/** Those that overlap as one. */
function joined(matches: readonly Match[]): Match[] {
  const all: Match[] = [];
  for (const match of matches) {
    const last = all.at(-1);
    if (!last || match.start >= last.end) {
      all.push(match);
      continue;
    }
    const { category, score } = match.score > last.score ? match : last;
    all[all.length - 1] = { start: last.start, end: Math.max(last.end, match.end), category, score };
  }
  return all;
}

/** One sign of the text may be several units, of which two words have each a part. */
function apart(findings: readonly Finding[]): Finding[] {
  let end = 0;
  return findings.filter((finding) => {
    if (finding.start < end) return false;
    end = finding.end;
    return true;
  });
}
