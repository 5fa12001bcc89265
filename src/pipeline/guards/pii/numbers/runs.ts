import { isDigit } from '../text/sight.ts';

/** Digits, and the spaces, dashes, points and brackets between them, as far as they go. */
export interface Run {
  /** Where each group of digits begins and ends. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** Groups in cells or lines of their own; it is one number or none. */
  readonly isBroken: boolean;
}

/** Fewer digits are nobody's number. */
const LEAST_DIGITS = 6;
const RUN = /\d(?:[ .()·・•_-]{0,3}\d)+/g;
const BROKEN = /(?<!\d[\t\r\n]{0,2})\d{1,8}(?:[\t\r\n]{1,2}\d{1,8}){1,18}(?![\t\r\n]{0,2}\d)/g;
const LEAST_BROKEN = 11;

/** All runs of at least {@link LEAST_DIGITS} digits, in their order; then those over several lines, if there may be some. */
export function eachRun(text: string, mayBeBroken: boolean, read: (run: Run) => void): void {
  eachRunBy(RUN, text, LEAST_DIGITS, read);
  if (mayBeBroken) eachRunBy(BROKEN, text, LEAST_BROKEN, read);
}

function eachRunBy(form: RegExp, text: string, least: number, read: (run: Run) => void): void {
  form.lastIndex = 0;
  for (let match = form.exec(text); match; match = form.exec(text)) {
    const [all] = match;
    const end = form.lastIndex;
    if (all.length >= least) {
      const starts: number[] = [];
      const ends: number[] = [];
      if (groupsOf(text, match.index, end, starts, ends) >= least) read({ starts, ends, isBroken: form === BROKEN });
    }
    form.lastIndex = end;
  }
}

/** Returns how many digits there are. */
function groupsOf(text: string, from: number, to: number, starts: number[], ends: number[]): number {
  let digits = 0;
  for (let at = from; at < to; at += 1) {
    if (!isDigit(text.charCodeAt(at))) continue;
    starts.push(at);
    while (at < to && isDigit(text.charCodeAt(at))) {
      digits += 1;
      at += 1;
    }
    ends.push(at);
  }
  return digits;
}

const SPACE = 0x20;
/** Digits of a number that may stand beside one in groups, such as the code of a card. */
const MOST_BESIDE = 3;

/**
 * Whether groups with spaces between them are torn out of a row of more numbers. A short one may stand beside them.
 */
export function isTorn(text: string, run: Run, from: number, to: number): boolean {
  if (run.isBroken) return true;
  const { starts, ends } = run;
  if (from === to || text.charCodeAt(ends[from] ?? 0) !== SPACE) return false;
  const isBefore = from > 0 && text.charCodeAt((starts[from] ?? 0) - 1) === SPACE;
  const isAfter = to + 1 < starts.length && text.charCodeAt(ends[to] ?? 0) === SPACE;
  if (!isBefore && !isAfter) return false;
  if (starts.length > to - from + 2) return true;
  const other = isBefore ? from - 1 : to + 1;
  return (ends[other] ?? 0) - (starts[other] ?? 0) > MOST_BESIDE;
}

/** Whether a run is several of the same form, one after another, and each of them is one. */
export function isRepeated(
  text: string,
  run: Run,
  from: number,
  to: number,
  isOne: (digits: string) => boolean,
): boolean {
  const { starts, ends } = run;
  const count = to - from + 1;
  if (from % count !== 0 || starts.length % count !== 0 || starts.length > MOST_REPEATED) return false;
  const size = (at: number): number => (ends[at] ?? 0) - (starts[at] ?? 0);
  for (let at = count; at < starts.length; at += 1) if (size(at) !== size(at - count)) return false;
  for (let at = 0; at < starts.length; at += count) if (!isOne(digitsOf(text, run, at, at + count - 1))) return false;
  return true;
}

/** Groups. */
const MOST_REPEATED = 24;

/** Digits with a space between each two of them are written so on purpose, and are one number. */
export function isSpelledOut({ starts, ends }: Run): boolean {
  return starts.length >= 9 && starts.length <= 21 && starts.every((start, at) => (ends[at] ?? 0) - start === 1);
}

/** The digits of the groups `from` to `to`. */
export function digitsOf(text: string, { starts, ends }: Run, from: number, to: number): string {
  let digits = '';
  for (let at = from; at <= to; at += 1) digits += text.slice(starts[at], ends[at]);
  return digits;
}
