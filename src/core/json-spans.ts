/**
 * Finds where values stand in the bytes of a valid JSON text, so that one value can be changed
 * and every other byte stays as the client sent it.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** Short strings are walked byte by byte; past this the native search is faster. */
const WALK_BYTES = 48;

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One member of an object, or one element of an array (`key` undefined). */
export interface Member {
  readonly key: string | undefined;
  /** From the first byte of the key (or of the element). */
  readonly start: number;
  readonly value: Span;
}

export function skipSpace(bytes: Buffer, at: number): number {
  let i = at;
  while (i < bytes.length) {
    if (!isSpace(bytes[i])) break;
    i += 1;
  }
  return i;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** `at` is the opening quote; returns the position after the closing one. */
export function skipString(bytes: Buffer, at: number): number {
  let i = at + 1;
  const walkTo = Math.min(bytes.length, i + WALK_BYTES);
  while (i < walkTo) {
    const byte = bytes[i];
    if (byte === QUOTE) return i + 1;
    i += byte === BACKSLASH ? 2 : 1;
  }
  while (i < bytes.length) {
    const quote = bytes.indexOf(QUOTE, i);
    if (quote < 0) return bytes.length;
    let slashes = 0;
    while (quote - 1 - slashes >= i && bytes[quote - 1 - slashes] === BACKSLASH) slashes += 1;
    i = quote + 1;
    if (slashes % 2 === 0) return i;
  }
  return bytes.length;
}

/** `at` is the first byte of a value; returns the position after its last. */
function skipValue(bytes: Buffer, at: number): number {
  const first = bytes[at];
  if (first === QUOTE) return skipString(bytes, at);
  let i = at;
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) {
    while (i < bytes.length && !endsScalar(bytes[i])) i += 1;
    return i;
  }
  let depth = 0;
  while (i < bytes.length) {
    const byte = bytes[i];
    if (byte === QUOTE) {
      i = skipString(bytes, i);
      continue;
    }
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
    if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth -= 1;
    i += 1;
    if (depth === 0) return i;
  }
  return i;
}

export function endsScalar(byte: number | undefined): boolean {
  return byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET || (byte !== undefined && byte <= 0x20);
}

export function decodeKey(bytes: Buffer, start: number, end: number): string {
  const raw = bytes.toString('utf8', start, end);
  return raw.includes('\\') ? (JSON.parse(raw) as string) : raw.slice(1, -1);
}

/**
 * The members of the object or array that begins at `span.start`, in their order, duplicates included.
 * The text must be valid JSON; a scalar has no members.
 */
export function membersOf(bytes: Buffer, span: Span): Member[] {
  const members: Member[] = [];
  const isObject = bytes[span.start] === OPEN_BRACE;
  if (!isObject && bytes[span.start] !== OPEN_BRACKET) return members;
  let i = skipSpace(bytes, span.start + 1);
  while (i < span.end - 1) {
    const start = i;
    let key: string | undefined;
    if (isObject) {
      const keyEnd = skipString(bytes, i);
      key = decodeKey(bytes, i, keyEnd);
      i = skipSpace(bytes, skipSpace(bytes, keyEnd) + 1);
    }
    const end = skipValue(bytes, i);
    members.push({ key, start, value: { start: i, end } });
    i = skipSpace(bytes, end);
    if (bytes[i] === COMMA) i = skipSpace(bytes, i + 1);
  }
  return members;
}

/** The span of the whole document's value, without white space around it. The text must be valid JSON. */
export function rootSpan(bytes: Buffer): Span {
  const start = skipSpace(bytes, 0);
  let end = bytes.length;
  while (end > start && isSpace(bytes[end - 1])) end -= 1;
  return { start, end };
}

/** The first key that an object of the text has twice, at whatever depth; `bytes` must be valid JSON. */
export function doubledKey(bytes: Buffer): string | undefined {
  /** The keys so far of every object that is open; of an array undefined. */
  const open: (Set<string> | undefined)[] = [];
  let isKey = false;
  for (let i = 0; i < bytes.length;) {
    const byte = bytes[i];
    if (byte === QUOTE) {
      const end = skipString(bytes, i);
      const keys = isKey ? open.at(-1) : undefined;
      const key = keys && decodeKey(bytes, i, end);
      if (key !== undefined && keys?.has(key)) return key;
      if (key !== undefined) keys?.add(key);
      isKey = false;
      i = end;
      continue;
    }
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) open.push(byte === OPEN_BRACE ? new Set() : undefined);
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) open.pop();
    if (byte === OPEN_BRACE) isKey = true;
    else if (byte === COMMA) isKey = open.at(-1) !== undefined;
    i += 1;
  }
  return undefined;
}

/** A name as a part of a pointer. @see https://www.rfc-editor.org/rfc/rfc6901 (checked 2026-11-22) */
export function pointerPart(name: string): string {
  return name.includes('~') || name.includes('/') ? name.replaceAll('~', '~0').replaceAll('/', '~1') : name;
}

/** `/messages/0/content` → its parts, with `~1` and `~0` undone. @see https://www.rfc-editor.org/rfc/rfc6901 */
export function pointerParts(pointer: string): string[] {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}
