import { CLEAN, type Finding, type Scan, type Scanner } from '../scan/scanner.ts';
import { AhoCorasick } from './aho-corasick.ts';
import { KIND, SPACE, foldOf, kindOf } from './letters.ts';
import { type NormalText, type Reading, endOf, keptSigns, normalText } from './normal-text.ts';
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
  const all = [...new Set(settings.shipped)].flatMap((language) =>
    Object.entries(SHIPPED[language]).map(([category, texts]): Listed => {
      return { key: `keywords.shipped.${language}`, texts, as: { entry: { category, score: 1 }, whole: true } };
    }),
  );
  for (const [name, { whole, score }] of settings.lists) {
    const as = { entry: { category: name, score }, whole };
    all.push({ key: `keywords.lists.${name}`, texts: lists.get(name) ?? [], as });
  }
  all.push({ key: 'keywords.allow', texts: settings.allow, as: 'allow' });
  const words = new WordTable(keptSigns(all.flatMap(({ texts }) => texts)));
  for (const listed of all) words.add(listed);
  return words;
}

/** Words of one list. */
interface Listed {
  readonly key: string;
  readonly texts: readonly string[];
  readonly as: 'allow' | { readonly entry: Entry; readonly whole: boolean };
}

class WordTable {
  readonly #places = new Map<string, number>();
  readonly words: Word[] = [];
  readonly units: Uint16Array[] = [];
  readonly kept: ReadonlySet<number>;
  #total = 0;

  constructor(kept: ReadonlySet<number>) {
    this.kept = kept;
  }

