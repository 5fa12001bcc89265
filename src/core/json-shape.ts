import { type Member, type Span, decodeKey, endsScalar, rootSpan, skipSpace, skipString } from './json-spans.ts';
import { FILE_ADDRESSES, KEPT_NAMES } from './kept-names.ts';

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];

/** What one walk over a JSON text says of it, so that nobody has to walk over it or search it again. */
export interface JsonShape {
  /** Of the whole, as `membersOf` has them. */
  readonly members: readonly Member[];
  /** How deep it is nested: 0 for a plain value, 1 for `{}`. */
  readonly depth: number;
  /** Surely no object has a key twice, however it is written. Where it is false one may have. */
  readonly isClear: boolean;
  /** A key somewhere may name what a provider keeps: one of `KEPT_NAMES`, an address of a file, or one that is escaped. */
  readonly mayRefer: boolean;
  /** `"audio"` is a key somewhere, or a value. */
  readonly saysAudio: boolean;
  /** Each number is written in so few signs, and without an exponent, that a double is surely that number. */
  readonly hasShortNumbers: boolean;
  /** What is between the quotes of values that are too long to be the name of anything, in their order. */
  readonly longTexts: readonly Span[];
}

/** Of valid JSON. */
export function shapeOf(bytes: Buffer): JsonShape {
  const { members, depth, isClear, mayRefer, saysAudio, hasShortNumbers, longTexts } = new Walk(bytes);
  // Without the bytes: what is known of a body may outlive it.
  return { members, depth, isClear, mayRefer, saysAudio, hasShortNumbers, longTexts };
}

/** So many keys of one object, and of objects within each other, are told apart by their numbers alone. */
const MOST_KEYS = 64;

/** Of texts in {@link JsonShape.longTexts}, bytes with their quotes: to leave out shorter ones costs more than to read them. */
const LONG_TEXT = 4096;

const AUDIO = 'audio';
const BEYOND_ASCII = 0x80;

/** Numbers of names: most keys have another one, and are not looked at as text. */
const NUMBERS = new Uint8Array(1024);
for (const name of [...KEPT_NAMES, ...FILE_ADDRESSES, AUDIO]) NUMBERS[numberOf(Buffer.from(name)) & 1023] = 1;

function numberOf(key: Buffer): number {
  let number = key.length;
  for (const byte of key) number = withByte(number, byte);
  return number;
}

function withByte(number: number, byte: number): number {
  return (Math.imul(number, 31) + byte) | 0;
}

/** As many digits a double always keeps. */
const SURE_DIGITS = 15;
const [MINUS, ZERO, NINE, EXPONENT, SMALL] = [0x2d, 0x30, 0x39, 0x65, 0x20];

function startsNumber(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= ZERO && byte <= NINE) || byte === MINUS);
}

