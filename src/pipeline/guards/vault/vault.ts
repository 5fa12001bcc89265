import { createHmac } from 'node:crypto';

import { Concealer } from './concealer.ts';
import { normalForm } from './normal-form.ts';

export interface VaultOptions {
  /** Makes marks that nobody else can make. */
  readonly secret: string | Buffer;
  /** The same value of another scope has another mark: the project. */
  readonly scope: string;
  /**
   * The request goes on with something that the provider keeps: the same value has the same mark in all its turns, and
   * numbers, which begin anew with each request, cannot be used.
   */
  readonly lasting: boolean;
}

/** So many values are kept; what is found beyond them is replaced for good. */
export const MOST_VALUES = 10_000;
const CODE_LENGTH = 6;
/** `[`, the longest category, `_`, a code, `]`, and a space on either side. */
const MOST_MARK = 44;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** Models write brackets wide, names small, and put spaces inside. */
const MARK = /[[【［] ?([A-Z][A-Z0-9_]{0,30})_([A-Z0-9]{1,6}) ?[\]】］]/gi;
const OPENING = ['[', '【', '［'] as const;

/** What most requests have nothing of. */
class Kept {
  /** By category and normal form. */
  readonly marks = new Map<string, string>();
  /** By category and the form in which it was found, which is most often seen before. */
  readonly written = new Map<string, string>();
  /** By `PHONE_1`. */
  readonly values = new Map<string, string>();
  readonly categories = new Set<string>();
  readonly counts = new Map<string, number>();
  /** What the client itself wrote. */
  readonly taken = new Set<string>();
  readonly concealer = new Concealer();

  constructor(reserved: readonly string[]) {
    for (const text of reserved) {
      if (!OPENING.some((bracket) => text.includes(bracket))) continue;
      for (const [, category = '', code = ''] of text.matchAll(MARK)) {
        if (this.taken.size < MOST_VALUES) this.taken.add(nameOf(category, code));
      }
    }
  }
}

/**
 * What was taken out of one request, and the marks that stand in its place. It lives as long as the request, and is
 * written nowhere.
 */
export class Vault {
  readonly #options: VaultOptions;
  readonly #reserved: string[] = [];
  /** Made for the first mark. */
  #kept: Kept | undefined;
  #isOver = false;

  constructor(options: VaultOptions) {
    this.#options = options;
  }

  get #all(): Kept {
    return (this.#kept ??= new Kept(this.#reserved));
  }

  /** There were more values than are kept: some do not come back. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Nothing comes back. */
  get isEmpty(): boolean {
    return this.#kept === undefined || this.#kept.values.size === 0;
  }

  /** The marks in a text of the client are its own: none of ours is the same. Before the first {@link mark}. */
  reserve(text: string): void {
    this.#reserved.push(text);
  }

  /** What stands in place of a value; the same for the same value, however it is spaced. The form seen first comes back. */
  mark(category: string, value: string): string {
    const written = `${category}\0${value}`;
    const mark = this.#all.written.get(written) ?? this.#markOf(category, value);
    if (this.#all.written.size < MOST_VALUES) this.#all.written.set(written, mark);
    return mark;
  }

  #markOf(category: string, value: string): string {
    const key = `${category}\0${normalForm(category, value)}`;
    const known = this.#all.marks.get(key);
    if (known !== undefined) {
      this.#all.concealer.add(value, known);
      return known;
    }
    if (this.#all.marks.size >= MOST_VALUES) {
      this.#isOver = true;
      return this.erase(category, value);
    }
    // A client that wrote so many marks gets ones that it cannot have guessed.
    const isCoded = this.#options.lasting || this.#all.taken.size >= MOST_VALUES;
    const name = isCoded ? this.#codedName(category, key) : this.#numberedName(category);
    const mark = `[${name}]`;
    this.#all.marks.set(key, mark);
    this.#all.values.set(name, value);
    this.#all.categories.add(category);
    this.#all.concealer.add(value, mark);
    return mark;
  }

  /** What stands in place of a value that does not come back. */
  erase(category: string, value: string): string {
    const mark = `[${category}]`;
    this.#all.concealer.add(value, mark);
    return mark;
  }

  /** Puts the values in the place of their marks. */
  restore(text: string): string {
    return this.#restored(text, (value) => value);
  }

  /** The same within JSON, whose texts have the marks: the values are written as JSON has them in texts. */
  restoreJson(text: string): string {
    return this.#restored(text, (value) => JSON.stringify(value).slice(1, -1));
  }

  /** Puts the marks in the place of the values, plain or as JSON writes them. */
  conceal(text: string): string {
    return this.#kept ? this.#kept.concealer.conceal(text) : text;
  }

  /**
   * The same within JSON, for records: in its texts, numbers and names. Undefined where it is no JSON, or there is more to
   * be taken out than is looked for.
   */
  concealJson(bytes: Buffer): Buffer | undefined {
    return this.#all.concealer.concealJson(bytes);
  }

  /** How many units at the end of a text that grows may begin a mark of this request. */
  heldOf(end: string): number {
    if (this.isEmpty) return 0;
    const from = Math.max(...OPENING.map((bracket) => end.lastIndexOf(bracket)));
    if (from < 0 || end.length - from > MOST_MARK) return 0;
    const begun = end
      .slice(from + 1)
      .replace(/^ /, '')
      .toUpperCase();
    for (const category of this.#all.categories) {
      const name = `${category}_`;
      if (name.startsWith(begun)) return end.length - from;
      if (begun.startsWith(name) && /^[A-Z0-9]{0,6} ?$/.test(begun.slice(name.length))) return end.length - from;
    }
    return 0;
  }

  #restored(text: string, write: (value: string) => string): string {
    if (this.isEmpty || !OPENING.some((bracket) => text.includes(bracket))) return text;
    return text.replaceAll(MARK, (mark, category: string, code: string) => {
      const value = this.#all.values.get(nameOf(category, code));
      return value === undefined ? mark : write(value);
    });
  }

  #numberedName(category: string): string {
    let count = this.#all.counts.get(category) ?? 0;
    let name: string;
    do name = `${category}_${(count += 1)}`;
    while (this.#all.taken.has(name));
    this.#all.counts.set(category, count);
    return name;
  }

  #codedName(category: string, key: string): string {
    const { secret, scope } = this.#options;
    for (let round = 0; ; round += 1) {
      const digest = createHmac('sha256', secret).update(`${scope}\0${round}\0${key}`).digest();
      const code = Array.from(digest.subarray(0, CODE_LENGTH), (byte) => ALPHABET.charAt(byte % ALPHABET.length));
      const name = `${category}_${code.join('')}`;
      if (!this.#all.values.has(name) && !this.#all.taken.has(name)) return name;
    }
  }
}

function nameOf(category: string, code: string): string {
  return `${category}_${code}`.toUpperCase();
}
