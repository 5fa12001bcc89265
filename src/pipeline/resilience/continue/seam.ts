/** Repetitions shorter than this may be meant: a ruler, a list, the same word twice. */
const LEAST_REPEATED = 16;

/** No more of the end of a text is looked at than this. */
const MOST_REPEATED = 16_384;

/** Letters and digits that a text ends with: a word that may not be whole. */
const LAST_WORD = /[\p{L}\p{N}]{3,}$/u;

/**
 * Where one text goes on with another: takes away from the start of the second what the first has said already. What
 * may still turn out to be a repetition waits.
 */
export interface Seam {
  /** What of it is new, as far as that is known. */
  add(text: string): string;
  /** What still waits, as nothing follows. */
  end(): string;
}

/**
 * After a prefill, from whose end white space was taken away, as some models refuse it: what of it the model writes
 * again is there already.
 */
export class PrefillSeam implements Seam {
  #missing: string;

  /** @param said all of it, with the white space */
  constructor(said: string) {
    this.#missing = said.slice(said.trimEnd().length);
  }

  add(text: string): string {
    let at = 0;
    while (at < text.length && this.#missing !== '' && text[at] === this.#missing[0]) {
      this.#missing = this.#missing.slice(1);
      at += 1;
    }
    if (at < text.length) this.#missing = '';
    return text.slice(at);
  }

  end(): string {
    return '';
  }
}

/** After an instruction to go on, which models may answer with the last words again, or with all of it. */
export class InstructedSeam implements Seam {
  readonly #tail: string;
  /** Places in the tail from which all that came so far is repeated; the longest repetition is the first. */
  #places: number[];
  /** How many characters of the start are a repetition, as far as known. */
  #repeated = 0;
  #waiting = '';
  #isOver = false;

  constructor(said: string) {
    this.#tail = said.slice(-MOST_REPEATED);
    const word = LAST_WORD.exec(this.#tail)?.index;
    const last = this.#tail.length - LEAST_REPEATED;
    this.#places = Array.from({ length: Math.max(0, last + 1) }, (_, at) => at);
    if (word !== undefined && word > last) this.#places.push(word);
  }

  add(text: string): string {
    if (this.#isOver) return text;
    this.#waiting += text;
    const said = this.#waiting;
    const isPossible = (place: number): boolean =>
      this.#tail.startsWith(said.slice(0, this.#tail.length - place), place);
    this.#places = this.#places.filter(isPossible);
    const whole = this.#places.find((place) => this.#tail.length - place <= said.length);
    if (whole !== undefined) this.#repeated = this.#tail.length - whole;
    const isUndecided = this.#places.some((place) => this.#tail.length - place > said.length);
    return isUndecided ? '' : this.#settle();
  }

  end(): string {
    return this.#isOver ? '' : this.#settle();
  }

  #settle(): string {
    this.#isOver = true;
    return this.#waiting.slice(this.#repeated);
  }
}
