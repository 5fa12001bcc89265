import { type Json, isJsonObject } from '../../core/json.ts';

/** JSON before a model may be indented by this for each level. */
const INDENT = 4;
/** What `\\uXXXX` takes. */
const ESCAPED = 6;
/** Signs around a value or a name: quotes, a colon, a comma, spaces, a line break. */
const AROUND = 8;
/** The longest way in which a number of 64 bits is written. */
const NUMBER = 32;
/** For whatever else a way of writing puts around names and values. */
const MARGIN = 2;
/** Schemas that nest deeper are bounded by the context alone. */
const DEEPEST = 100;

/** A text of so many bytes takes as long as it does to look whether it is known. */
const LONG = 4096;

/** A bound in the making: a number so far, or only the context, or none at all. */
export class BoundSum {
  readonly #keepsText: boolean;
  #tokens = 0;
  #prompts = 1;
  #onlyText = true;
  #kind: 'number' | 'context' | 'unbounded' = 'number';

  /** `keepsText`: the tokenizer is known not to normalize. */
  constructor(keepsText: boolean) {
    this.#keepsText = keepsText;
  }

  /** One of the same tokenizer, with nothing in it. */
  empty(): BoundSum {
    return new BoundSum(this.#keepsText);
  }

  /** Adds all of another one, but for how many prompts it has. */
  merge(other: BoundSum): void {
    this.#tokens += other.#tokens;
    if (!other.#onlyText) this.#onlyText = false;
    if (other.#kind === 'unbounded' || this.#kind === 'number') this.#kind = other.#kind;
  }

  /** It took some time to come to it. */
  get isLong(): boolean {
    return this.#tokens >= LONG;
  }

  add(tokens: number): void {
    this.#tokens += tokens;
  }

  /** Tokens of an image, of sound or of a film. */
  media(tokens: number): void {
    this.#onlyText = false;
    this.#tokens += tokens;
  }

  /** How many prompts there are, each with a context of its own. */
  get prompts(): number {
    return this.#prompts;
  }

  set prompts(count: number) {
    this.#prompts = count;
  }

  /** Something whose tokens only the context bounds, and which may be anything. */
  context(): void {
    this.#onlyText = false;
    if (this.#kind === 'number') this.#kind = 'context';
  }

  /** Something that even several contexts may not bound. */
  unbounded(): void {
    this.#onlyText = false;
    this.#kind = 'unbounded';
  }

  /** Nothing but text was seen, so that nothing else can be billed. */
  get onlyText(): boolean {
    return this.#onlyText;
  }

  /** Several contexts may not bound it: the provider may run tools that it bills, and ask the model again. */
  get isEndless(): boolean {
    return this.#kind === 'unbounded';
  }

  /** The bound, where a prompt has to be within the context; undefined where there is none. */
  within(contextTokens: number | undefined): number | undefined {
    if (this.#kind === 'unbounded') return undefined;
    const most = (contextTokens ?? Infinity) * this.#prompts;
    const tokens = this.#kind === 'context' ? most : Math.min(this.#tokens, most);
    return tokens === Infinity ? undefined : tokens;
  }

  /** No more tokens than bytes, in the longest form that a tokenizer might bring the text into. */
  text(text: string): number {
    const bytes = Buffer.byteLength(text);
    // As many bytes as code units: ASCII, which every form leaves alone.
    if (this.#keepsText || bytes === text.length) return bytes;
    return Math.max(bytes, Buffer.byteLength(text.normalize('NFC')), Buffer.byteLength(text.normalize('NFKC')));
  }

  /** A value that is written out for the model in some way that is not known. */
  structure(value: Json): number {
    return MARGIN * this.#written(value, 0);
  }

  #written(value: Json | undefined, depth: number): number {
    const around = AROUND + INDENT * depth;
    if (typeof value === 'string') return around + this.#quoted(value);
    if (typeof value === 'number') return around + this.#number(value);
    if (typeof value !== 'object' || value === null) return around;
    if (depth > DEEPEST) {
      this.context();
      return 0;
    }
    let bytes = 2 * around;
    if (!isJsonObject(value)) for (const item of value) bytes += this.#written(item, depth + 1);
    else {
      for (const [name, field] of Object.entries(value)) {
        if (field !== undefined) bytes += this.#quoted(name) + this.#written(field, depth + 1);
      }
    }
    return bytes;
  }

  #quoted(text: string): number {
    const quoted = JSON.stringify(text);
    return Math.max(quoted.length + (ESCAPED - 1) * beyondAscii(quoted), this.text(quoted));
  }

  /** An integer beyond a double's may have had any number of digits. */
  #number(value: number): number {
    if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) this.context();
    return NUMBER;
  }
}

function beyondAscii(text: string): number {
  if (Buffer.byteLength(text) === text.length) return 0;
  let count = 0;
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 127) count += 1;
  return count;
}