/** It reads bytes, so that no depth is too much for it. */
class Walk {
  readonly members: Member[] = [];
  depth = 0;
  isClear = true;
  mayRefer = false;
  saysAudio = false;
  hasShortNumbers = true;
  readonly longTexts: Span[] = [];
  readonly #bytes: Buffer;
  /** Numbers of the keys of all objects that are open, one object after the other. */
  readonly #keys: number[] = [];
  /** Where those of each object begin; below 0 those of a list. */
  readonly #begins: number[] = [];

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    const { start, end } = rootSpan(bytes);
    const first = bytes[start];
    if (first === OPEN_BRACE || first === OPEN_BRACKET) this.#whole(start, end, first === OPEN_BRACE);
    else this.#value(start);
  }

  /** An object or a list, and where its members stand. */
  #whole(begin: number, end: number, isObject: boolean): void {
    const bytes = this.#bytes;
    this.#open(isObject);
    let at = skipSpace(bytes, begin + 1);
    while (at < end - 1) {
      const start = at;
      let key: string | undefined;
      if (isObject) {
        const keyEnd = skipString(bytes, at);
        this.#key(at + 1, keyEnd - 1);
        key = decodeKey(bytes, at, keyEnd);
        at = skipSpace(bytes, skipSpace(bytes, keyEnd) + 1);
      }
      const valueEnd = this.#value(at);
      this.members.push({ key, start, value: { start: at, end: valueEnd } });
      at = skipSpace(bytes, valueEnd);
      if (bytes[at] === COMMA) at = skipSpace(bytes, at + 1);
    }
    this.#begins.pop();
  }

  /** `start` is the first byte of a value; returns the position after its last. */
  #value(start: number): number {
    const bytes = this.#bytes;
    const { length } = bytes;
    const first = bytes[start];
    let at = start;
    if (first === QUOTE) return this.#text(start);
    if (first !== OPEN_BRACE && first !== OPEN_BRACKET) {
      if (startsNumber(first)) return this.#number(start);
      while (at < length && !endsScalar(bytes[at])) at += 1;
      return at;
    }
    const outside = this.#begins.length;
    let isKey = false;
    while (at < length) {
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) {
        if (isKey) {
          const end = skipString(bytes, at);
          this.#key(at + 1, end - 1);
          at = end;
          isKey = false;
        } else at = this.#text(at);
        continue;
      }
      at += 1;
      if (byte === COMMA) isKey = (this.#begins.at(-1) ?? -1) >= 0;
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        isKey = byte === OPEN_BRACE;
        this.#open(isKey);
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        isKey = false;
        const begin = this.#begins.pop() ?? -1;
        if (begin >= 0) this.#keys.length = begin;
        if (this.#begins.length === outside) return at;
      } else if (startsNumber(byte)) at = this.#number(at - 1);
    }
    return at;
  }

  /** Returns the position after it. */
  #number(start: number): number {
    const bytes = this.#bytes;
    const { length } = bytes;
    let at = start + 1;
    while (at < length && !endsScalar(bytes[at])) {
      if (((bytes[at] ?? 0) | SMALL) === EXPONENT) this.hasShortNumbers = false;
      at += 1;
    }
    if (at - start > SURE_DIGITS) this.hasShortNumbers = false;
    return at;
  }

  #open(isObject: boolean): void {
    this.#begins.push(isObject ? this.#keys.length : -1);
    if (this.#begins.length > this.depth) this.depth = this.#begins.length;
  }

  /** A text that is a value. Returns the position after it. */
  #text(start: number): number {
    const end = skipString(this.#bytes, start);
    if (end - start === AUDIO.length + 2 && this.#bytes.toString('latin1', start + 1, end - 1) === AUDIO) {
      this.saysAudio = true;
    }
    if (end - start >= LONG_TEXT) this.longTexts.push({ start: start + 1, end: end - 1 });
    return end;
  }

  /** What is between its quotes. */
  #key(start: number, end: number): void {
    const bytes = this.#bytes;
    let number = end - start;
    let isPlain = true;
    for (let at = start; at < end; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte === BACKSLASH || byte >= BEYOND_ASCII) isPlain = false;
      number = withByte(number, byte);
    }
    // The same key may be written in other ways, and other bytes may be read as the same key where they are broken.
    if (!isPlain) this.isClear = false;
    if (!isPlain || NUMBERS[number & 1023] === 1) this.#name(bytes.toString('latin1', start, end));
    if (this.isClear) this.#compare(number);
  }

  #name(written: string): void {
    if (written === AUDIO) this.saysAudio = true;
    // Only who hides something writes a letter of a name as an escape.
    else if (KEPT_NAMES.has(written) || FILE_ADDRESSES.has(written) || written.includes('\\u')) this.mayRefer = true;
  }

  /** With the other keys of its object. */
  #compare(number: number): void {
    const keys = this.#keys;
    for (let at = this.#begins.at(-1) ?? 0; at < keys.length; at += 1) if (keys[at] === number) this.isClear = false;
    keys.push(number);
    if (keys.length > MOST_KEYS) this.isClear = false;
  }
}
