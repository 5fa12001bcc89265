import { fromRuns } from './digits.ts';
import { type Decoded, readable, spelledApart } from './readable.ts';

// Repetitions are bounded, since the engine keeps each round of one in mind: longer parts are read in pieces.
const HEX_PAIRS = /(?:[0-9a-fA-F]{2}[\s,:-]){7,4000}[0-9a-fA-F]{2}/g;
const BINARY = /(?:[01]{8}[\s,]?){4,4000}/g;
// The letters before the first escape are looked for afterwards: a pattern that began with them would be tried everywhere.
const PERCENT = /%[0-9a-fA-F]{2}(?:[\w.~+-]{0,16}%[0-9a-fA-F]{2}){1,4000}[\w.~+-]{0,16}/g;
const ESCAPES =
  /(?:\\u\{?[0-9a-fA-F]{2,6}\}?|\\x[0-9a-fA-F]{2}|&#\d{1,6};|&#x[0-9a-fA-F]{1,5};)(?:[\w ]{0,16}(?:\\u\{?[0-9a-fA-F]{2,6}\}?|\\x[0-9a-fA-F]{2}|&#\d{1,6};|&#x[0-9a-fA-F]{1,5};)){1,4000}[\w ]{0,16}/g;
const [BEFORE_PERCENT, BEFORE_ESCAPES] = [/[\w.~+-]{0,16}$/, /[\w ]{0,16}$/];
const SPACED = /(?<![a-zA-Z0-9])(?:[a-zA-Z0-9][\s.\-_*,|/]{1,3}){5,4000}[a-zA-Z0-9](?![a-zA-Z0-9])/g;

/** What the look at a text's spelling found that may be worth decoding. */
export interface Suspicions {
  /** There are words that are longer than words are, or several of letters and digits. */
  readonly hasDigits: boolean;
  readonly hasPairs: boolean;
  readonly hasBinary: boolean;
  readonly hasSpacedLetters: boolean;
}

/** Every part that reads as text when it is decoded, of those kinds that the text may have. */
export function decodedParts(text: string, suspicions: Suspicions): Decoded[] {
  const parts = suspicions.hasDigits ? fromRuns(text) : [];
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

/** Letters that stand apart. Wider gaps are those between words; where there are none, words are those that signs have. */
function fromSpaced(part: string): string {
  const words = part.split(/[\s.\-_*,|/]{2,3}/);
  const joined = words.map((word) => word.replaceAll(/[\s.\-_*,|/]/g, ''));
  return joined.length > 1 ? joined.join(' ') : spelledApart(joined[0] ?? '');
}
