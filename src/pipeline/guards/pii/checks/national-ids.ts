import { isLuhn, isMod1110, isVerhoeff, mod97, weighted } from '../../../../core/texts/checksums.ts';
import { isDay } from './resident-id.ts';

const SAME = /^(\d)\1*$/;

/** India: 12 digits, the first not 0 or 1, Verhoeff. */
export function isAadhaar(digits: string): boolean {
  return digits >= '2' && isVerhoeff(digits);
}

/** Brazil: 11 digits, of which the last two are checks of those before. */
export function isCpf(digits: string): boolean {
  if (SAME.test(digits)) return false;
  return cpfCheck(digits, 9) === digits[9] && cpfCheck(digits, 10) === digits[10];
}

function cpfCheck(digits: string, length: number): string {
  const weights = Array.from({ length }, (_none, at) => length + 1 - at);
  return String(((weighted(digits, weights) * 10) % 11) % 10);
}

/** France: 13 digits and a key of two, which is 97 less the rest. */
export function isNir(digits: string): boolean {
  const month = Number(digits.slice(3, 5));
  const isMonth = (month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50;
  if (!/^[1278]/.test(digits) || !isMonth) return false;
  return 97 - mod97(digits.slice(0, 13)) === Number(digits.slice(13));
}

/** Germany: 11 digits; of the first ten exactly one comes twice or three times; ISO 7064. */
export function isSteuerId(digits: string): boolean {
  if (digits[0] === '0') return false;
  const counts = new Map<string, number>();
  for (const digit of digits.slice(0, 10)) counts.set(digit, (counts.get(digit) ?? 0) + 1);
  const more = [...counts.values()].filter((count) => count > 1);
  return more.length === 1 && (more[0] ?? 0) <= 3 && isMod1110(digits);
}

const RRN_WEIGHTS = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5];

/** Korea: day of birth, century and sex. Numbers given out since October 2020 have no checksum. */
export function isRrnForm(digits: string): boolean {
  const century = [1900, 1900, 2000, 2000, 1900, 1900, 2000, 2000][Number(digits[6]) - 1];
  if (century === undefined) return false;
  return isDay(century + Number(digits.slice(0, 2)), Number(digits.slice(2, 4)), Number(digits.slice(4, 6)));
}

export function isRrn(digits: string): boolean {
  return isRrnForm(digits) && String((11 - (weighted(digits, RRN_WEIGHTS) % 11)) % 10) === digits[12];
}

const MY_NUMBER_WEIGHTS = [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2];

/** Japan: 12 digits, the last a check. */
export function isMyNumber(digits: string): boolean {
  const rest = weighted(digits, MY_NUMBER_WEIGHTS) % 11;
  return String(rest <= 1 ? 0 : 11 - rest) === digits[11];
}

/** Canada: 9 digits, Luhn; 0 and 8 are not given to persons. */
export function isSin(digits: string): boolean {
  return /^[1-79]/.test(digits) && !SAME.test(digits) && isLuhn(digits);
}

const TFN_WEIGHTS = [1, 4, 3, 7, 5, 8, 6, 9, 10];

/** Australia: 9 digits whose weighted sum is divided by 11. */
export function isTfn(digits: string): boolean {
  return !SAME.test(digits) && weighted(digits, TFN_WEIGHTS) % 11 === 0;
}

/** United States: areas 000, 666 and from 900 on are not given out, nor are groups and serials of zeros. */
export function isSsn(digits: string): boolean {
  return !/^(?:000|666|9|...00|.....0000)/.test(digits) && !SAME.test(digits);
}

const DNI_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';

/** Spain: 8 digits and a letter. */
export function isDni(number: string): boolean {
  return DNI_LETTERS[Number(number.slice(0, 8)) % 23] === number[8];
}

/** Spain, of foreigners: X, Y or Z, 7 digits and a letter. */
export function isNie(number: string): boolean {
  return isDni(`${'XYZ'.indexOf(number[0] ?? '')}${number.slice(1)}`);
}

/** A letter's place in the alphabet, from 10. */
const letterValue = (letter: string | undefined): number => (letter ? letter.charCodeAt(0) - 55 : 36);

/** Hong Kong: one or two letters, 6 digits, and a check of 0 to 9 or A. */
export function isHkid(number: string): boolean {
  const padded = number.padStart(9, ' ');
  const first = padded.startsWith(' ') ? 36 : letterValue(padded[0]);
  let sum = first * 9 + letterValue(padded[1]) * 8;
  for (let at = 2; at < 8; at += 1) sum += Number(padded[at]) * (9 - at);
  sum += padded[8] === 'A' ? 10 : Number(padded[8]);
  return sum % 11 === 0;
}

/** A to Z in the order of the codes 10 to 35. */
const TAIWAN_LETTERS = 'ABCDEFGHJKLMNPQRSTUVXYWZIO';
const TAIWAN_WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 1, 1];

/** Taiwan: a letter and 9 digits, of which the first is the sex. */
export function isTaiwanId(number: string): boolean {
  const code = TAIWAN_LETTERS.indexOf(number[0] ?? '') + 10;
  const letter = Math.floor(code / 10) + (code % 10) * 9;
  return (letter + weighted(number.slice(1), TAIWAN_WEIGHTS)) % 10 === 0;
}

const NRIC_WEIGHTS = [2, 7, 6, 5, 4, 3, 2];
const NRIC_CHECKS: Readonly<Record<string, readonly [letters: string, more: number]>> = {
  S: ['JZIHGFEDCBA', 0],
  T: ['JZIHGFEDCBA', 4],
  F: ['XWUTRQPNMLK', 0],
  G: ['XWUTRQPNMLK', 4],
  M: ['XWUTRQPNJLK', 3],
};

/** Singapore: a letter of the series, 7 digits and a check letter. */
export function isNric(number: string): boolean {
  const [letters = '', more = 0] = NRIC_CHECKS[number[0] ?? ''] ?? [];
  const rest = (weighted(number.slice(1), NRIC_WEIGHTS) + more) % 11;
  return letters[rest] === number[8];
}

const ODD_VALUES = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/** Italy: 15 signs and a check letter. */
export function isCodiceFiscale(number: string): boolean {
  let sum = 0;
  for (let at = 0; at < 15; at += 1) {
    const unit = number.charCodeAt(at);
    const value = unit < 65 ? unit - 48 : unit - 65;
    sum += at % 2 === 0 ? (ODD_VALUES[value] ?? 0) : value;
  }
  return String.fromCharCode(65 + (sum % 26)) === number[15];
}
