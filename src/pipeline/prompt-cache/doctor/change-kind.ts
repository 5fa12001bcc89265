/** What a difference between two prompts seems to be. */
export const CHANGE_KINDS = [
  'timestamp',
  'date',
  'id',
  'number',
  'whitespace',
  'key-order',
  'order',
  'added',
  'removed',
  'content',
] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** The two texts around a place up to which they are the same. */
export interface ChangedTexts {
  /** What both have before it. */
  readonly lead: string;
  readonly earlier: string;
  readonly later: string;
}

/** A kind, and which part of the texts it is: from how many characters before the place, to where in each. */
export interface Guess {
  readonly kind: ChangeKind;
  readonly back: number;
  readonly earlierEnd: number;
  readonly laterEnd: number;
}

const TIME = String.raw`\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?: ?[AaPp]\.?[Mm]\.?)?`;
const ZONE = String.raw`(?: ?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))?`;
const MONTH = String.raw`(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?`;
const DATE = [
  String.raw`\d{4}[-/.]\d{1,2}[-/.]\d{1,2}`,
  String.raw`\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}`,
  String.raw`${MONTH} \d{1,2}(?:st|nd|rd|th)?,? \d{4}`,
  String.raw`\d{1,2}(?:st|nd|rd|th)? ${MONTH} \d{4}`,
  String.raw`\d{4} ?年 ?\d{1,2} ?月 ?\d{1,2} ?日`,
].join('|');

/** The first that both texts match at the place is what it is. Each repetition is bounded. */
const TOKENS: readonly (readonly [ChangeKind, RegExp])[] = [
  ['timestamp', new RegExp(`(?:${DATE})(?:[T ]|, |,? at )${TIME}${ZONE}`, 'g')],
  ['timestamp', new RegExp(`(?<![\\d:])${TIME}${ZONE}(?![\\d:])`, 'g')],
  // Seconds or milliseconds since 1970, of this century's years so far.
  ['timestamp', /(?<![\w.])1[5-9]\d{8}(?:\d{3}|\.\d{1,9})?(?![\w])/g],
  ['date', new RegExp(`(?<![\\d])(?:${DATE})(?![\\d])`, 'g')],
  ['id', /[\dA-Fa-f]{8}-(?:[\dA-Fa-f]{4}-){3}[\dA-Fa-f]{12}/g],
  ['id', /(?<![\w-])(?=[\w-]{0,40}\d)[A-Za-z]{1,16}[_-][\w-]{6,64}(?![\w-])/g],
  ['id', /(?<![\w])(?=[A-Za-z]{0,40}\d)(?=\d{0,40}[A-Za-z])[\dA-Za-z]{8,64}(?![\w])/g],
  ['number', /(?<![\w])[+-]?\d{1,20}(?:[.,]\d{1,20})*(?![\w])/g],
];

/** How far before the place something may begin that it is a part of. */
const MOST_BACK = 80;
/** Of what is nothing in particular. */
const CONTENT_CHARS = 20;

/** What the difference at the place is, judged by the texts on both sides of it. */
export function guessChange({ lead, earlier, later }: ChangedTexts): Guess {
  const before = lead.slice(-MOST_BACK);
  for (const [kind, pattern] of TOKENS) {
    const [one, other] = [
      tokenAt(pattern, before + earlier, before.length),
      tokenAt(pattern, before + later, before.length),
    ];
    if (!one || !other) continue;
    const back = before.length - Math.min(one.start, other.start);
    return { kind, back, earlierEnd: one.end - before.length, laterEnd: other.end - before.length };
  }
  const kind = isWhitespaceOnly(earlier, later) ? 'whitespace' : 'content';
  return {
    kind,
    back: 0,
    earlierEnd: Math.min(earlier.length, CONTENT_CHARS),
    laterEnd: Math.min(later.length, CONTENT_CHARS),
  };
}

/** What matches around the place, or ends at it (where one text is shorter than the other). */
function tokenAt(pattern: RegExp, text: string, at: number): { start: number; end: number } | undefined {
  // Nothing that is looked for is longer than what is looked at.
  for (const match of text.slice(0, at + MOST_BACK).matchAll(pattern)) {
    const [start, end] = [match.index, match.index + match[0].length];
    if (start > at) return undefined;
    if (end >= at && end > start) return { start, end };
  }
  return undefined;
}

/** The texts that follow are the same but for white space, and one of them has some at the place. */
function isWhitespaceOnly(earlier: string, later: string): boolean {
  if (!/^\s/.test(earlier) && !/^\s/.test(later)) return false;
  const [one, other] = [withoutSpace(earlier), withoutSpace(later)];
  const length = Math.min(one.length, other.length);
  return length > 0 && one.slice(0, length) === other.slice(0, length);
}

function withoutSpace(text: string): string {
  return text.replaceAll(/\s+/g, '');
}
