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

/** Takes a repetition of the end of a text away, the longest that there is. */
class Repetition implements Seam {
  readonly #said: string;
  /** From where on all that came so far is repeated; the longest repetition is the first. */
  #places: readonly number[];
  /** How many characters of the start are a repetition, as far as known. */
  #repeated = 0;
  #waiting = '';
  #isOver = false;

  /** @param places where a repetition may begin, in their order */
  constructor(said: string, places: readonly number[]) {
    this.#said = said;
    this.#places = places;
  }

  add(text: string): string {
    if (this.#isOver) return text;
    this.#waiting += text;
    const more = this.#waiting;
    const { length } = this.#said;
    this.#places = this.#places.filter((place) => this.#said.startsWith(more.slice(0, length - place), place));
    const whole = this.#places.find((place) => length - place <= more.length);
    if (whole !== undefined) this.#repeated = length - whole;
    return this.#places.some((place) => length - place > more.length) ? '' : this.#settle();
  }

  end(): string {
    return this.#isOver ? '' : this.#settle();
  }

  #settle(): string {
    this.#isOver = true;
    return this.#waiting.slice(this.#repeated);
  }
}

/** After an instruction to go on, which models may answer with the last words again, or with all of it. */
export function instructedSeam(said: string): Seam {
  const tail = said.slice(-MOST_REPEATED);
  const last = tail.length - LEAST_REPEATED;
  const places = Array.from({ length: Math.max(0, last + 1) }, (_, at) => at);
  const word = LAST_WORD.exec(tail)?.index;
  if (word !== undefined && word > last) places.push(word);
  return new Repetition(tail, places);
}

/**
 * After a prefill, from whose end white space was taken away, as some models refuse it: what of it the model writes
 * again is there already. Some providers (Mistral) answer with all of the prefill and what follows it.
 */
export class PrefillSeam implements Seam {
  readonly #echo: Repetition;
  #missing: string;

  /** @param said all of it, with the white space */
  constructor(said: string) {
    const sent = said.trimEnd();
    this.#echo = new Repetition(sent, sent.length >= LEAST_REPEATED ? [0] : []);
    this.#missing = said.slice(sent.length);
  }

  add(text: string): string {
    return this.#spaced(this.#echo.add(text));
  }

  end(): string {
    return this.#spaced(this.#echo.end());
  }

  #spaced(text: string): string {
    let at = 0;
    while (at < text.length && this.#missing !== '' && text[at] === this.#missing[0]) {
      this.#missing = this.#missing.slice(1);
      at += 1;
    }
    if (at < text.length) this.#missing = '';
    return text.slice(at);
  }
}
