/** A part of a text that says something else when it is decoded. */
export interface Decoded {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** So much of it has to be printable to be somebody's text. */
const PRINTABLE = 0.9;

const HEX_PAIRS = /(?:[0-9a-fA-F]{2}[\s,:-]){7,}[0-9a-fA-F]{2}/g;
const BINARY = /(?:[01]{8}[\s,]?){4,}/g;
// The letters before the first escape are looked for afterwards: a pattern that began with them would be tried everywhere.
const PERCENT = /%[0-9a-fA-F]{2}(?:[\w.~+-]{0,16}%[0-9a-fA-F]{2})+[\w.~+-]{0,16}/g;
const ESCAPES =
  /(?:\\u\{?[0-9a-fA-F]{2,6}\}?|\\x[0-9a-fA-F]{2}|&#\d{1,6};|&#x[0-9a-fA-F]{1,5};)(?:[\w ]{0,16}(?:\\u\{?[0-9a-fA-F]{2,6}\}?|\\x[0-9a-fA-F]{2}|&#\d{1,6};|&#x[0-9a-fA-F]{1,5};))+[\w ]{0,16}/g;
const [BEFORE_PERCENT, BEFORE_ESCAPES] = [/[\w.~+-]{0,16}$/, /[\w ]{0,16}$/];
const HEX = /^(?:0x)?((?:[0-9a-f]{2})+)$/i;
/** The digits of base64, in both of its alphabets. */
const DIGITS = new Uint8Array(128);
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-') DIGITS[char.charCodeAt(0)] = 1;
const SPACED = /(?<![a-zA-Z0-9])(?:[a-zA-Z0-9][\s.\-_*,|/]{1,3}){5,}[a-zA-Z0-9](?![a-zA-Z0-9])/g;

/** What the look at a text's spelling found that may be worth decoding. */
export interface Suspicions {
  /** Where words stand that are longer than words are. */
  readonly longWords: readonly number[];
  readonly hasPairs: boolean;
  readonly hasBinary: boolean;
  readonly hasSpacedLetters: boolean;
}

/**
 * Every part that reads as text when it is decoded, of those kinds that the text may have.
 *
 * @param suspicions with the places of the text itself
 */
export function decodedParts(text: string, suspicions: Suspicions): Decoded[] {
  const parts = fromLongWords(text, suspicions.longWords);
  const add = (pattern: RegExp, decode: (part: string) => string | undefined, before?: RegExp): void => {
    for (const match of text.matchAll(pattern)) {
      const lead = before?.exec(text.slice(Math.max(0, match.index - 16), match.index))?.[0] ?? '';
      const decoded = decode(lead + match[0]);
      const start = match.index - lead.length;
      if (decoded !== undefined) parts.push({ start, end: match.index + match[0].length, text: decoded });
    }
  };
  if (suspicions.hasPairs) add(HEX_PAIRS, fromHex);
  if (suspicions.hasBinary) add(BINARY, fromBinary);
  if (text.includes('%')) add(PERCENT, fromPercent, BEFORE_PERCENT);
  if (text.includes('\\') || text.includes('&#')) add(ESCAPES, fromEscapes, BEFORE_ESCAPES);
  if (suspicions.hasSpacedLetters) add(SPACED, fromSpaced);
  return parts;
}

/** Base64 and hexadecimal, in whose runs of digits the long words stand. */
function fromLongWords(text: string, places: readonly number[]): Decoded[] {
  const parts: Decoded[] = [];
  let end = 0;
  for (const place of places) {
    if (place < end) continue;
    let start = place;
    while (start > end && isDigit(text.charCodeAt(start - 1))) start--;
    end = place;
    while (end < text.length && isDigit(text.charCodeAt(end))) end++;
    const run = text.slice(start, end);
    if (text.startsWith('=', end)) end += text.startsWith('==', end) ? 2 : 1;
    const hex = HEX.exec(run)?.[1];
    const decoded = (hex === undefined ? undefined : fromHex(hex)) ?? readable(Buffer.from(run, 'base64'));
    if (decoded !== undefined) parts.push({ start, end, text: decoded });
  }
  return parts;
}

function isDigit(code: number): boolean {
  return code < 128 && DIGITS[code] === 1;
}

/** The text of bytes, where they are one. */
function readable(bytes: Buffer): string | undefined {
  if (bytes.length < 8 || !isPrintable(bytes.subarray(0, 64).toString('utf8'))) return undefined;
  const text = bytes.toString('utf8');
  return isPrintable(text) ? text : undefined;
}

function isPrintable(text: string): boolean {
  let bad = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if ((code < 32 && code !== 10 && code !== 13 && code !== 9) || code === 127 || code === 0xfffd) bad++;
  }
  return text.length > 0 && bad <= text.length * (1 - PRINTABLE);
}

function fromHex(part: string): string | undefined {
  return readable(Buffer.from(part.replaceAll(/[\s,:-]/g, ''), 'hex'));
}

function fromBinary(part: string): string | undefined {
  return readable(Buffer.from((part.match(/[01]{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2))));
}

function fromPercent(part: string): string | undefined {
  const bytes = part
    .replaceAll('+', ' ')
    .replaceAll(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return readable(Buffer.from(bytes, 'latin1'));
}

function fromEscapes(part: string): string | undefined {
  return part.replaceAll(
    /\\u\{?([0-9a-fA-F]{2,6})\}?|\\x([0-9a-fA-F]{2})|&#(\d{1,6});|&#x([0-9a-fA-F]{1,5});/g,
    (_, ...codes: (string | undefined)[]) => {
      const [unicode, byte, decimal, hex] = codes;
      const point = decimal === undefined ? Number.parseInt(unicode ?? byte ?? hex ?? '', 16) : Number(decimal);
      return point <= 0x10ffff ? String.fromCodePoint(point) : '';
    },
  );
}

const WORDS =
  /ignore|disregard|forget|previous|prior|above|system|prompts?|instructions?|rules|reveal|print|show|repeat|jailbreak|developer|mode|anything|unfiltered|restrictions|password|secret|pretend|everything|message|policy|guidelines|safety|tell|now|all|any|your|the|you|are|me|my|act|as|do|no|and/g;

/** Letters that stand apart. Wider gaps are those between words; where there are none, words are those that signs have. */
function fromSpaced(part: string): string {
  const words = part.split(/[\s.\-_*,|/]{2,3}/);
  const joined = words.map((word) => word.replaceAll(/[\s.\-_*,|/]/g, ''));
  return joined.length > 1
    ? joined.join(' ')
    : (joined[0] ?? '').toLowerCase().replaceAll(WORDS, ' $& ').replaceAll(/ {2,}/g, ' ');
}
