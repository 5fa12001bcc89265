import { hasResidentCheck } from '../../../../core/texts/checksums.ts';

/** GB/T 2260: the first two digits of a place's code, of the mainland's provinces, Taiwan, Hong Kong and Macao (and 83, Taiwan again, in residence permits). */
const PROVINCES = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83'.split(' '),
);
const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether there is such a day; `month` from 1. */
export function isDay(year: number, month: number, day: number): boolean {
  if (day < 1 || day > (MONTH_DAYS[month - 1] ?? 0)) return false;
  return month !== 2 || day < 29 || (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0));
}

/** A resident's number of 18 signs: place, day of birth, and checksum. The last may be a small x. */
export function isResidentId(number: string): boolean {
  if (number.length !== 18 || !PROVINCES.has(number.slice(0, 2))) return false;
  const year = Number(number.slice(6, 10));
  if (!(year >= 1880 && year < 2100)) return false;
  return isDay(year, Number(number.slice(10, 12)), Number(number.slice(12, 14))) && hasResidentCheck(number);
}

/** One of the 15 digits that were given out until 1999; it has no checksum. */
export function isOldResidentId(digits: string): boolean {
  if (digits.length !== 15 || !PROVINCES.has(digits.slice(0, 2))) return false;
  return isDay(1900 + Number(digits.slice(6, 8)), Number(digits.slice(8, 10)), Number(digits.slice(10, 12)));
}
