import { doubledKey, skipString } from '../../../core/json-spans.ts';

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];

/** What a JSON text looks like from afar. */
interface Shape {
  /** 0 for a plain value, 1 for `{}`. */
  readonly depth: number;
  /** An object in it names a key twice. */
  readonly hasDoubledKey: boolean;
}

/** Of bodies that several ask about. */
const known = new WeakMap<Buffer, Shape>();

/** How deep a JSON text is nested: 0 for a plain value, 1 for `{}`. It is read once, however many policies ask. */
export function jsonDepth(bytes: Buffer): number {
  return shapeOf(bytes).depth;
}

/** Whether an object of a JSON text names a key twice, at whatever depth. */
export function hasDoubledKey(bytes: Buffer): boolean {
  return shapeOf(bytes).hasDoubledKey;
}

function shapeOf(bytes: Buffer): Shape {
  let shape = known.get(bytes);
  if (!shape) {
    const reading = new Reading(bytes);
    const hasDoubled = reading.isClear ? false : doubledKey(bytes) !== undefined;
    shape = { depth: reading.deepest, hasDoubledKey: hasDoubled };
    known.set(bytes, shape);
  }
  return shape;
}

/** So many keys of one object, and of objects within each other, are told apart by their numbers alone. */
const MOST_KEYS = 64;

/** It reads bytes, so that no depth is too much for it. */
class Reading {
  deepest = 0;
  /** No two keys of an object can be the same: their bytes have other numbers. */
  isClear = true;
  readonly #bytes: Buffer;
  /** Numbers of the keys of all objects that are open, one object after the other. */
  readonly #keys: number[] = [];
  /** Where those of each object begin; below 0 those of an array. */
  readonly #begins: number[] = [];

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#read();
  }

  #read(): void {
    const bytes = this.#bytes;
    const { length } = bytes;
    let depth = 0;
    let isKey = false;
    for (let at = 0; at < length;) {
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) {
        const end = skipString(bytes, at);
        if (isKey) this.#key(at + 1, end - 1);
        isKey = false;
        at = end;
        continue;
      }
      at += 1;
      if (byte === COMMA) isKey = this.isClear && (this.#begins.at(-1) ?? -1) >= 0;
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        depth += 1;
        if (depth > this.deepest) this.deepest = depth;
        isKey = this.#open(byte === OPEN_BRACE);
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        depth -= 1;
        this.#close();
      }
    }
  }

  /** Returns whether a key comes next. */
  #open(isObject: boolean): boolean {
    if (!this.isClear) return false;
    this.#begins.push(isObject ? this.#keys.length : -1);
    return isObject;
  }

  #close(): void {
    const begin = this.#begins.pop();
    if (begin !== undefined && begin >= 0) this.#keys.length = begin;
  }

  #key(start: number, end: number): void {
    const bytes = this.#bytes;
    let number = end - start;
    for (let at = start; at < end; at += 1) {
      const byte = bytes[at] ?? 0;
      // The same key may be written in other ways.
      if (byte === BACKSLASH) this.isClear = false;
      number = (Math.imul(number, 31) + byte) | 0;
    }
    const keys = this.#keys;
    for (let at = this.#begins.at(-1) ?? 0; at < keys.length; at += 1) if (keys[at] === number) this.isClear = false;
    keys.push(number);
    if (keys.length > MOST_KEYS) this.isClear = false;
  }
}
