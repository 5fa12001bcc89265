/** What a text is made of, as far as it tells how many tokens it will be. */
export const FEATURES = [
  /** Runs of ASCII letters. */
  'words',
  'letters',
  /** Capitals behind a small letter: camelCase falls apart there. */
  'humps',
  'digits',
  /** ASCII punctuation: its runs, and its characters. */
  'signRuns',
  'signs',
  /** Runs of white space that are more than the one space before a word. */
  'gaps',
  /** Letters of Latin beyond ASCII. */
  'accented',
  /** Typographic punctuation, arrows, mathematics. */
  'symbols',
  'han',
  /** Full-width punctuation. */
  'wide',
  'kana',
  'hangul',
  /** Other scripts, by the bytes that their letters take in UTF-8. */
  'twoByte',
  'threeByte',
  /** Halves of surrogate pairs: emoji, rare Han. */
  'astral',
] as const;

export type ScriptFeature = (typeof FEATURES)[number];

/** One number for each of {@link FEATURES}, in their order. */
export type ScriptCounts = Uint32Array;

const AT = Object.fromEntries(FEATURES.map((name, at) => [name, at])) as Readonly<Record<ScriptFeature, number>>;

/** What a character is; the first five are kinds of ASCII, the others the place of their feature. */
const SMALL = 100;
const CAPITAL = 101;
const SPACE = 102;
const BREAK = 103;
const SIGN = 104;
const DIGIT = AT.digits;

const ASCII = Uint8Array.from({ length: 128 }, (_, code) => {
  if (code >= 0x61 && code <= 0x7a) return SMALL;
  if (code >= 0x41 && code <= 0x5a) return CAPITAL;
  if (code >= 0x30 && code <= 0x39) return DIGIT;
  if (code === 0x20) return SPACE;
  return code < 0x20 || code === 0x7f ? BREAK : SIGN;
});

/** Where each stretch of code units ends, and what it is. */
const BEYOND: readonly (readonly [before: number, feature: ScriptFeature])[] = [
  [0xc0, 'symbols'],
  [0x250, 'accented'],
  [0x800, 'twoByte'],
  [0x1e00, 'threeByte'],
  [0x1f00, 'accented'],
  [0x2000, 'twoByte'],
  [0x2e80, 'symbols'],
  [0x3000, 'han'],
  [0x3040, 'wide'],
  [0x3100, 'kana'],
  [0xa000, 'han'],
  [0xac00, 'threeByte'],
  [0xd7b0, 'hangul'],
  [0xe000, 'astral'],
  [0xf900, 'threeByte'],
  [0xfb00, 'han'],
  [0xff00, 'threeByte'],
  [0x10000, 'wide'],
];

/** The feature of each block of 16 code units; no stretch begins inside one. */
const BLOCKS = Uint8Array.from({ length: 0x1000 }, (_, block) => {
  const feature = BEYOND.find(([before]) => block * 16 < before)?.[1];
  return AT[feature ?? 'astral'];
});

/** Counts in one pass, into `counts` where some are given: a stream is counted piece by piece. */
export function countScripts(text: string, counts: ScriptCounts = new Uint32Array(FEATURES.length)): ScriptCounts {
  let before = -1;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const kind = (code < 128 ? ASCII[code] : BLOCKS[code >> 4]) ?? SIGN;
    if (kind < SMALL) add(counts, kind);
    else countAscii(counts, kind, before);
    before = kind;
  }
  return counts;
}

function countAscii(counts: ScriptCounts, kind: number, before: number): void {
  if (kind === SPACE || kind === BREAK) {
    const isInside = before === SPACE || before === BREAK;
    // One space before a word is part of the word's first token.
    if (kind === BREAK ? before !== BREAK : isInside) add(counts, AT.gaps);
    return;
  }
  if (kind === SIGN) {
    add(counts, AT.signs);
    if (before !== SIGN) add(counts, AT.signRuns);
    return;
  }
  add(counts, AT.letters);
  if (before !== SMALL && before !== CAPITAL) add(counts, AT.words);
  else if (kind === CAPITAL && before === SMALL) add(counts, AT.humps);
}

function add(counts: ScriptCounts, at: number): void {
  counts[at] = (counts[at] ?? 0) + 1;
}
