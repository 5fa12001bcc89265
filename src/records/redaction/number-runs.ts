import { hasResidentCheck, isLuhn } from '../../core/texts/checksums.ts';

/** Numbers that are somebody's, found among the digits of a text by their form and their check digits. */

const CARD = '[card]';
const PHONE = '[phone]';
const ID_NUMBER = '[id-number]';

/** Nine digits or more, in groups with one sign between them; the X is a check digit of Chinese identity numbers. */
const RUN = /\d(?:[ \u00A0\u2011-]?\d){8,}[Xx]?/g;
const INTERNATIONAL_PHONE = /(?<![\w+])\+[1-9](?:[ \u00A0().-]{0,2}\d){8,14}(?!\d)/g;
const AMERICAN_PHONE = /(?<![\w(])\([2-9]\d{2}\)[ -]?[2-9]\d{2}[ -]\d{4}(?!\w)/g;
/** Every number that is looked for has so many digits, or more. */
const HINT = /\d(?:[ \u00A0\u2011().-]{0,2}\d){8}/;
/** Seconds since 1970, as in every answer, and the like: of nine or ten digits in one piece none is looked for. */
const BARE = /(?<![\d+ \u00A0\u2011().-])\d{9,10}(?![\d \u00A0\u2011().-])/g;
const GLUED_BEFORE = /(?:\w|\d\.)$/;
const GLUED_AFTER = /^(?:[A-Za-z_]|\.\d)/;
const UUID = /[\dA-Fa-f]{8}-(?:[\dA-Fa-f]{4}-){3}[\dA-Fa-f]{12}/g;
const UUID_LENGTH = 36;

/** Digits of the longest number looked for. */
const MOST_DIGITS = 19;

interface Group {
  readonly digits: string;
  /** In the run. */
  readonly start: number;
  /** The sign before it; empty for the first. */
  readonly sign: string;
}

/** False where {@link redactNumbers} finds nothing; cheap. */
export function mayHoldNumbers(text: string): boolean {
  return HINT.test(text) && HINT.test(text.replace(BARE, ''));
}

/** The text with marks in the place of card, phone and identity numbers. */
export function redactNumbers(text: string): string {
  const clean = text.replace(RUN, (run: string, at: number, whole: string) => {
    const isGluedBefore = GLUED_BEFORE.test(whole.slice(Math.max(0, at - 2), at));
    const isGluedAfter = GLUED_AFTER.test(whole.slice(at + run.length, at + run.length + 2));
    const cleanRun = redactRun(run, isGluedBefore, isGluedAfter);
    return cleanRun === run || isInUuid(whole, at, run.length) ? run : cleanRun;
  });
  // Some numbers with a country code are found without it.
  return clean.replace(INTERNATIONAL_PHONE, PHONE).replace(AMERICAN_PHONE, PHONE).replaceAll(`+${PHONE}`, PHONE);
}

/** A JSON number, whole and not negative. */
export function redactWholeNumber(digits: string): string {
  return markOf([{ digits, start: 0, sign: '' }]) ?? digits;
}

/** Digits that touch a letter, or the point of a fraction, are a part of something else. */
function redactRun(run: string, isGluedBefore: boolean, isGluedAfter: boolean): string {
  const groups = groupsOf(run);
  const last = isGluedAfter ? groups.length - 1 : groups.length;
  let clean = '';
  let keptTo = 0;
  for (let first = isGluedBefore ? 1 : 0; first < last; first += 1) {
    const found = longestFrom(groups.slice(first, Math.min(last, first + MOST_GROUPS)));
    const begin = groups[first];
    const end = found && groups[first + found.groups - 1];
    if (!found || !begin || !end) continue;
    clean += run.slice(keptTo, begin.start) + found.mark;
    keptTo = end.start + end.digits.length;
    first += found.groups - 1;
  }
  return clean + run.slice(keptTo);
}

/** Of a number that is looked for. */
const MOST_GROUPS = 6;

function longestFrom(groups: readonly Group[]): { readonly mark: string; readonly groups: number } | undefined {
  for (let count = groups.length; count > 0; count -= 1) {
    const mark = markOf(groups.slice(0, count));
    if (mark !== undefined) return { mark, groups: count };
  }
  return undefined;
}

function groupsOf(run: string): Group[] {
  const groups: Group[] = [];
  for (const { 0: digits, index } of run.matchAll(/\d+[Xx]?/g)) {
    groups.push({ digits, start: index, sign: index === 0 ? '' : run.charAt(index - 1) });
  }
  return groups;
}

function markOf(groups: readonly Group[]): string | undefined {
  const number = groups.map(({ digits }) => digits).join('');
  if (number.length < 9 || number.length > MOST_DIGITS || !hasOneSign(groups)) return undefined;
  const shape = groups.map(({ digits }) => digits.length).join('-');
  if (number.length === 18 && isChineseId(number)) return ID_NUMBER;
  if (isCard(number) && groups.every(({ digits }) => digits.length >= 3)) return CARD;
  if (isPhone(number, shape, groups[1]?.sign)) return PHONE;
  return shape === '3-2-4' && isSocialSecurity(number) ? ID_NUMBER : undefined;
}

function hasOneSign([, second, ...others]: readonly Group[]): boolean {
  return others.every(({ sign }) => sign === second?.sign);
}

/** Beginnings and lengths of the card networks. */
const CARDS =
  /^(?:4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d{2}|7[01]\d|720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|35\d{14}|6(?:011|4[4-9]\d|5\d{2})\d{12}|62\d{14,17}|(?:5018|5020|5038|5893|6304|6759|676[1-3])\d{8,15})$/;

function isCard(number: string): boolean {
  return CARDS.test(number) && isLuhn(number);
}

const CHINESE_ID = /^[1-8]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]$/;

/** Of residents of mainland China: place, day of birth, number and check digit (GB 11643-1999). */
function isChineseId(number: string): boolean {
  return CHINESE_ID.test(number) && hasResidentCheck(number);
}

const CHINESE_MOBILE = /^(?:86)?1[3-9]\d{9}$/;
const CHINESE_MOBILE_SHAPE = /^(?:2-)?(?:11|3-4-4)$|^13$/;
const CHINESE_LANDLINE = /^0(?:10|2\d|[3-9]\d{2})[2-8]\d{6,7}$/;
const AMERICAN = /^[2-9]\d{2}[2-9]\d{6}$/;

function isPhone(number: string, shape: string, sign: string | undefined): boolean {
  if (CHINESE_MOBILE.test(number) && CHINESE_MOBILE_SHAPE.test(shape)) return true;
  if (sign !== '-') return false;
  return shape === '3-3-4' ? AMERICAN.test(number) : /^[34]-[78]$/.test(shape) && CHINESE_LANDLINE.test(number);
}

/** Of the United States. */
function isSocialSecurity(number: string): boolean {
  return !/^(?:000|666|9)|^\d{3}00|0000$/.test(number);
}

function isInUuid(text: string, at: number, length: number): boolean {
  const start = Math.max(0, at - UUID_LENGTH);
  for (const { index } of text.slice(start, at + length + UUID_LENGTH).matchAll(UUID)) {
    if (start + index < at + length && start + index + UUID_LENGTH > at) return true;
  }
  return false;
}
