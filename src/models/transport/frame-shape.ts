import { type Json, isJsonObject, parseJson } from '../../core/json.ts';

/** Where the JSON of a frame has its text. */
export interface TextPlace {
  /** Names and places in lists, from the outside to the text. */
  readonly path: readonly (string | number)[];
  /** Members of the frame's object that may be another number or text in each frame, and say nothing. */
  readonly ignored: readonly string[];
}

/** A frame that is longer is seldom, and not worth a shape. */
const MOST_BYTES = 4096;
/** Digits of a number that is ignored. */
const MOST_DIGITS = 15;
/** Texts of ASCII that are gathered before they are made one. */
const SCRATCH_BYTES = 16 * 1024;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const ZERO = 0x30;
const NINE = 0x39;
const NONE = -1;

/** One frame with one line of data, in the bytes' own characters. */
const ONE_DATA_LINE = /^(?:event:[^\r\n]*\r?\n)?data:[^\r\n]*\r?\n\r?\n$/;

/** Stand in the holes of a frame while it is proved that these are what they are thought to be. */
const MARK = '~';
const MARK_NUMBER = 7;

type HoleKind = 'text' | 'string' | 'number';

interface Hole {
  readonly kind: HoleKind;
  readonly name: string;
  /** Of the first byte of the value itself, without a quote, and behind its last. */
  readonly from: number;
  readonly to: number;
}

/** Bytes between two holes, four in a word, and those that are left over. */
interface Literal {
  readonly words: Int32Array;
  readonly rest: Uint8Array;
  readonly length: number;
}

/** Written by one run at a time, and read before the next. */
const scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);
const NO_VIEW = new DataView(new ArrayBuffer(0));

/**
 * A frame of a stream with holes: where its text stands, and what is another number or name in each frame. Bytes that
 * are the same but for the holes are the same JSON but for these values, so that the text is read without the rest.
 */
export class FrameShape {
  readonly #literals: readonly Literal[];
  readonly #kinds: readonly HoleKind[];
  #view: DataView = NO_VIEW;
  #bytes: Buffer = scratch;
  /** Of the frame that was matched last: where its text stands, and whether it is ASCII as it is. */
  #textFrom = 0;
  #textTo = 0;
  #isPlain = true;
  #text = '';
  #held = 0;

  /** @returns undefined where the frame's JSON has no text there, or more than one line */
  static of(bytes: Buffer, start: number, end: number, place: TextPlace): FrameShape | undefined {
    if (end - start > MOST_BYTES) return undefined;
    // Each byte is a character, so that places in the one are places in the other.
    const source = bytes.toString('latin1', start, end);
    const holes = ONE_DATA_LINE.test(source) ? holesIn(source, place) : undefined;
    return holes && isProved(source, holes, place) ? new FrameShape(source, holes) : undefined;
  }

  private constructor(source: string, holes: readonly Hole[]) {
    const literals: Literal[] = [];
    let from = 0;
    for (const hole of holes) {
      literals.push(literalOf(source.slice(from, hole.from)));
      from = hole.to;
    }
    literals.push(literalOf(source.slice(from)));
    this.#literals = literals;
    this.#kinds = holes.map(({ kind }) => kind);
  }

  /** What the frames of the last run say together. */
  get text(): string {
    return this.#text;
  }

  /** Whether the frame between these places has it. */
  fits(bytes: Buffer, start: number, end: number): boolean {
    this.#look(bytes);
    const isLike = this.#match(start) === end;
    this.#forget();
    return isLike;
  }

  /** Reads as many frames of this shape as follow each other; `text` says what they say. @returns the place behind them */
  run(bytes: Buffer, start: number): number {
    this.#look(bytes);
    this.#text = '';
    let at = start;
    for (let end = this.#match(at); end !== NONE; end = this.#match(at)) {
      if (!this.#keep()) break;
      at = end;
    }
    this.#flush();
    this.#forget();
    return at;
  }

  #look(bytes: Buffer): void {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** A shape outlives the streams that it is used for. */
  #forget(): void {
    this.#bytes = scratch;
    this.#view = NO_VIEW;
  }

