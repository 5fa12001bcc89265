/** Characters of pieces that are put together in one. */
const BLOCK = 256;
/** Half of a pair twice is in no text that is well formed. */
const NEVER = '\u{D800}\u{D800}';

/**
 * A text that grows by small pieces and lives for long. The runtime keeps a text that was added to as a tree of all its
 * pieces until it is read; here some dozens of them are one.
 */
export class GrowingText {
  #whole = '';
  #open = '';

  get text(): string {
    return this.#whole + this.#open;
  }

  add(piece: string): void {
    this.#open += piece;
    if (this.#open.length < BLOCK) return;
    this.#whole += inOnePiece(this.#open);
    this.#open = '';
  }
}

/** A text in which something is looked for is made one piece for that, and stays it. */
function inOnePiece(text: string): string {
  return text.includes(NEVER) ? text.slice() : text;
}
