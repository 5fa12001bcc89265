import { RANK, type Recogniser } from '../text/sight.ts';

const BEGIN = '-----BEGIN ';
const HEAD = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----/y;
const END = '-----END ';
const FOOT = /-----END [A-Z ]{0,48}-{0,5}/y;
/** UTF-16 units. Four times the longest that are in use. */
const LONGEST = 65_536;

/** What stands between the lines of a key, also in programs. */
const BETWEEN = /[\s"'`+,;>\\]+/y;
/** Of a key without an end: headers, Base64 that is longer than words are, and its last line. */
const ARMOR =
  /[A-Za-z][A-Za-z-]{1,30}: [^\r\n]{0,300}|[A-Za-z\d+/=]{24,}|(?<=[\r\n][ \t"'>+]{0,16}|\\)[A-Za-z\d+/]{1,76}(?:={1,2}|(?=["'\\\r\n]|$))/y;

/** A private key, or the part of it that is there. */
export const privateKeyRecogniser: Recogniser = (sight) => {
  const { text } = sight;
  let at = text.indexOf(BEGIN);
  while (at >= 0) {
    const next = text.indexOf(BEGIN, at + 1);
    const from = endOf(HEAD, text, at);
    if (from > at) {
      const body = text.slice(from, Math.min(next < 0 ? text.length : next, from + LONGEST));
      sight.add(at, from + bodyLength(body), 'PRIVATE_KEY', 1, RANK.secret);
    }
    at = next;
  }
};

function bodyLength(body: string): number {
  const foot = body.indexOf(END);
  if (foot >= 0) return endOf(FOOT, body, foot);
  let length = 0;
  for (let at = endOf(BETWEEN, body, 0); at < body.length; at = endOf(BETWEEN, body, length)) {
    const end = endOf(ARMOR, body, at);
    if (end === at) return length;
    length = end;
  }
  // It may go on.
  return body.length;
}

function endOf(part: RegExp, text: string, at: number): number {
  part.lastIndex = at;
  return part.test(text) ? part.lastIndex : at;
}