  /** @returns the place behind the frame, or `NONE` */
  #match(start: number): number {
    const literals = this.#literals;
    const kinds = this.#kinds;
    let at = start;
    for (let index = 0; index < literals.length; index += 1) {
      const literal = literals[index];
      if (literal === undefined) return NONE;
      at = this.#literal(literal, at);
      if (at === NONE || index === kinds.length) return at;
      const kind = kinds[index];
      at = kind === 'number' ? this.#number(at) : this.#string(at, kind === 'text');
      if (at === NONE) return NONE;
    }
    return at;
  }

  #literal({ words, rest, length }: Literal, start: number): number {
    const view = this.#view;
    if (start + length > view.byteLength) return NONE;
    let at = start;
    for (let index = 0; index < words.length; index += 1) {
      if (view.getInt32(at, true) !== words[index]) return NONE;
      at += 4;
    }
    for (let index = 0; index < rest.length; index += 1) {
      if (view.getUint8(at) !== rest[index]) return NONE;
      at += 1;
    }
    return at;
  }

  /** As JSON writes it; one that is not finished, or no number of JSON, is none. */
  #number(start: number): number {
    const bytes = this.#bytes;
    let at = start;
    for (;;) {
      const byte = bytes[at];
      if (byte === undefined || byte < ZERO || byte > NINE) break;
      at += 1;
    }
    const digits = at - start;
    const isOne = digits === 1 || (digits > 1 && digits <= MOST_DIGITS && bytes[start] !== ZERO);
    return isOne ? at : NONE;
  }

  /** The place of the quote that ends it. */
  #string(start: number, isText: boolean): number {
    const bytes = this.#bytes;
    let isPlain = true;
    let at = start;
    for (;;) {
      const byte = bytes[at];
      if (byte === undefined || byte < SPACE) return NONE;
      if (byte === QUOTE) break;
      if (byte >= 0x80) isPlain = false;
      else if (byte === BACKSLASH) {
        // What is ignored is not read, and so not known to be JSON.
        if (!isText) return NONE;
        isPlain = false;
        at += 1;
      }
      at += 1;
    }
    if (isText) {
      this.#textFrom = start;
      this.#textTo = at;
      this.#isPlain = isPlain;
    }
    return at;
  }

  /** Adds the text of the frame that was matched. @returns false where it is no JSON */
  #keep(): boolean {
    const from = this.#textFrom;
    const to = this.#textTo;
    if (!this.#isPlain) return this.#keepEncoded(from, to);
    const length = to - from;
    if (this.#held + length > SCRATCH_BYTES) this.#flush();
    if (length > SCRATCH_BYTES) {
      this.#text += this.#bytes.toString('latin1', from, to);
      return true;
    }
    const bytes = this.#bytes;
    let held = this.#held;
    for (let at = from; at < to; at += 1) {
      scratch[held] = bytes[at] ?? 0;
      held += 1;
    }
    this.#held = held;
    return true;
  }

  #keepEncoded(from: number, to: number): boolean {
    const text = parseJson(this.#bytes.toString('utf8', from - 1, to + 1));
    if (typeof text !== 'string') return false;
    this.#flush();
    this.#text += text;
    return true;
  }

  #flush(): void {
    if (this.#held > 0) this.#text += scratch.toString('latin1', 0, this.#held);
    this.#held = 0;
  }
}

function literalOf(source: string): Literal {
  const bytes = Buffer.from(source, 'latin1');
  const words = new Int32Array(bytes.length >>> 2);
  for (let index = 0; index < words.length; index += 1) words[index] = bytes.readInt32LE(index * 4);
  return { words, rest: bytes.subarray(words.length * 4), length: bytes.length };
}

/** The text's, and those of what is ignored and there, in the order in which they stand. */
function holesIn(source: string, { path, ignored }: TextPlace): readonly Hole[] | undefined {
  const name = path.at(-1);
  const text = typeof name === 'string' ? valueAfter(source, name) : undefined;
  if (text?.kind !== 'string') return undefined;
  const others = ignored.map((one) => valueAfter(source, one)).filter((hole) => hole !== undefined);
  return [{ ...text, kind: 'text' } as const, ...others].toSorted((a, b) => a.from - b.from);
}

/** A text or a whole number behind a name that stands there once. */
function valueAfter(source: string, name: string): Hole | undefined {
  const key = `"${name}":`;
  const at = source.indexOf(key);
  if (at < 0 || source.includes(key, at + 1)) return undefined;
  const [, space = '', value = ''] = /^(\s*)("(?:[^"\\]|\\.)*"|\d+)/.exec(source.slice(at + key.length)) ?? [];
  if (value === '') return undefined;
  const from = at + key.length + space.length;
  const to = from + value.length;
  return value.startsWith('"')
    ? { kind: 'string', name, from: from + 1, to: to - 1 }
    : { kind: 'number', name, from, to };
}

/** With marks in its holes, the frame's JSON has these marks at the places that were meant. */
function isProved(source: string, holes: readonly Hole[], { path }: TextPlace): boolean {
  let marked = '';
  let from = 0;
  for (const hole of holes) {
    marked += source.slice(from, hole.from) + (hole.kind === 'number' ? MARK_NUMBER : MARK + hole.kind);
    from = hole.to;
  }
  const json = parseJson(dataIn(marked + source.slice(from)));
  if (valueAt(json, path) !== `${MARK}text`) return false;
  return holes.every(({ kind, name }) => {
    return kind === 'text' || valueAt(json, [name]) === (kind === 'number' ? MARK_NUMBER : MARK + kind);
  });
}

function dataIn(frame: string): string {
  return frame.slice(frame.indexOf('data:', frame.startsWith('data:') ? 0 : frame.indexOf('\n') + 1) + 'data:'.length);
}

function valueAt(json: Json | undefined, path: readonly (string | number)[]): Json | undefined {
  let value = json;
  for (const step of path) {
    if (typeof step === 'number') value = Array.isArray(value) ? value[step] : undefined;
    else value = isJsonObject(value) ? value[step] : undefined;
  }
  return value;
}
