import { isLatin } from '../../../../core/texts/script.ts';
import { ContextWords } from './context-words.ts';

/** What a recogniser found; places are units of the plain view. */
export interface Found {
  readonly start: number;
  readonly end: number;
  readonly category: string;
  readonly score: number;
  /** Of two that overlap the one with the higher rank stays, then the longer one, then the surer one. */
  readonly rank: number;
}

/** Ranks of what is found. */
export const RANK = { guess: 0, form: 1, own: 2, secret: 3 } as const;

/** One plain text, as recognisers look at it. */
export class Sight {
  readonly text: string;
  /** What it has that something may begin with: a recogniser looks no further where that is not there. */
  readonly traits: number;
  readonly words: ContextWords;
  readonly found: Found[] = [];

  constructor(text: string, traits: number) {
    this.text = text;
    this.traits = traits;
    this.words = new ContextWords(text);
  }

  add(start: number, end: number, category: string, score: number, rank: number = RANK.form): void {
    if (end > start) this.found.push({ start, end, category, score, rank });
  }
}

/** Looks for some kinds of data. Time is linear in the length of the text. */
export type Recogniser = (sight: Sight) => void;

/** The UTF-16 units of a text. */
export function unitsOf(text: string): ReadonlySet<number> {
  return new Set(Array.from({ length: text.length }, (_none, at) => text.charCodeAt(at)));
}

/** Of a UTF-16 unit. */
export function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

const BACKSLASH = 0x5c;
const ESCAPES = /[nrtbf]/;

/** Whether a word or a number that begins here is not the rest of a longer one. The letter before may be that of `\n` in JSON. */
export function beginsWord(text: string, at: number): boolean {
  if (at === 0) return true;
  const before = text.charCodeAt(at - 1);
  if (isDigit(before)) return false;
  if (!isLatin(before)) return true;
  return at > 1 && text.charCodeAt(at - 2) === BACKSLASH && ESCAPES.test(text[at - 1] ?? '');
}

/** Whether a word or a number that ends here does not go on. */
export function endsWord(text: string, end: number): boolean {
  const after = text.charCodeAt(end);
  return !isDigit(after) && !isLatin(after);
}
