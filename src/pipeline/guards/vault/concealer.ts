import { AhoCorasick } from '../moderation/aho-corasick.ts';
import { rewriteTexts } from './json-texts.ts';

/** With more, nothing of a call is kept. */
const MOST_VALUES = 20_000;
/** Longer values are looked for in pieces. */
const PIECE = 4096;
/** Shorter ones, as of a number that was cut into parts, stand everywhere. */
const LEAST = 3;
const PLAIN = /^[\x20-\x7e]*$/;
/** JSON in texts of JSON is read that deep. */
const MOST_NESTED = 4;
/** So many texts may only seem to be JSON: what is none takes long to try. */
const MOST_FAILURES = 1000;

interface Hit {
  readonly start: number;
  readonly end: number;
  readonly word: number;
}

/** What is looked for, and what comes in the place of each; of a piece that is not the first, nothing. */
interface Index {
  readonly automaton: AhoCorasick;
  readonly words: readonly string[];
  readonly marks: readonly string[];
  readonly shortest: number;
}

/** Puts marks in the place of many values at once, in time that is linear in the text. */
export class Concealer {
  readonly #values = new Map<string, string>();
  #index: Index | undefined;
  /** What a text is read into. */
  #units = new Uint16Array(256);
  #isFull = false;

  add(value: string, mark: string): void {
    if (this.#values.has(value) || (value.length < LEAST && PLAIN.test(value))) return;
    if (this.#values.size >= MOST_VALUES) {
      this.#isFull = true;
      return;
    }
    this.#values.set(value, mark);
    this.#index = undefined;
  }

  conceal(text: string): string {
    if (this.#values.size === 0) return text;
    const index = (this.#index ??= this.#build());
    if (text.length < index.shortest) return text;
    let out = '';
    let at = 0;
    for (const { start, end, word } of this.#hits(index, text)) {
      if (end <= at) continue;
      // What reaches out of one that is replaced already goes with it.
      if (start >= at) out += text.slice(at, start) + (index.marks[word] ?? '');
      at = end;
    }
    return at === 0 ? text : out + text.slice(at);
  }

  /**
   * The same in all texts, numbers and names of JSON, however they are escaped, and of JSON that is a text in it. What has
   * no value keeps its bytes. Undefined where it is no JSON, or there are more values than are looked for.
   */
  concealJson(bytes: Buffer): Buffer | undefined {
    if (this.#isFull) return undefined;
    const text = bytes.toString('utf8');
    const budget = { failures: MOST_FAILURES };
    const concealed = rewriteTexts(text, (inner) => this.#concealWithin(inner, 1, budget));
    return concealed === text ? bytes : concealed === undefined ? undefined : Buffer.from(concealed);
  }

  #concealWithin(text: string, depth: number, budget: { failures: number }): string {
    const plain = this.conceal(text);
    if (depth >= MOST_NESTED || budget.failures === 0 || !JSON_BEGINS.test(text)) return plain;
    if (plain === text && !text.includes('\\')) return text;
    const inner = rewriteTexts(text, (one) => this.#concealWithin(one, depth + 1, budget));
    if (inner === undefined) budget.failures -= 1;
    // What reaches over several texts of it is there as it was found.
    return inner === undefined ? plain : this.conceal(inner);
  }

  /** By their starts, of those with the same start the longest first. */
  #hits({ automaton, words }: Index, text: string): Hit[] {
    const hits: Hit[] = [];
    if (this.#units.length < text.length) this.#units = new Uint16Array(text.length * 2);
    for (let at = 0; at < text.length; at += 1) this.#units[at] = text.charCodeAt(at);
    automaton.scan(this.#units, text.length, (word, end) => {
      // Of all that end there the longest comes first, and the others are within it.
      if (hits.at(-1)?.end !== end) hits.push({ start: end - (words[word] ?? '').length, end, word });
    });
    return hits.length < 2 ? hits : hits.toSorted((a, b) => a.start - b.start || b.end - a.end);
  }

  #build(): Index {
    const marks = new Map<string, string>();
    for (const [value, mark] of this.#values) {
      let written = value;
      // As it is, as JSON writes it, and as JSON in JSON does.
      for (let times = 0; times < 3; times += 1) {
        addPieces(marks, written, mark);
        const next = JSON.stringify(written).slice(1, -1);
        if (next === written) break;
        written = next;
      }
    }
    const words = [...marks.keys()];
    return {
      automaton: new AhoCorasick(words.map(unitsOf)),
      words,
      marks: [...marks.values()],
      shortest: words.reduce((least, { length }) => Math.min(least, length), Number.POSITIVE_INFINITY),
    };
  }
}

const JSON_BEGINS = /^\s{0,64}[[{"]/;

function addPieces(marks: Map<string, string>, value: string, mark: string): void {
  const pieces = Math.ceil(value.length / PIECE);
  const length = Math.ceil(value.length / pieces);
  for (let piece = 0; piece < pieces; piece += 1) {
    const part = value.slice(piece * length, (piece + 1) * length);
    if (part !== '' && !marks.has(part)) marks.set(part, piece === 0 ? mark : '');
  }
}

function unitsOf(text: string): Uint16Array {
  const units = new Uint16Array(text.length);
  for (let at = 0; at < text.length; at += 1) units[at] = text.charCodeAt(at);
  return units;
}
