import { SIMPLE_OF } from './han-forms.ts';

/** What a unit is of. `word`: letters and digits of scripts that put spaces between words. */
export const KIND = { other: 1, word: 2, han: 3 } as const;
export type Kind = (typeof KIND)[keyof typeof KIND];

const WITHOUT_SPACES = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]/u;
const kinds = new Uint8Array(0x10000);

export function kindOf(unit: number): Kind {
  const known = kinds[unit] ?? 0;
  if (known === KIND.word || known === KIND.han || known === KIND.other) return known;
  const kind = findKind(String.fromCharCode(unit));
  kinds[unit] = kind;
  return kind;
}

function findKind(letter: string): Kind {
  if (/\p{sc=Han}/u.test(letter)) return KIND.han;
  return /[\p{L}\p{N}\p{M}]/u.test(letter) && !WITHOUT_SPACES.test(letter) ? KIND.word : KIND.other;
}

/** What people put between the letters of a word that is looked for. Not what ends sentences. */
const SEPARATORS = new Set(Array.from(' .-_*·•‧・~|/\\+=^`\'#"', (sign) => sign.charCodeAt(0)));

/** A line break is none: one line has nothing to do with the next. */
export function isSeparator(unit: number): boolean {
  return SEPARATORS.has(unit);
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

function foldSign(sign: string): string {
  if (/[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\u0300-\u036F]/u.test(sign)) return '';
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
