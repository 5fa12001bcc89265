/** A text as a reader takes it, and where each unit stands in the text as it was given. */
export interface PlainText {
  readonly text: string;
  /** With the length of the given text at the end. */
  readonly places: Uint32Array;
}

/** Anything that may be written in other signs, or with more white space than a space. */
const NOT_PLAIN = /[^\0-\x7f\u3001\u3002\u4e00-\u9fff\uff0c]|\s\s|[\t\n\r\v\f]/;
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}]/u;

/**
 * White space is one space, wide, raised and circled signs are plain ones, and what cannot be seen is left out. It is
 * never longer than the text.
 * @returns undefined where the text is that already
 */
export function plainText(given: string): PlainText | undefined {
  if (!NOT_PLAIN.test(given)) return undefined;
  const places = new Uint32Array(given.length + 1);
  const units = new Uint16Array(given.length);
  let length = 0;
  for (let at = 0; at < given.length; at++) {
    const point = given.codePointAt(at) ?? 0;
    const begin = at;
    if (point > 0xffff) at++;
    const plain = point > SPACE && point < 0x7f ? point : plainPoint(point);
    if (plain === NOTHING || (plain === SPACE && units[length - 1] === SPACE)) continue;
    places[length] = begin;
    if (plain > 0xffff) {
      units[length++] = 0xd800 + ((plain - 0x10000) >> 10);
      places[length] = begin;
      units[length++] = 0xdc00 + (plain & 0x3ff);
    } else units[length++] = plain;
  }
  places[length] = given.length;
  const text = Buffer.from(units.buffer, 0, length * 2).toString('utf16le');
  return text === given ? undefined : { text, places };
}

const [SPACE, NOTHING, UNKNOWN] = [0x20, -1, -2];
/** By code point of the first plane. */
const known = new Int32Array(0x10000).fill(UNKNOWN);

function plainPoint(point: number): number {
  if (point > 0xffff) return plainSign(String.fromCodePoint(point));
  if (known[point] === UNKNOWN) known[point] = plainSign(String.fromCharCode(point));
  return known[point] ?? point;
}

function plainSign(sign: string): number {
  if (/\s/u.test(sign)) return SPACE;
  if (UNSEEN.test(sign)) return NOTHING;
  const plain = sign.normalize('NFKC');
  const point = plain.codePointAt(0) ?? 0;
  // Signs that stand for several are left as they are.
  return plain.length === (point > 0xffff ? 2 : 1) ? point : (sign.codePointAt(0) ?? 0);
}
