/** The scripts that texts are told apart by. `latin` has many languages, `ru` stands for all that is Cyrillic. */
export const SCRIPTS = ['zh', 'ja', 'ko', 'ru', 'ar', 'he', 'th', 'hi', 'el', 'latin'] as const;
export type Script = (typeof SCRIPTS)[number];

/** What a text is written in shows within that many characters. */
const MOST_CHARS = 2000;

/** A sign of Chinese, Japanese or Korean says about as much as that many letters. */
const SIGN = 3;
/** Japanese without kana is short; Chinese has them in names of Japanese shops. */
const LEAST_KANA = 0.1;

/** What most of a text is written in; undefined where it has no letters. */
export function scriptOf(text: string): Script | undefined {
  const found = { han: 0, kana: 0, ko: 0, latin: 0, ru: 0, ar: 0, he: 0, th: 0, hi: 0, el: 0 };
  const end = Math.min(text.length, MOST_CHARS);
  for (let at = 0; at < end; at += 1) {
    const kind = kindOf(text.charCodeAt(at));
    if (kind) found[kind] += 1;
  }
  const { han, kana, ko, ...others } = found;
  const isJapanese = kana > 0 && kana >= LEAST_KANA * (han + kana);
  const signs = SIGN * (han + kana);
  const weights: Partial<Record<Script, number>> = { ...others, ko: SIGN * ko, [isJapanese ? 'ja' : 'zh']: signs };
  let script: Script | undefined;
  let most = 0;
  for (const name of SCRIPTS) {
    const weight = weights[name] ?? 0;
    if (weight <= most) continue;
    most = weight;
    script = name;
  }
  return script;
}

type Kind = Exclude<Script, 'zh' | 'ja'> | 'han' | 'kana';

/** Of a UTF-16 code unit. The first half of a pair from beyond the basic plane counts where it begins a rare Chinese sign. */
function kindOf(unit: number): Kind | undefined {
  if (unit < 0x250) return isLatin(unit) ? 'latin' : undefined;
  for (const [from, to, kind] of BLOCKS) if (unit >= from && unit <= to) return kind;
  return undefined;
}

/** Of a UTF-16 unit: of Latin letters, also those with accents. */
export function isLatin(unit: number): boolean {
  const lower = unit | 0x20;
  return (lower >= 0x61 && lower <= 0x7a) || (unit >= 0xc0 && unit <= 0x24f && unit !== 0xd7 && unit !== 0xf7);
}

/** Those with the most text first. */
const BLOCKS: readonly (readonly [from: number, to: number, kind: Kind])[] = [
  [0x4e00, 0x9fff, 'han'],
  [0x3040, 0x30ff, 'kana'],
  [0xac00, 0xd7a3, 'ko'],
  [0x400, 0x52f, 'ru'],
  [0x600, 0x6ff, 'ar'],
  [0x750, 0x77f, 'ar'],
  [0xfb50, 0xfdff, 'ar'],
  [0xfe70, 0xfefc, 'ar'],
  [0x590, 0x5ff, 'he'],
  [0xe00, 0xe7f, 'th'],
  [0x900, 0x97f, 'hi'],
  [0x370, 0x3ff, 'el'],
  [0x1f00, 0x1fff, 'el'],
  [0x1e00, 0x1eff, 'latin'],
  [0x3400, 0x4dbf, 'han'],
  [0xf900, 0xfaff, 'han'],
  [0xd840, 0xd88d, 'han'],
  [0x1100, 0x11ff, 'ko'],
  [0xff66, 0xff9d, 'kana'],
];
