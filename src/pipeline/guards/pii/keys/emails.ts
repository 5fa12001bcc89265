import { isLatin } from '../../../../core/texts/script.ts';
import { isDigit, type Recogniser, unitsOf } from '../text/sight.ts';

/** RFC 5321, 4.5.3.1. */
const MOST_LOCAL = 64;
const MOST_DOMAIN = 255;

const AT = '@';
const POINT = 0x2e;
const DASH = 0x2d;
/** Of the signs that may stand before the @ those that are used. */
const LOCAL_SIGNS = unitsOf(".!#$%&'*+/=?^_`{|}~-");
/** With these an address does not begin: they are the text's. */
const NOT_FIRST = unitsOf(".!#$%&'*+/=?^`{|}~-");
/** Within a name, between letters, they are of the address: `o'brien`. */
const WITHIN = unitsOf("'#!$^*");
/** A query's name and value, a path: what stands before is not of the address. */
const LIMITS = unitsOf("=/&?|{}`'!*#$^");

const TOP_LEVEL = /\.(?:[A-Za-z]{2,24}|xn--[A-Za-z\d-]{2,59})$/;
/** Names of files such as `logo@2x.png`. */
const FILE = /\.(?:png|jpe?g|gif|svg|webp|css|scss|json|html?|tsx?|jsx?|mjs|pdf)$/i;
/** Where programs are kept, and whom everybody may write to there. */
const NOBODYS = /^(?:git|hg|svn|noreply|no-reply)@/i;

/** E-mail addresses. From every @ backwards and forwards, so that no text takes long. */
export const emailRecogniser: Recogniser = (sight) => {
  const { text } = sight;
  let past = 0;
  for (let at = text.indexOf(AT); at >= 0; at = text.indexOf(AT, at + 1)) {
    const end = hostEnd(text, at + 1);
    if (end === at + 1) continue;
    const start =
      localStart(text, at, past) - (HAN_NAME.exec(text.slice(Math.max(past, at - MOST_HAN), at))?.[0].length ?? 0);
    const address = text.slice(start, end);
    if (start === at || FILE.test(address) || NOBODYS.test(address)) continue;
    sight.add(start, end, 'EMAIL', 0.95);
    past = end;
  }
};

function isSign(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return isDigit(unit) || isLatin(unit);
}

function localStart(text: string, at: number, past: number): number {
  const first = Math.max(past, at - MOST_LOCAL);
  let start = at;
  while (start > first) {
    const unit = text.charCodeAt(start - 1);
    const isWithin = WITHIN.has(unit) && isSign(text, start) && start - 1 > first && isSign(text, start - 2);
    if ((LIMITS.has(unit) && !isWithin) || !(isSign(text, start - 1) || LOCAL_SIGNS.has(unit))) break;
    start -= 1;
  }
  while (start < at && NOT_FIRST.has(text.charCodeAt(start))) start += 1;
  // `\n` in JSON
  if (text.charAt(start - 1) === '\\' && /[nrt]/.test(text.charAt(start)) && at - start > 1) start += 1;
  return start;
}

/** Of letters of other scripts, where nothing else stands before the @. The words before it cannot be told from it. */
const MOST_HAN = 16;
const HAN_NAME = /[\p{L}\p{N}]*[^\p{Script=Latin}\P{L}]$/u;
/** Names of hosts in all scripts, with the full stop that some keyboards write. */
const ANY_HOST =
  /(?:[\p{L}\p{N}][\p{L}\p{N}-]{0,62}[.。｡]){1,8}(?:[A-Za-z]{2,24}(?![A-Za-z])|xn--[A-Za-z\d-]{2,59}|中国|中國|公司|网络|網絡|商城|网址|рф|한국|みんな)/uy;

function hostEnd(text: string, from: number): number {
  const end = domainEnd(text, from);
  if (TOP_LEVEL.test(text.slice(from, end))) return end;
  ANY_HOST.lastIndex = from;
  return ANY_HOST.test(text) ? ANY_HOST.lastIndex : from;
}

function domainEnd(text: string, from: number): number {
  const last = Math.min(text.length, from + MOST_DOMAIN);
  let end = from;
  while (end < last) {
    const unit = text.charCodeAt(end);
    if (!(isSign(text, end) || unit === DASH || (unit === POINT && end > from))) break;
    if (unit === POINT && text.charCodeAt(end - 1) === POINT) break;
    end += 1;
  }
  while (end > from && !isSign(text, end - 1)) end -= 1;
  return end;
}
