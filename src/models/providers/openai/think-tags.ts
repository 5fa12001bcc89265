/** A piece of a text, and whether it stood between the tags. */
export interface TaggedPiece {
  readonly thinks: boolean;
  readonly text: string;
}

const OPEN = '<think>';
const CLOSE = '</think>';

/**
 * Takes apart texts that begin with `<think>…</think>`, as models write them whose server does not. Only what stands
 * at the very beginning is a tag; a model that writes about tags later is not cut. What may still become a tag waits.
 */
export class ThinkTags {
  #state: 'before' | 'opened' | 'inside' | 'after-tag' | 'text' = 'before';
  #held = '';

  read(text: string): TaggedPiece[] {
    if (this.#state === 'text') return [{ thinks: false, text }];
    this.#held += text;
    if (this.#state === 'before') this.#open();
    if (this.#state === 'opened') this.#begin();
    return this.#state === 'inside' ? this.#inside() : this.#flush();
  }

  /** What waited for a tag that did not come. */
  end(): TaggedPiece[] {
    const rest = { thinks: this.#state === 'inside', text: this.#held };
    this.#held = '';
    return [rest];
  }

  #open(): void {
    const text = this.#held.trimStart();
    if (text.startsWith(OPEN)) {
      this.#state = 'opened';
      this.#held = text.slice(OPEN.length);
    } else if (!OPEN.startsWith(text)) this.#state = 'text';
  }

  /** The line that the tag stands on ends with it. */
  #begin(): void {
    if (this.#held === '') return;
    this.#state = 'inside';
    this.#held = this.#held.replace(/^\n/, '');
  }

  #inside(): TaggedPiece[] {
    const at = this.#held.indexOf(CLOSE);
    if (at < 0) {
      const kept = lengthOfStart(this.#held);
      return this.#take(this.#held.length - kept, true);
    }
    const [piece] = this.#take(at, true);
    this.#held = this.#held.slice(CLOSE.length);
    this.#state = 'after-tag';
    return [...(piece ? [piece] : []), ...this.#flush()];
  }

  /** The blank lines between the two are part of neither. */
  #flush(): TaggedPiece[] {
    if (this.#state === 'before' || this.#state === 'opened') return [];
    if (this.#state === 'after-tag') {
      this.#held = this.#held.trimStart();
      if (this.#held === '') return [];
      this.#state = 'text';
    }
    return this.#take(this.#held.length, false);
  }

  #take(length: number, thinks: boolean): TaggedPiece[] {
    const text = this.#held.slice(0, length);
    this.#held = this.#held.slice(length);
    return [{ thinks, text }];
  }
}

/** How much at the end of a text may be the beginning of the closing tag. */
function lengthOfStart(text: string): number {
  for (let length = Math.min(CLOSE.length - 1, text.length); length > 0; length -= 1) {
    if (CLOSE.startsWith(text.slice(-length))) return length;
  }
  return 0;
}
