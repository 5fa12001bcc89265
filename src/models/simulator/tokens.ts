/**
 * The simulator's tokenizer: close to what real ones count, simple enough to predict, and the same everywhere.
 *
 * A token is a piece of a word of up to 6 letters (3 outside Latin), up to 3 digits, up to 2 signs, each with the one
 * space before it, or a run of white space, or one CJK character. That is about 4 characters a token in English
 * and 1 token a character in Chinese.
 */

type Kind = 'latin' | 'letter' | 'digit' | 'sign' | 'space' | 'cjk' | 'pair';

const MOST: Record<Kind, number> = { latin: 6, letter: 3, digit: 3, sign: 2, space: 16, cjk: 1, pair: 2 };

const SPACE = 0x20;

function asciiKind(code: number): Kind {
  if (code <= SPACE) return 'space';
  if (code >= 0x30 && code <= 0x39) return 'digit';
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a ? 'latin' : 'sign';
}

/** Kana, Han, Hangul, their punctuation and full-width forms. */
function isCjk(code: number): boolean {
  return (code >= 0x2e80 && code <= 0x9fff) || (code >= 0xac00 && code <= 0xd7af) || (code >= 0xf900 && code <= 0xffef);
}

function kindAt(text: string, at: number): Kind {
  const code = text.charCodeAt(at);
  if (code < 0x80) return asciiKind(code);
  if (code >= 0xd800 && code <= 0xdfff) return 'pair';
  if (isCjk(code)) return 'cjk';
  if (code >= 0x2000 && code <= 0x2bff) return 'sign';
  if (code === 0xa0) return 'space';
  return code < 0x250 ? 'latin' : 'letter';
}

/** Where the token that begins at `at` ends. `at` must be inside the text. */
export function tokenEnd(text: string, at: number): number {
  let start = at;
  let kind = kindAt(text, start);
  const joinsNext = kind === 'space' && text.charCodeAt(at) === SPACE && at + 1 < text.length;
  if (joinsNext) {
    const next = kindAt(text, at + 1);
    if (next === 'cjk' || next === 'pair') return at + 1;
    if (next !== 'space') start = at + 1;
    kind = next;
  }
  if (kind === 'pair') return pairEnd(text, start);
  const limit = Math.min(text.length, start + MOST[kind]);
  let end = start + 1;
  while (end < limit && kindAt(text, end) === kind) end += 1;
  return end;
}

/** Half a surrogate pair that stands alone is a token too; a whole one is never torn. */
function pairEnd(text: string, at: number): number {
  const low = text.charCodeAt(at + 1);
  const isHigh = text.charCodeAt(at) < 0xdc00;
  return isHigh && low >= 0xdc00 && low <= 0xdfff ? at + 2 : at + 1;
}

/** The tokens of a text; joined they are the text again. */
export function splitTokens(text: string): string[] {
  const tokens: string[] = [];
  for (let at = 0; at < text.length;) {
    const end = tokenEnd(text, at);
    tokens.push(text.slice(at, end));
    at = end;
  }
  return tokens;
}

/** How many tokens {@link splitTokens} would give. */
export function countTokens(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; count += 1) at = tokenEnd(text, at);
  return count;
}
