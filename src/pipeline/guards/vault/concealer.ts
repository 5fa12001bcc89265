import { AhoCorasick } from '../moderation/aho-corasick.ts';

const MOST_VALUES = 20_000;
/** Longer values are looked for in pieces. */
const PIECE = 4096;

interface Hit {
  readonly start: number;
  readonly end: number;
  readonly word: number;
}

/** Puts marks in the place of many values at once, in time that is linear in the text. */
export class Concealer {
  readonly #values = new Map<string, string>();
  /** What stands in the place of each form of a value; of a piece that is not the first, nothing. */
  #marks = new Map<string, string>();
  #automaton: AhoCorasick | undefined;

  add(value: string, mark: string): void {
    if (value === '' || this.#values.has(value) || this.#values.size >= MOST_VALUES) return;
    this.#values.set(value, mark);
    this.#automaton = undefined;
  }

  conceal(text: string): string {
    if (this.#values.size === 0) return text;
    this.#automaton ??= this.#build();
    const words = [...this.#marks.keys()];
    let out = '';
    let at = 0;
    for (const { start, end, word } of this.#hits(this.#automaton, words, text)) {
      if (end <= at) continue;
      // What reaches out of one that is replaced already goes with it.
      if (start >= at) out += text.slice(at, start) + (this.#marks.get(words[word] ?? '') ?? '');
      at = end;
    }
    return out + text.slice(at);
  }

  /** By their starts, of those with the same start the longest first. */
  #hits(automaton: AhoCorasick, words: readonly string[], text: string): Hit[] {
    const hits: Hit[] = [];
    automaton.scan(unitsOf(text), text.length, (word, end) => {
      // Of all that end there the longest comes first, and the others are within it.
      if (hits.at(-1)?.end !== end) hits.push({ start: end - (words[word] ?? '').length, end, word });
    });
    return hits.toSorted((a, b) => a.start - b.start || b.end - a.end);
  }

  #build(): AhoCorasick {
    this.#marks = new Map();
    for (const [value, mark] of this.#values) {
      let written = value;
      // As it is, as JSON writes it, and as JSON in JSON does.
      for (let times = 0; times < 3; times += 1) {
        this.#addPieces(written, mark);
        const next = JSON.stringify(written).slice(1, -1);
        if (next === written) break;
        written = next;
      }
    }
    return new AhoCorasick([...this.#marks.keys()].map(unitsOf));
  }

  #addPieces(value: string, mark: string): void {
    const pieces = Math.ceil(value.length / PIECE);
    const length = Math.ceil(value.length / pieces);
    for (let piece = 0; piece < pieces; piece += 1) {
      const part = value.slice(piece * length, (piece + 1) * length);
      if (part !== '' && !this.#marks.has(part)) this.#marks.set(part, piece === 0 ? mark : '');
    }
  }
}

function unitsOf(text: string): Uint16Array {
  const units = new Uint16Array(text.length);
  for (let at = 0; at < text.length; at += 1) units[at] = text.charCodeAt(at);
  return units;
}
