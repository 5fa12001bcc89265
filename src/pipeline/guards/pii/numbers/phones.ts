import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';

import type { Sight } from '../text/sight.ts';
import { type Edge, edgeAfter, edgeBefore, isAmount, wordStart } from './edges.ts';
import type { RunReader } from './numbers.ts';
import { digitsOf, isRepeated, isSpelledOut, isTorn, type Run } from './runs.ts';

/** Numbers of the mainland's mobile networks. */
const CN_MOBILE = /^1(?:3\d|4[014-9]|5[0-35-9]|6[2567]|7[0-8]|8\d|9[0-35-9])\d{8}$/;
const CN_ABROAD = new RegExp(CN_MOBILE.source.replace('^', '^86'));
/** Numbers of its landlines, with the code of the area. */
const CN_LANDLINE = /^0(?:(?:10|2\d)[2-9]\d{7}|[3-9]\d\d[2-9]\d{6,7})$/;
/** North America: area, exchange and line, with its 1 or without. */
const NANP = /^1?[2-9]\d\d[2-9]\d{6}$/;
const DATE = /^(?:19|20)\d\d[-_. ](?:0?[1-9]|1[0-2])[-_. ](?:[012]?\d|3[01])(?!\d)/;
const DATE_BACKWARDS = /^(?:[012]?\d|3[01])[-. ](?:[012]?\d|3[01])[-. ](?:19|20)\d\d(?!\d)/;
const FOUR_PARTS = /^\d{1,3}(?:\.\d{1,3}){3}$/;
const DECIMAL = /^\d{1,4}\.\d+(?:-\d{1,4}\.\d+)?$/;
const EXTENSION = /^(?: ?(?:x|ext\.?|extension|#|转|分机)[ :：]?|-)\d{1,6}(?!\d)/i;

/** ITU-T E.164. */
const LEAST_INTERNATIONAL = 8;
const MOST_INTERNATIONAL = 15;
const LEAST_CALLED = 7;
const MOST_CALLED = 13;
const MOST_GROUPS = 7;
/** Of groups of one digit. */
const MOST_SPELLED = 15;

/** The library takes some 15 µs a number; behind that many in one text the form alone counts, so that time stays bounded. */
const MOST_ASKED = 400;

interface Phone {
  readonly start: number;
  readonly to: number;
  readonly score: number;
}

/** What is wrong with the region of the settings; undefined where nothing is. */
export function regionProblem(region: string): string | undefined {
  return isSupportedCountry(region) ? undefined : 'no country; write its two capital letters, e.g. "US"';
}

/** Telephone numbers: the mainland's and North America's by their form, others by the library, all others by a word near them. */
export function phoneReader(region: string): () => RunReader {
  const country = isSupportedCountry(region) ? region : undefined;
  return () => {
    const asking = { left: MOST_ASKED };
    return (sight, run) => {
      const last = run.starts.length - 1;
      if (isSpelledOut(run) || run.isBroken) {
        const digits = last < MOST_SPELLED ? digitsOf(sight.text, run, 0, last) : '';
        const isOne = isSpelledOut(run) || isInGroups(run, 0);
        if (
          isOne &&
          CN_MOBILE.test(digits.replace(/^86/, '')) &&
          isAlone(sight.text, run) &&
          !isWrong(sight, run, 0, last)
        )
          add(sight, run, { start: run.starts[0] ?? 0, to: last, score: 0.8 });
        return;
      }
      let begins = 0;
      for (let from = 0; from <= last; from += 1) {
        const phone =
          phoneFrom(sight, run, from, country, asking) ?? (from === begins ? called(sight, run, from) : undefined);
        if (!phone) continue;
        add(sight, run, phone);
        from = phone.to;
        begins = from + 1;
      }
    };
  };
}

/** Whether the mainland's mobile numbers are written in groups that begin so. */
function isInGroups({ starts, ends }: Run, from: number): boolean {
  const first = (ends[from] ?? 0) - (starts[from] ?? 0);
  return first === 3 || first === 7;
}

function isAlone(text: string, { starts, ends }: Run): boolean {
  return edgeBefore(text, starts[0] ?? 0) !== 'inside' && edgeAfter(text, ends.at(-1) ?? 0) !== 'inside';
}

function add(sight: Sight, run: Run, { start, to, score }: Phone): void {
  const end = run.ends[to] ?? 0;
  const extension = EXTENSION.exec(sight.text.slice(end, end + 20));
  const isExtension = extension && (!extension[0].startsWith('-') || score < 0.9);
  sight.add(start, isExtension ? end + extension[0].length : end, 'PHONE', score);
}

interface Asking {
  left: number;
}

function phoneFrom(
  sight: Sight,
  run: Run,
  from: number,
  country: CountryCode | undefined,
  asking: Asking,
): Phone | undefined {
  const { text } = sight;
  const first = run.starts[from] ?? 0;
  const opening = text.charAt(first - 1) === '(' ? first - 1 : first;
  if (text.charAt(opening - 1) === '+') return international(sight, run, from, opening - 1, 0, asking);
  const before = edgeBefore(text, opening);
  if (isDate(text, first) || before === 'inside') return undefined;
  if (before === 'dashed' || before === 'lettered') {
    const phone = byForm(sight, run, from, opening);
    return phone && isMobile(text, run, from, phone.to, before === 'dashed') ? phone : undefined;
  }
  if (text.startsWith('00', first) && text.charAt(first + 2) !== '0') {
    const phone = international(sight, run, from, opening, 2, asking);
    if (phone) return phone;
  }
  return byForm(sight, run, from, opening) ?? ofRegion(sight, run, from, opening, country, asking);
}

/** One of the mainland's, whose form is enough to know it where it is tied to something else; with a dash, without one of its own. */
function isMobile(text: string, run: Run, from: number, to: number, isWhole: boolean): boolean {
  return (!isWhole || from === to) && CN_MOBILE.test(digitsOf(text, run, from, to).replace(/^86(?=1)/, ''));
}

function isDate(text: string, at: number): boolean {
  const part = text.slice(at, at + 11);
  return DATE.test(part) || DATE_BACKWARDS.test(part);
}

/** Behind a plus, or behind 00 as it is dialled: the longest that the library takes. */
function international(
  sight: Sight,
  run: Run,
  from: number,
  start: number,
  skipped: number,
  asking: Asking,
): Phone | undefined {
  const { text } = sight;
  if (start > 0 && /[\d+]/.test(text.charAt(start - 1))) return undefined;
  const before = start > 0 ? edgeBefore(text, start) : 'open';
  if (before === 'inside') return undefined;
  const last = Math.min(run.starts.length, from + MOST_GROUPS) - 1;
  for (let to = last; to >= from; to -= 1) {
    const digits = digitsOf(text, run, from, to).slice(skipped);
    if (digits.length > MOST_INTERNATIONAL) continue;
    if (digits.length < LEAST_INTERNATIONAL) return undefined;
    if (isInside(text, run.ends[to] ?? 0)) continue;
    if (before === 'lettered' && !CN_ABROAD.test(digits)) continue;
    const score = internationalScore(digits, text.slice(start, run.ends[to]), asking);
    if (score > 0) return { start, to, score };
  }
  return undefined;
}

function internationalScore(digits: string, written: string, asking: Asking): number {
  if (CN_ABROAD.test(digits)) return 1;
  if (digits.startsWith('0')) return 0;
  asking.left -= 1;
  if (asking.left < 0) return 0.6;
  // A zero in brackets is dialled at home only.
  const number = parsePhoneNumberFromString(`+${digits}`, { extract: false });
  if (number?.isValid()) return 1;
  if (number?.isPossible()) return 0.8;
  const short = written.includes('(0)')
    ? parsePhoneNumberFromString(written.replace('(0)', ''), { extract: false })
    : undefined;
  return short?.isPossible() ? 0.8 : 0;
}

/** The forms of the mainland and of North America. */
function byForm(sight: Sight, run: Run, from: number, start: number): Phone | undefined {
  const { text } = sight;
  const last = Math.min(run.starts.length, from + 4) - 1;
  for (let to = last; to >= from; to -= 1) {
    const length = digitsLength(run, from, to);
    if (length < 10 || length > 13) continue;
    const end = run.ends[to] ?? 0;
    if (isInside(text, end) && !(edgeAfter(text, end) === 'dashed' && isMobile(text, run, from, to, true))) continue;
    const digits = digitsOf(text, run, from, to);
    const score = formScore(digits, text.slice(start, end), run, from, to);
    if (score > 0 && !isWrong(sight, run, from, to) && !isOfRow(sight, run, from, to)) return { start, to, score };
  }
  return undefined;
}

/** Whether it is some of the numbers of a row, and nothing says that it is a telephone's. */
function isOfRow({ text, words }: Sight, run: Run, from: number, to: number): boolean {
  if (!isTorn(text, run, from, to) || isRepeated(text, run, from, to, (digits) => CN_MOBILE.test(digits))) return false;
  return !words.leadsTo('phone', run.starts[from] ?? 0, run.ends[to] ?? 0);
}

function formScore(digits: string, written: string, run: Run, from: number, to: number): number {
  const first = (run.ends[from] ?? 0) - (run.starts[from] ?? 0);
  const isWhole = from === to;
  if (CN_MOBILE.test(digits)) return isWhole || first === 3 || first === 7 ? 0.9 : 0;
  if (digits.startsWith('86') && CN_MOBILE.test(digits.slice(2))) return isWhole || first === 2 ? 0.9 : 0;
  if (isWhole) return 0;
  if (CN_LANDLINE.test(digits)) return first === (/^0(?:10|2)/.test(digits) ? 3 : 4) ? 0.75 : 0;
  if (NANP.test(digits))
    return /^1?[-. ]?(?:\(\d{3}\)[ -]?\d{3}[-. ]\d{4}|\d{3}([-.])\d{3}\1\d{4})$/.test(written) ? 0.8 : 0;
  return 0;
}

/** As they are written in the configured region. */
function ofRegion(
  sight: Sight,
  run: Run,
  from: number,
  start: number,
  country: CountryCode | undefined,
  asking: Asking,
): Phone | undefined {
  if (!country || country === 'CN') return undefined;
  const { text } = sight;
  const last = Math.min(run.starts.length, from + 6) - 1;
  for (let to = last; to >= from; to -= 1) {
    const length = digitsLength(run, from, to);
    if (length < 7 || length > 12) continue;
    // A row of digits may be anything.
    if (from === to && !sight.words.leadsTo('phone', start, run.ends[to] ?? 0) && !isDialled(sight, run, from, to))
      continue;
    if (isInside(text, run.ends[to] ?? 0) || isWrong(sight, run, from, to)) continue;
    asking.left -= 1;
    if (asking.left < 0) return undefined;
    const number = parsePhoneNumberFromString(digitsOf(text, run, from, to), {
      defaultCountry: country,
      extract: false,
    });
    if (number?.isValid()) return { start, to, score: 0.75 };
  }
  return undefined;
}

/** Whatever a word near it calls a telephone number, from here to the end of the run. */
function called(sight: Sight, run: Run, from: number): Phone | undefined {
  const { text, words } = sight;
  const to = run.starts.length - 1;
  const first = run.starts[from] ?? 0;
  const start = text.charAt(first - 1) === '(' ? first - 1 : first;
  const end = run.ends[to] ?? 0;
  const length = to - from < MOST_GROUPS ? digitsLength(run, from, to) : 0;
  if (length < LEAST_CALLED || length > MOST_CALLED) return undefined;
  const written = text.slice(start, end);
  if (isDate(text, first) || FOUR_PARTS.test(written) || DECIMAL.test(written)) return undefined;
  if (isInside(text, end) || !isOpen(edgeBefore(text, start)) || isWrong(sight, run, from, to)) return undefined;
  if (!words.leadsTo('phone', start, end) && !isDialled(sight, run, from, to)) return undefined;
  return isCalledOtherwise(sight, start) ? undefined : { start, to, score: 0.6 };
}

/** `call`, `text`, `office` are of all sorts of things: at once before a number, or where it is in groups. */
const TO_CALL = /^ (?:(?:me|us|him|her|them|back) )?(?:(?:at|on) )?$/;
const YEAR = /^(?:19|20)\d\d$/;

function isDialled({ text, words }: Sight, run: Run, from: number, to: number): boolean {
  const start = run.starts[from] ?? 0;
  if (from < to) {
    const isYear = YEAR.test(text.slice(start, run.ends[from]));
    return !isYear && words.leadsTo('dial', start, run.ends[to] ?? 0);
  }
  return words.isNamed('dial', start, TO_CALL);
}

/** What stands before says that it is another number. */
function isCalledOtherwise({ words }: Sight, start: number): boolean {
  if (words.isCalled('phone', start) || words.isCalled('dial', start)) return false;
  return (['card', 'id', 'ssn', 'licence', 'passport'] as const).some((kind) => words.isCalled(kind, start));
}

function isWrong({ text, words }: Sight, run: Run, from: number, to: number): boolean {
  const start = run.starts[from] ?? 0;
  const end = run.ends[to] ?? 0;
  if (isAmount(text, start, end)) return true;
  if (edgeBefore(text, start) === 'joined' && !words.isCalled('phone', start)) return true;
  return words.isNamed('order', wordStart(text, start));
}

const isOpen = (edge: Edge): boolean => edge === 'open' || edge === 'joined';

function isInside(text: string, end: number): boolean {
  return !isOpen(edgeAfter(text, end)) && !EXTENSION.test(text.slice(end, end + 20));
}

function digitsLength({ starts, ends }: Run, from: number, to: number): number {
  let length = 0;
  for (let at = from; at <= to; at += 1) length += (ends[at] ?? 0) - (starts[at] ?? 0);
  return length;
}
