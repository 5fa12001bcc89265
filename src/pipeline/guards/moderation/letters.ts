import { SIMPLE_OF } from './han-forms.ts';

/**
 * What a unit is of. `word`: letters and digits of scripts that put spaces between words. `sign`: what is no letter, as
 * far as it is one unit.
 */
export const KIND = { other: 1, word: 2, han: 3, sign: 4 } as const;
export type Kind = (typeof KIND)[keyof typeof KIND];

const WITHOUT_SPACES = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]/u;
const kinds = new Uint8Array(0x10000);

export function kindOf(unit: number): Kind {
  const known = kinds[unit] ?? 0;
  if (known === KIND.word || known === KIND.han || known === KIND.other || known === KIND.sign) return known;
  const kind = findKind(String.fromCharCode(unit));
  kinds[unit] = kind;
  return kind;
}

function findKind(letter: string): Kind {
  if (/\p{sc=Han}/u.test(letter)) return KIND.han;
  if (/[\p{P}\p{S}\p{Z}\p{Cc}]/u.test(letter)) return KIND.sign;
  return /[\p{L}\p{N}\p{M}]/u.test(letter) && !WITHOUT_SPACES.test(letter) ? KIND.word : KIND.other;
}

/** What stands between parts of sentences as well. Other signs have no business between two Chinese ones. */
const CLAUSE = /[\p{P}\p{Cc}]/u;
const FREE = new Set(Array.from(' .-_*·•‧・~|/\\+=^`\'#"', (sign) => sign.charCodeAt(0)));
/** By unit: 0 where it was not looked at, 1 for no, 2 for yes. */
const clauseSigns = new Uint8Array(0x10000);

/** Whether a sign may also part two clauses, as a comma and a line break do. */
export function isClauseSign(unit: number): boolean {
  const known = clauseSigns[unit];
  if (known !== 0) return known === 2;
  const isOne = !FREE.has(unit) && CLAUSE.test(String.fromCharCode(unit));
  clauseSigns[unit] = isOne ? 2 : 1;
  return isOne;
}

/** `!`, `?` and `。`; other forms are folded to these. */
export function isSentenceEnd(unit: number): boolean {
  return unit === 0x21 || unit === 0x3f || unit === 0x3002;
}

/** Pictures and symbols of two units. */
export function isHighOfSymbol(unit: number): boolean {
  return unit >= 0xd83c && unit <= 0xd83e;
}

export const SPACE = 0x20;
export const LINE_BREAK = 0x0a;

/** Not looked up yet; it has no folded form, or more than one unit; nobody sees it. */
const UNKNOWN = 0;
const SEVERAL = 0xffff;
const UNSEEN = 1;
const single = new Uint16Array(0x10000);
const several = new Map<number, string>();

/** Beyond the basic plane, signs that have another form. The others stand for themselves. */
const ASTRAL_FORMS: readonly (readonly [from: number, to: number])[] = [
  [0x10400, 0x104ff],
  [0x1bca0, 0x1bca3],
  [0x1d100, 0x1d7ff],
  [0x1ee00, 0x1eeff],
  [0x1f100, 0x1f2ff],
  [0x2f800, 0x2fa1f],
  [0xe0000, 0xe0fff],
];

/**
 * How a sign of the text is compared: as a small letter without accents, in its plain and its simplified form.
 * @returns one unit, or a text of none or several
 */
export function foldOf(code: number): number | string {
  if (code > 0xffff) return foldAstral(code);
  const known = single[code] ?? UNKNOWN;
  if (known === UNSEEN) return '';
  if (known === SEVERAL) return several.get(code) ?? '';
  if (known !== UNKNOWN) return known;
  const folded = foldSign(String.fromCharCode(code));
  if (folded.length === 1 && folded.charCodeAt(0) !== SEVERAL) return (single[code] = folded.charCodeAt(0));
  single[code] = folded === '' ? UNSEEN : SEVERAL;
  if (folded !== '') several.set(code, folded);
  return folded;
}

function foldAstral(code: number): string {
  const sign = String.fromCodePoint(code);
  if (!ASTRAL_FORMS.some(([from, to]) => code >= from && code <= to)) return sign;
  const known = several.get(code);
  if (known !== undefined) return known;
  const folded = foldSign(sign);
  several.set(code, folded);
  return folded;
}

/** Signs that stand for whole sentences are left as they are, so that no text becomes many times as long. */
export const LONGEST_FOLD = 4;

/** What nobody sees, and what is only drawn over letters. */
const UNSEEN_SIGN =
  /^(?:[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Me}]|(?=\p{Mn})(?![\u3099\u309A])\p{sc=Zinh})$/u;

function foldSign(sign: string): string {
  if (UNSEEN_SIGN.test(sign)) return '';
  if (/[\n\r\u2028\u2029]/.test(sign)) return '\n';
  const plain = sign.normalize('NFKC').toLowerCase();
  if (plain.length > LONGEST_FOLD) return sign;
  return Array.from(plain, (letter) => (/\s/.test(letter) ? ' ' : plainLetter(letter))).join('');
}

function plainLetter(letter: string): string {
  if (/[\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}]/u.test(letter)) {
    return letter.normalize('NFD').replace(/[\u0300-\u036F]+/g, '');
  }
  return SIMPLE_OF.get(letter) ?? letter;
}
