import { isLatin } from '../../../core/texts/script.ts';
import { PLATE_PROVINCES } from './codes/plates.ts';
import type { PiiEntity } from './settings.ts';
import { isDigit, unitsOf } from './text/sight.ts';
import { plainView } from './text/plain-view.ts';

const PLATE = new RegExp(String.raw`[${PLATE_PROVINCES}使][A-Z\d ·•・.-]{0,8}$`, 'u');
/** Digits and what may stand between or before them. */
const BETWEEN = unitsOf(' .()+-/#·・•_');
/** Groups of capital letters and digits, as accounts and ids are written. */
const CODE_GROUPS = /(?:^|[^A-Za-z\d])((?:[A-Z\d]{1,8}[ -]){0,8}[A-Z\d]{0,34})$/;
/** What ends a word for good. */
const ENDS = unitsOf(' \t\n\r",;<>()[]{}|`，。；、！？（）【】《》“”‘’');
const PRIVATE_KEY =
  /-----BEGIN [A-Z ]{0,40}(?:PRIVATE KEY(?: BLOCK)?(?:-{0,5}|-----[^-]*(?:-----END [A-Z ]*-?-?-?-?)?))?$|-{1,5}(?:B(?:E(?:G(?:I(?:N)?)?)?)?)?$/;
/** A line of a key has ended, and another may follow. */
const KEY_LINE = /(?<=[A-Za-z\d+/]{40})(?:[\r\n"'+\\ ]|\\n){1,8}$/;
/** What stands before the @ of an address with a password. */
const USER_INFO = /:\/\/[^\s/"'<>\\?#]{1,200}$/;
const EXTENSION = / ?(?:x|e|ex|ext\.?|extension|#|转|分|分机)[ :：]?\d{0,6}$/i;
const HAN_TAIL = /[\u4E00-\u9FFF\dA-Za-z -]{0,60}$/;
const NAME_TAIL =
  /[A-Z\u00C0-\u00DE][\p{L}'’.-]{0,24}(?: [A-Z\u00C0-\u00DE][\p{L}'’.-]{0,24}){0,3} ?$|[\u4E00-\u9FFF]{1,4}$/u;
const STREET_TAIL = /(?<![A-Za-z\d])\d{1,6}[A-Za-z]?(?:[ ,\n]{1,2}[\w'’.#-]{1,20}){0,8}[ ,\n]{0,2}$/;

type Held = (end: string) => number;

/** How much of the end of a text may begin a finding of these kinds. */
export function heldOf(entities: ReadonlySet<PiiEntity>): Held {
  if (entities.size === 0) return () => 0;
  const parts: Held[] = [word, digits, codes];
  if (entities.has('PLATE')) parts.push((end) => PLATE.exec(end)?.[0].length ?? 0);
  if (entities.has('PRIVATE_KEY')) parts.push((end) => PRIVATE_KEY.exec(end)?.[0].length ?? 0);
  if (entities.has('PRIVATE_KEY')) parts.push((end) => KEY_LINE.exec(end)?.[0].length ?? 0);
  if (entities.has('URL_CREDENTIALS'))
    parts.push((end) => (end.includes('://') ? (USER_INFO.exec(end)?.[0].length ?? 0) : 0));
  if (entities.has('PHONE')) parts.push(extension);
  if (entities.has('PERSON')) parts.push((end) => NAME_TAIL.exec(end)?.[0].length ?? 0);
  if (entities.has('ADDRESS')) parts.push((end) => Math.max(hanTail(end), STREET_TAIL.exec(end)?.[0].length ?? 0));
  return (end) => {
    const view = plainView(end);
    let most = 0;
    for (const part of parts) most = Math.max(most, part(view.text));
    // A sign that nobody sees at the end goes with what is before it.
    return most === 0 ? 0 : end.length - view.startOf(view.text.length - most);
  };
}

/** The word that is being written: the part of an address before its @, a key, the beginning of an id. */
function word(end: string): number {
  let at = end.length;
  while (at > 0) {
    const unit = end.charCodeAt(at - 1);
    if (ENDS.has(unit) || (unit > 0x24f && !isLatin(unit))) break;
    at -= 1;
  }
  return end.length - at;
}

/** Digits with what stands between them. */
function digits(end: string): number {
  let at = end.length;
  let gap = 0;
  // A check letter, an extension.
  while (end.length - at < 4 && isLatin(end.charCodeAt(at - 1))) at -= 1;
  let first = end.length;
  for (; at > 0; at -= 1) {
    const unit = end.charCodeAt(at - 1);
    if (isDigit(unit)) {
      first = at - 1;
      gap = 0;
    } else if (BETWEEN.has(unit) && gap < 4) gap += 1;
    else break;
  }
  if (first === end.length) return /[+(]+$/.exec(end)?.[0].length ?? 0;
  // An opening bracket and a plus belong to it.
  while (first > 0 && (end[first - 1] === '(' || end[first - 1] === '+')) first -= 1;
  // So do the letters that an id begins with.
  for (let letters = 0; letters < 6 && first > 0 && isLatin(end.charCodeAt(first - 1)); letters += 1) first -= 1;
  return end.length - first;
}

/** A number with what may be the beginning of its extension. */
function extension(end: string): number {
  const length = EXTENSION.exec(end)?.[0].length ?? 0;
  const before = end.slice(0, end.length - length);
  return length > 0 && isDigit(before.charCodeAt(before.length - 1)) ? length + digits(before) : 0;
}

function codes(end: string): number {
  const groups = CODE_GROUPS.exec(end.slice(-64))?.[1] ?? '';
  return /\d/.test(groups) || groups.length <= 4 ? groups.length : 0;
}

function hanTail(end: string): number {
  const tail = HAN_TAIL.exec(end)?.[0] ?? '';
  return /[\u4E00-\u9FFF]/.test(tail) ? tail.trimStart().length : 0;
}
