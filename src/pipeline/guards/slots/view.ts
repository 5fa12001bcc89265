import type { TextSlot } from './slot.ts';

/** Some of a text's units, and what comes in their place. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly by: string;
}

/** What a slot says, as a reader would take it. */
export interface SlotView {
  readonly text: string;
  /**
   * The slot's text with parts of `text` replaced.
   * @param replacements in the order of their places, none over another
   */
  rewrite(replacements: readonly Replacement[]): string;
}

export function viewOf(slot: Pick<TextSlot, 'text' | 'encoding'>): SlotView {
  return slot.encoding === 'plain' ? new PlainView(slot.text) : jsonView(slot.text);
}

class PlainView implements SlotView {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  rewrite(replacements: readonly Replacement[]): string {
    return replaced(this.text, 0, this.text.length, replacements);
  }
}

/** The units from `start` to `end`, with what is replaced in them. */
function replaced(text: string, start: number, end: number, replacements: readonly Replacement[]): string {
  let out = '';
  let at = start;
  for (const { start: from, end: to, by } of replacements) {
    if (to <= start || from >= end) continue;
    out += text.slice(at, Math.max(at, from)) + by;
    at = Math.max(at, Math.min(to, end));
  }
  return out + text.slice(at, end);
}

/** One text or number in JSON, and where it stands in what is read. */
interface Token {
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly end: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * JSON as lines of `name: value`, so that words about a value stand beside it. Tokens are found without recursion, keys
 * as well as values and numbers, and what is not replaced keeps its bytes, also where a key is there twice.
 */
function jsonView(json: string): SlotView {
  const tokens: Token[] = [];
  const pieces: string[] = [];
  let length = 0;
  const add = (from: number, to: number, said: string, after: string): void => {
    tokens.push({ from, to, start: length, end: length + said.length });
    pieces.push(said, after);
    length += said.length + after.length;
  };
  for (let at = 0; at < json.length;) {
    const unit = json.charCodeAt(at);
    if (unit === QUOTE) {
      const end = endOfString(json, at);
      const token = json.slice(at, end);
      add(at, end, token.includes('\\') ? unescaped(token) : token.slice(1, -1), isKey(json, end) ? ': ' : '\n');
      at = end;
    } else if (isDigit(unit) || unit === 0x2d) {
      const end = endOfNumber(json, at);
      add(at, end, json.slice(at, end), '\n');
      at = end;
    } else at += 1;
  }
  const text = pieces.join('');
  return { text, rewrite: (replacements) => rewriteTokens(json, text, tokens, replacements) };
}

/** @param at the opening quote; the text is valid JSON */
export function endOfString(json: string, at: number): number {
  let quote = json.indexOf('"', at + 1);
  while (quote >= 0) {
    let slashes = 0;
    while (json.charCodeAt(quote - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return quote + 1;
    quote = json.indexOf('"', quote + 1);
  }
  return json.length;
}

function unescaped(token: string): string {
  try {
    return String(JSON.parse(token));
  } catch {
    return token;
  }
}

function isKey(json: string, end: number): boolean {
  let at = end;
  while (at < json.length && json.charCodeAt(at) <= 0x20) at += 1;
  return json[at] === ':';
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

function endOfNumber(json: string, at: number): number {
  let end = at + 1;
  while (end < json.length && /[\d.eE+-]/.test(json.charAt(end))) end += 1;
  return end;
}

/** A number in which something is replaced becomes a text. What reaches over several tokens is replaced in each. */
function rewriteTokens(
  json: string,
  text: string,
  tokens: readonly Token[],
  replacements: readonly Replacement[],
): string {
  let out = '';
  let at = 0;
  let next = 0;
  for (const { from, to, start, end } of tokens) {
    while ((replacements[next]?.end ?? Number.POSITIVE_INFINITY) <= start) next += 1;
    const inside: Replacement[] = [];
    for (let one = next; (replacements[one]?.start ?? end) < end; one += 1) {
      const found = replacements[one];
      if (found) inside.push(found);
    }
    if (inside.length === 0) continue;
    out += json.slice(at, from) + JSON.stringify(replaced(text, start, end, inside));
    at = to;
  }
  return out + json.slice(at);
}
