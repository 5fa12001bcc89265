/** A text as a reader takes it, and where its units stand in the text as it was given. */
export interface PlainView {
  readonly text: string;
  /** Where unit `at` of the view begins in the source. */
  startOf(at: number): number;
  /** Where the unit before `end` of the view ends in the source. */
  endOf(end: number): number;
}

/** Signs that nobody sees, the frame of a keycap, and strokes through and under digits. */
const UNSEEN = /^(?:[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\u20E3]|[\u0300-\u036F\u20D0-\u20FF]+)$/u;

/**
 * All that is read as something else: unseen signs, odd spaces and dashes, wide, raised, circled and mathematical signs,
 * digits of other scripts, strokes on digits, and signs as URLs write them.
 */
const ODD =
  // oxlint-disable-next-line no-misleading-character-class -- each by itself
  /(?!\d)\p{Nd}|(?<=\p{N})[\u0300-\u036F\u20D0-\u20FF]{1,8}|%[\dA-Fa-f]{2}|[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\u00A0\u00B2\u00B3\u00B9\u1680\u2000-\u200A\u2010-\u2015\u202F\u205F\u2070-\u209F\u20E3\u2100-\u214F\u2212\u2460-\u24FF\u2776-\u2793\u3000\uFE50-\uFE6B\uFF02-\uFF09\uFF0B\uFF0D-\uFF19\uFF1C-\uFF1E\uFF20-\uFF5E\u{1D400}-\u{1D7FF}\u{1F100}-\u{1F1FF}]/gu;

const SPACE = /^\s$/;
const DASH = /^[\u2010-\u2015\u2212\uFE58\uFE63\uFF0D]$/;
/** One alone numbers an item or is a power; only several in a row, or between digits, are a number. */
const ORNAMENT = /^[\u00B2\u00B3\u00B9\u2070-\u209F\u2460-\u24FF\u2776-\u2793\u{1F100}-\u{1F1FF}]$/u;
const DIGIT = /^\p{Nd}$/u;
/** Circled digits that NFKC leaves as they are: where a row begins, and of which number. */
const CIRCLED: readonly (readonly [first: number, last: number, number: number])[] = [
  [0x24eb, 0x24f4, 11],
  [0x24f5, 0x24fe, 1],
  [0x24ff, 0x24ff, 0],
  [0x2776, 0x277f, 1],
  [0x2780, 0x2789, 1],
  [0x278a, 0x2793, 1],
  [0x1f10b, 0x1f10c, 0],
];
/** Of what URLs write with a percent sign, that which stands within addresses and numbers. All else is an end. */
const WITHIN = /[\w@+.-]/;

/** The text without what hides digits and letters. */
export function plainView(source: string): PlainView {
  ODD.lastIndex = 0;
  return ODD.test(source) ? new Mapped(source) : asItIs(source);
}

/** The view of a text that hides nothing. */
export function asItIs(source: string): PlainView {
  return { text: source, startOf: same, endOf: same };
}

const same = (at: number): number => at;

/** A stretch of the view: as it is in the source, or all of it in the place of one sign. */
class Mapped implements PlainView {
  readonly text: string;
  readonly #views: number[] = [];
  readonly #sources: number[] = [];
  /** 0 of a stretch that is as it is in the source; otherwise where its sign ends. */
  readonly #ends: number[] = [];

  constructor(source: string) {
    let text = '';
    let copied = 0;
    ODD.lastIndex = 0;
    for (let match = ODD.exec(source); match; match = ODD.exec(source)) {
      const [sign] = match;
      const at = match.index;
      const end = at + sign.length;
      const plain = isAlone(sign, at, source) ? sign : plainOf(sign);
      if (plain === sign) continue;
      if (at > copied) {
        this.#add(text.length, copied, 0);
        text += source.slice(copied, at);
      }
      if (plain !== '') {
        this.#add(text.length, at, end);
        text += plain;
      }
      copied = end;
    }
    this.#add(text.length, copied, 0);
    this.text = text + source.slice(copied);
  }

  startOf(at: number): number {
    const index = this.#stretchOf(at);
    const source = this.#sources[index] ?? 0;
    return this.#ends[index] ? source : source + at - (this.#views[index] ?? 0);
  }

  endOf(end: number): number {
    const index = this.#stretchOf(end - 1);
    return this.#ends[index] || (this.#sources[index] ?? 0) + end - (this.#views[index] ?? 0);
  }

  #add(view: number, source: number, end: number): void {
    this.#views.push(view);
    this.#sources.push(source);
    this.#ends.push(end);
  }

  /** The last stretch that begins at or before it. */
  #stretchOf(at: number): number {
    let low = 0;
    let high = this.#views.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#views[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function isAlone(sign: string, at: number, source: string): boolean {
  if (!ORNAMENT.test(sign)) return false;
  const end = at + sign.length;
  if (
    ORNAMENT.test(source.slice(Math.max(0, at - sign.length), at)) ||
    ORNAMENT.test(source.slice(end, end + sign.length))
  )
    return false;
  const [before, further] = signsBefore(source, at);
  const [after, beyond] = signsAfter(source, end);
  const [isDigitBefore, isDigitAfter] = [DIGIT.test(before), DIGIT.test(after)];
  if (isDigitBefore && isDigitAfter) return false;
  return !(isDigitBefore && ORNAMENT.test(further)) && !(isDigitAfter && ORNAMENT.test(beyond));
}

function signsBefore(source: string, at: number): readonly [nearest: string, further: string] {
  const [nearest = '', further = ''] = Array.from(source.slice(Math.max(0, at - 4), at)).toReversed();
  return [nearest, further];
}

function signsAfter(source: string, end: number): readonly [nearest: string, further: string] {
  const [nearest = '', further = ''] = source.slice(end, end + 4);
  return [nearest, further];
}

function plainOf(sign: string): string {
  if (sign.startsWith('%')) return ofUrl(sign);
  if (UNSEEN.test(sign)) return '';
  if (SPACE.test(sign)) return ' ';
  if (DASH.test(sign)) return '-';
  const code = sign.codePointAt(0) ?? 0;
  for (const [first, last, number] of CIRCLED) if (code >= first && code <= last) return String(code - first + number);
  const plain = sign.normalize('NFKC');
  if (plain === sign && DIGIT.test(sign)) return digitOf(code);
  // Signs that stand for whole words are nobody's digits.
  return plain.length > 4 ? sign : plain;
}

/** The digits of a script stand in a row, from 0 on. */
function digitOf(code: number): string {
  let zero = code;
  while (code - zero < 9 && DIGIT.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String(code - zero);
}

function ofUrl(sign: string): string {
  const plain = String.fromCharCode(Number.parseInt(sign.slice(1), 16));
  return WITHIN.test(plain) ? plain : '|';
}
