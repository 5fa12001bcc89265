/** A text as a reader takes it, and where its units stand in the text as it was given. */
export interface PlainView {
  readonly text: string;
  /** Where unit `at` of the view begins in the source. */
  startOf(at: number): number;
  /** Where the unit before `end` of the view ends in the source. */
  endOf(end: number): number;
}

/** Signs that nobody sees, and the frame of a keycap. */
const UNSEEN = /^[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\u20E3]$/u;

/** All that is read as something else: unseen signs, odd spaces and dashes, wide, raised, circled and mathematical signs, digits of other scripts. */
const ODD =
  // oxlint-disable-next-line no-misleading-character-class -- each by itself
  /[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\u00A0\u00B2\u00B3\u00B9\u0660-\u0669\u06F0-\u06F9\u0966-\u096F\u09E6-\u09EF\u0E50-\u0E59\u1680\u2000-\u200A\u2010-\u2015\u202F\u205F\u2070-\u209F\u20E3\u2100-\u214F\u2212\u2460-\u24FF\u2776-\u2793\u3000\uFE50-\uFE6B\uFF02-\uFF09\uFF0B\uFF0D-\uFF19\uFF1C-\uFF1E\uFF20-\uFF5E\u{1D400}-\u{1D7FF}\u{1F100}-\u{1F1FF}]/gu;

const SPACE = /^\s$/;
const DASH = /^[\u2010-\u2015\u2212\uFE58\uFE63\uFF0D]$/;
/** One alone numbers an item or is a power; only several in a row are a number. */
const ORNAMENT = /^[\u00B2\u00B3\u00B9\u2070-\u209F\u2460-\u24FF\u2776-\u2793\u{1F100}-\u{1F1FF}]$/u;
/** The zeros of scripts whose digits are not those of ASCII under NFKC. */
const ZEROS = [0x660, 0x6f0, 0x966, 0x9e6, 0xe50];

/** The text without what hides digits and letters. */
export function plainView(source: string): PlainView {
  ODD.lastIndex = 0;
  if (!ODD.test(source)) return { text: source, startOf: same, endOf: same };
  return new Mapped(source);
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
  const before = source.slice(Math.max(0, at - sign.length), at);
  const end = at + sign.length;
  return !ORNAMENT.test(before) && !ORNAMENT.test(source.slice(end, end + sign.length));
}

function plainOf(sign: string): string {
  if (UNSEEN.test(sign)) return '';
  if (SPACE.test(sign)) return ' ';
  if (DASH.test(sign)) return '-';
  const code = sign.codePointAt(0) ?? 0;
  for (const zero of ZEROS) if (code >= zero && code <= zero + 9) return String(code - zero);
  const plain = sign.normalize('NFKC');
  // Signs that stand for whole words are nobody's digits.
  return plain.length > 4 ? sign : plain;
}
