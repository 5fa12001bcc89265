import { hash } from 'node:crypto';

/** A shorter text needs no digest to stand for it. UTF-16 units. */
const LONG_TEXT = 8192;

/** Of more texts than that they would be looked through in vain. */
const MOST_KNOWN = 2 * 64;

/**
 * SHA-256 of the long texts of one request, in hex: worked out when one is asked for, or before that by a thread that reads
 * the texts anyway.
 */
export class TextDigests {
  /** Texts and their digests in turn: the runtime would have to read all of a text to find it in a map. */
  readonly #known: string[] = [];

  static isLong(text: string): boolean {
    return text.length > LONG_TEXT;
  }

  /** It is a long text whose digest nobody has worked out. */
  lacks(text: string): boolean {
    return TextDigests.isLong(text) && this.#find(text) === undefined;
  }

  note(text: string, digest: string): void {
    if (this.#known.length < MOST_KNOWN) this.#known.push(text, digest);
  }

  of(text: string): string {
    return this.#find(text) ?? digestOf(text);
  }

  #find(text: string): string | undefined {
    const known = this.#known;
    for (let at = 0; at < known.length; at += 2) if (known[at] === text) return known[at + 1];
    return undefined;
  }
}

/** Halves of surrogate pairs have no bytes: texts that differ in them alone have one digest. */
export function digestOf(text: string): string {
  return hash('sha256', text);
}
