import { isUtf8 } from 'node:buffer';

import type { CallBody } from '../../../core/call-body.ts';
import { skipString } from '../../../core/json-spans.ts';
import type { Json } from '../../../core/json.ts';

const QUOTE = 0x22;
const COLON = 0x3a;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

/**
 * Whether what a body was parsed to says all that its bytes say, so that two texts with equal values are the same to any
 * reader: no member twice in one object, no number that a double cannot hold, no broken characters.
 */
export function saysAll({ raw, json, shape }: Pick<CallBody, 'raw' | 'json' | 'shape'>): boolean {
  if (!isUtf8(raw)) return false;
  const { isClear, hasShortNumbers, depth } = shape;
  return (isClear && hasShortNumbers && depth <= MOST_DEPTH) || saysAllAt(raw, json);
}

/** The same where it is not plain from the shape. */
function saysAllAt(bytes: Buffer, value: Json): boolean {
  let members = 0;
  let at = 0;
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) {
      at = skipString(bytes, at);
    } else if (byte === MINUS || (byte >= ZERO && byte <= NINE)) {
      const end = endOfNumber(bytes, at);
      if (!isExact(bytes, at, end)) return false;
      at = end;
    } else {
      if (byte === COLON) members += 1;
      at += 1;
    }
  }
  return members === membersIn(value);
}

function endOfNumber(bytes: Buffer, start: number): number {
  let at = start + 1;
  while (at < bytes.length && isOfNumber(bytes[at] ?? 0)) at += 1;
  return at;
}

/** Digits, `+`, `-`, `.`, `e` and `E`. */
function isOfNumber(byte: number): boolean {
  return (byte >= ZERO && byte <= NINE) || byte === MINUS || byte === 0x2e || (byte | 0x20) === 0x65 || byte === 0x2b;
}

/** As many digits a double always keeps, so that two such numbers are equal only where they mean the same. */
const SURE_DIGITS = 15;
/** Below that a double keeps fewer. */
const SURELY_NORMAL = 1e-290;

function isExact(bytes: Buffer, start: number, end: number): boolean {
  const length = end - start;
  if (length === 1) return true;
  const source = bytes.toString('latin1', start, end);
  const exponent = source.search(/[eE]/);
  if (exponent < 0 && length <= SURE_DIGITS) return true;
  const value = Number(source);
  if (!Number.isFinite(value)) return false;
  const digits = (exponent < 0 ? source : source.slice(0, exponent)).replaceAll(/\D/g, '');
  if (digits.length > SURE_DIGITS) return String(value) === source;
  return Math.abs(value) >= SURELY_NORMAL || /^0*$/.test(digits);
}

/** Deeper than any request; not a number there, so that nothing equals it. */
const MOST_DEPTH = 200;

function membersIn(value: Json | undefined, depth = 0): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth > MOST_DEPTH) return Number.NaN;
  let members = 0;
  if (Array.isArray(value)) {
    for (const item of value) members += membersIn(item, depth + 1);
    return members;
  }
  for (const name of Object.keys(value)) members += 1 + membersIn(value[name], depth + 1);
  return members;
}
