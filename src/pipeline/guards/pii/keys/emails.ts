import { isDigit, isLatin, type Recogniser, unitsOf } from '../text/sight.ts';

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
    const start = localStart(text, at, past);
    const end = domainEnd(text, at + 1);
    if (start === at || end === at + 1) continue;
    const address = text.slice(start, end);
    if (!TOP_LEVEL.test(address) || FILE.test(address) || NOBODYS.test(address)) continue;
    sight.add(start, end, 'EMAIL', 0.95);
    past = end;
  }
};

function localStart(text: string, at: number, past: number): number {
  const first = Math.max(past, at - MOST_LOCAL);
  let start = at;
  while (start > first) {
    const unit = text.charCodeAt(start - 1);
    if (LIMITS.has(unit) || !(isDigit(unit) || isLatin(unit) || LOCAL_SIGNS.has(unit))) break;
    start -= 1;
  }
  while (start < at && NOT_FIRST.has(text.charCodeAt(start))) start += 1;
  // `\n` in JSON
  if (text.charAt(start - 1) === '\\' && /[nrt]/.test(text.charAt(start)) && at - start > 1) start += 1;
  return start;
}

function domainEnd(text: string, from: number): number {
  const last = Math.min(text.length, from + MOST_DOMAIN);
  let end = from;
  while (end < last) {
    const unit = text.charCodeAt(end);
    if (!(isDigit(unit) || isLatin(unit) || unit === DASH || (unit === POINT && end > from))) break;
    if (unit === POINT && text.charCodeAt(end - 1) === POINT) break;
    end += 1;
  }
  while (end > from && !isDigit(text.charCodeAt(end - 1)) && !isLatin(text.charCodeAt(end - 1))) end -= 1;
  return end;
}
