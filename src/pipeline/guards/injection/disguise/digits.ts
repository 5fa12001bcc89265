import { type Decoded, readable, spelledApart } from './readable.ts';

/** Of base64, in both of its alphabets: what a unit is. */
const KINDS = new Uint8Array(128);
const [NONE, SMALL, CAPITAL, FIGURE, OTHER] = [0, 1, 2, 3, 4];
for (const [chars, kind] of [
  ['abcdefghijklmnopqrstuvwxyz', SMALL],
  ['ABCDEFGHIJKLMNOPQRSTUVWXYZ', CAPITAL],
  ['0123456789', FIGURE],
  ['+/_-', OTHER],
] as const) {
  for (const char of chars) KINDS[char.charCodeAt(0)] = kind;
}

/** Shorter parts hold no sign of anything. */
const LEAST = 16;
/** Longer words of letters alone are several that nothing keeps apart. */
const LEAST_GLUED = 24;
/** So much white space may stand between two pieces of one part. */
const MOST_BETWEEN = 4;
/** So many first pieces may be something else. */
const MOST_ASTRAY = 2;
/** Enough to see whether it is a text. */
const SAMPLE = 88;

/** A run of digits of base64 or hexadecimal. */
interface Piece {
  readonly start: number;
  readonly end: number;
  /** It is no word of a language. */
  readonly isOdd: boolean;
  readonly isLetters: boolean;
  readonly isPadded: boolean;
}

/**
 * What base64 and hexadecimal say, also when they are kept in lines or in pieces, or begin within a longer run; and words
 * that are written without a space between them.
 */
export function fromRuns(text: string): Decoded[] {
  const parts: Decoded[] = [];
  let group: Piece[] = [];
  for (let at = 0; at < text.length; at++) {
    if (kindAt(text, at) === NONE) continue;
    const piece = pieceAt(text, at);
    at = piece.end;
    const last = group.at(-1);
    if (!last || !goesOn(text, last, piece)) {
      decodeGroup(text, group, parts);
      group = [];
    }
    if (group.length > 0 || piece.isOdd || piece.end - piece.start >= LEAST) group.push(piece);
  }
  decodeGroup(text, group, parts);
  return parts;
}

function kindAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code < 128 ? (KINDS[code] ?? NONE) : NONE;
}

function pieceAt(text: string, start: number): Piece {
  let end = start;
  let [turns, before, kinds] = [0, NONE, 0];
  for (; end < text.length; end++) {
    const kind = kindAt(text, end);
    if (kind === NONE) break;
    if (kind !== before && (before === SMALL || before === FIGURE)) turns++;
    before = kind;
    kinds |= 1 << kind;
  }
  const isLetters = (kinds & ((1 << FIGURE) | (1 << OTHER))) === 0;
  return { start, end, isOdd: turns > 0 && end - start > 3, isLetters, isPadded: text.charCodeAt(end) === 61 };
}

function goesOn(text: string, last: Piece, { start, end, isOdd, isPadded }: Piece): boolean {
  if (last.isPadded || start - last.end > MOST_BETWEEN) return false;
  for (let at = last.end; at < start; at++) if (!isWhite(text.charCodeAt(at))) return false;
  return isOdd || isPadded || end - start === last.end - last.start;
}

function isWhite(code: number): boolean {
  return code === 32 || (code > 8 && code < 14);
}

function decodeGroup(text: string, group: readonly Piece[], parts: Decoded[]): void {
  for (let first = 0; first <= MOST_ASTRAY && first < group.length - 1; first++) {
    const pieces = group.slice(first);
    const decoded = decode(pieces.map(({ start, end }) => text.slice(start, end)).join(''));
    const [from, to] = [pieces[0], pieces.at(-1)];
    if (decoded === undefined || !from || !to) continue;
    const span = { start: from.start, end: endOf(text, to) };
    parts.push({ ...span, text: decoded });
    // Or they are texts of their own, one after the other.
    const each = pieces.map(({ start, end }) => readable(Buffer.from(text.slice(start, end), 'base64')));
    if (each.every((one) => one !== undefined)) parts.push({ ...span, text: each.join('\n') });
    return;
  }
  for (const piece of group) decodePiece(text, piece, parts);
}

function decodePiece(text: string, piece: Piece, parts: Decoded[]): void {
  const { start, end, isLetters, isOdd } = piece;
  if (end - start < LEAST) return;
  const run = text.slice(start, end);
  const decoded = isOdd ? decode(run) : undefined;
  if (decoded !== undefined) parts.push({ start, end: endOf(text, piece), text: decoded });
  else if (isLetters && run.length >= LEAST_GLUED) parts.push({ start, end, text: spelledApart(run) });
  else if (run.includes('/')) decodePath(run, start, parts);
}

/** The parts of a path or an address. */
function decodePath(path: string, at: number, parts: Decoded[]): void {
  let start = at;
  for (const part of path.split('/')) {
    const decoded = part.length < LEAST || part.length === path.length ? undefined : decode(part);
    if (decoded !== undefined) parts.push({ start, end: start + part.length, text: decoded });
    start += part.length + 1;
  }
}

function endOf(text: string, { end }: Piece): number {
  let to = end;
  while (to < end + 2 && text.charCodeAt(to) === 61) to++;
  return to;
}

function decode(run: string): string | undefined {
  if (run.length < LEAST) return undefined;
  const hex = run.startsWith('0x') ? run.slice(2) : run;
  if (/^[0-9a-f]{16}/i.test(hex)) {
    const decoded = readable(Buffer.from(hex, 'hex'));
    if (decoded !== undefined) return decoded;
  }
  // It may begin behind some digits that are none of it.
  for (let skipped = 0; skipped < 4; skipped++) {
    if (readable(Buffer.from(run.slice(skipped, skipped + SAMPLE), 'base64')) === undefined) continue;
    const decoded = readable(Buffer.from(skipped === 0 ? run : run.slice(skipped), 'base64'));
    if (decoded !== undefined) return decoded;
  }
  return undefined;
}