  add({ key, texts, as }: Listed): void {
    for (const text of texts) {
      const { units, length } = normalText(text.trim(), { kept: this.kept });
      const whole = units.slice(0, units[length - 1] === SPACE ? length - 1 : length);
      this.#total += whole.length;
      if (this.#total > MOST_UNITS)
        throw new RangeError(`${key}: all words together have more than ${MOST_UNITS} characters`);
      this.#mark(this.#wordOf(key, whole), as);
      // A phrase also as one word: its letters may stand apart, or signs between its words.
      if (whole.includes(SPACE))
        this.#mark(
          this.#wordOf(
            key,
            whole.filter((unit) => unit !== SPACE),
          ),
          as,
        );
    }
  }

  #mark(word: Word, as: Listed['as']): void {
    if (as === 'allow') {
      word.allowed = true;
      return;
    }
    const { entry, whole } = as;
    word.alone = heavier(word.alone, entry);
    if (!whole) word.anywhere = heavier(word.anywhere, entry);
  }

  #wordOf(key: string, units: Uint16Array): Word {
    if (units.length === 0) throw new RangeError(`${key}: a word has no letters`);
    if (units.length > LONGEST_WORD) throw new RangeError(`${key}: a word has more than ${LONGEST_WORD} characters`);
    const id = String.fromCharCode(...units);
    const known = this.words[this.#places.get(id) ?? -1];
    if (known) return known;
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

/** A find, in units of the text. */
interface Match extends Entry {
  readonly start: number;
  readonly end: number;
}

class KeywordScanner implements Scanner {
  readonly heldLook = HELD_LOOK;
  readonly #words: readonly Word[];
  readonly #lengths: readonly number[];
  readonly #automaton: AhoCorasick;

  /** Signs that words are made of. */
  readonly #kept: ReadonlySet<number>;

  constructor({ words, units, kept }: WordTable) {
    this.#kept = kept;
    this.#words = words;
    this.#lengths = units.map(({ length }) => length);
    this.#automaton = new AhoCorasick(units);
  }

  scan(text: string): Scan {
    const normal = normalText(text, { kept: this.#kept });
    const allowed = new Covered();
    const found: Match[] = [];
    this.#find(text, normal, { found, allowed });
    if (normal.isTight) this.#find(text, normalText(text, { kept: this.#kept, tight: true }), { found, allowed });
    if (found.length === 0) return CLEAN;
    found.sort((one, other) => one.start - other.start || other.end - one.end);
    const findings: readonly Finding[] = joined(found.filter((match) => !allowed.covers(match)));
    return { score: findings.reduce((most, { score }) => Math.max(most, score), 0), findings };
  }

  held(end: string): number {
    // Half a sign says nothing yet, and waits for its other half.
    const isCut = (end.charCodeAt(end.length - 1) & 0xfc00) === 0xd800;
    const text = isCut ? end.slice(0, -1) : end;
    const held = Math.max(this.#heldIn(text, false), this.#heldIn(text, true));
    return isCut ? held + 1 : held;
  }

  #heldIn(text: string, tight: boolean): number {
    const reading: Reading = { kept: this.#kept, tight };
    const normal = normalText(text, reading);
    const held = this.#heldOf(text, normal);
    if (!mayTurn(text, normal)) return held;
    const open = this.#heldOf(text, normalText(text, { ...reading, open: true }));
    return Math.max(held, open, this.#heldApart(text, normal, reading));
  }

  /**
   * A last letter that stands alone may begin a word of its own, and then what is before it ends there, or with a word of
   * one letter: `a m o k as`, `a m o k a bad`.
   */
  #heldApart(text: string, { units, starts, length }: NormalText, reading: Reading, isInner = false): number {
    const from = starts[length - 1] ?? 0;
    const last = units[length - 1] ?? 0;
    if (kindOf(last) !== KIND.word || !endsApart(text, from) || (isInner && !SHORT_WORDS.has(last))) return 0;
    const before = text.slice(0, from);
    const open = this.#heldOf(before, normalText(before, { ...reading, open: true }));
    const normal = normalText(before, reading);
    const inner = isInner ? 0 : this.#heldApart(before, normal, reading, true);
    const held = Math.max(this.#heldOf(before, normal), open, inner);
    return held === 0 ? 0 : held + text.length - from;
  }

  #heldOf(text: string, { units, starts, length }: NormalText): number {
    const depth = this.#automaton.depthAt(units, length);
    return depth === 0 ? 0 : text.length - (starts[length - depth] ?? 0);
  }

  #find(text: string, normal: NormalText, { found, allowed }: { found: Match[]; allowed: Covered }): void {
    const { starts } = normal;
    let last: { readonly end: number; readonly score: number } | undefined;
    this.#automaton.scan(normal.units, normal.length, (place, end) => {
      const word = this.#words[place];
      if (!word) return;
      const start = end - (this.#lengths[place] ?? 0);
      if (word.allowed) allowed.add(starts[start] ?? 0, endOf(text, normal, end - 1));
      const entry = isAlone(normal, start, end) ? word.alone : word.anywhere;
      // What ends at the same place came before, is longer, and has this one within it.
      if (!entry || (last?.end === end && last.score >= entry.score)) return;
      last = { end, score: entry.score };
      const { category, score } = entry;
      found.push({ start: starts[start] ?? 0, end: endOf(text, normal, end - 1), category, score });
    });
  }
}

/** Whether more of the text may change how its end is read: it ends between signs, or in a letter that stands alone. */
function mayTurn(text: string, { units, starts, length }: NormalText): boolean {
  const last = units[length - 1];
  if (last === undefined) return false;
  return last === SPACE || (kindOf(last) === KIND.word && endsApart(text, starts[length - 1] ?? 0));
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

function isAlone(normal: NormalText, start: number, end: number): boolean {
  const { units, apart, length } = normal;
  const isWord = (at: number): boolean => kindOf(units[at] ?? 0) === KIND.word;
  if (
    start > 0 &&
    isWord(start - 1) &&
    isWord(start) &&
    !isParted(normal, start, start + 1 < end ? apart[start + 1] : 0)
  ) {
    // `a m o r o n` is read as one word, and is two.
    const isShort = SHORT_WORDS.has(units[start - 1] ?? 0) && (start === 1 || !isWord(start - 2));
    if (!isShort || apart[start] === 0) return false;
  }
  if (end >= length || !isWord(end - 1) || !isWord(end)) return true;
  if (isParted(normal, end, end - 1 > start ? apart[end - 1] : 0)) return true;
  return apart[end] !== 0 && SHORT_WORDS.has(units[end] ?? 0) && (end + 1 === length || !isWord(end + 1));
}

/** Whether more signs were left out before a letter than between those of the word beside. */
function isParted({ apart }: NormalText, at: number, within = 0): boolean {
  return (apart[at] ?? 0) > within;
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
