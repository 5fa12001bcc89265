/** Pieces that texts are made of by repeating them: what the signs of guards begin with, and what is expensive to read. */
const FRAGMENTS: readonly string[] = [
  ['a', ' ', '\n', '0', '1', '12', '138', '1380013', '@', '.', '-', '_', '/', '\\', '=', '+', ':', ';', '[', ']'],
  ['a@', 'a.', '@a.b', 'a@b.co ', 'http://', '://a:b@', 'https://u:', '192.168.1.', '::', 'fe80:', 'DE89', 'GB29 '],
  ['sk-', 'ghp_', 'AKIA', 'eyJ', '-----BEGIN ', 'password=', 'token: ', 'key=a', 'passport ', 'No. ', 'ID ', 'SSN '],
  ['ignore ', 'previous ', 'instructions ', 'you are ', 'system', '<|im_start|>', '[INST]', '###', 'base64 ', 'DAN '],
  ['aWdub3Jl', 'QUJD', '696e', '%69', '\\u0061', '&#x61;', 'i g n o r e ', '1gn0r3 ', 'erongi ', 'vtaber '],
  ['忽略', '以上', '指令', '身份证', '电话', '京A', '省', '市', '路', '号', '张', '王先生', '中文', '护照', '。', '，'],
  ['\u200b', '\u202e', 'а', 'е', 'ｉ', '１', '😀', '𝐢', 'é', 'ﷺ', '\u0301', '\ud800'],
  [
    'fuck',
    'kill ',
    'f.u.c.k',
    'k-i-l-l',
    'Mr. ',
    'my name is ',
    '12 Main Street',
    '+86 ',
    '(555) ',
    '555-',
    '4111 1111 ',
  ],
].flat();

export interface Worst {
  /** What is repeated. */
  readonly unit: string;
  readonly nsPerCharacter: number;
}

/** A text of about so many units. */
export function repeated(unit: string, length: number): string {
  return unit === '' ? '' : unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
}

/** A generator of numbers below others, the same in each run. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
}

export interface Search {
  readonly work: (text: string) => void;
  /** Units of each text that is tried. */
  readonly length: number;
  readonly tries: number;
  readonly seed?: number;
}

/** More of the slowest are kept, so that the search does not end at the first that is slow. */
const KEPT = 8;

/**
 * Looks for what takes longest: pieces, then changes of those that took longest so far. What one slow run shows is
 * measured again, and the fastest of its runs counts, so that a busy machine is not taken for a slow text.
 */
export function searchWorst({ work, length, tries, seed = 1 }: Search): Worst {
  const below = seeded(seed);
  const measure = (unit: string, runs: number): number => {
    const text = repeated(unit, length);
    let least = Number.POSITIVE_INFINITY;
    for (let run = 0; run < runs; run += 1) {
      const startedAt = performance.now();
      work(text);
      least = Math.min(least, performance.now() - startedAt);
    }
    return (least * 1e6) / Math.max(1, text.length);
  };
  let kept: Worst[] = [];
  const consider = (unit: string): void => {
    if (unit === '' || kept.some((one) => one.unit === unit)) return;
    const least = kept.length < KEPT ? 0 : (kept.at(-1)?.nsPerCharacter ?? 0);
    if (measure(unit, 1) <= least) return;
    kept = [...kept, { unit, nsPerCharacter: measure(unit, 4) }]
      .toSorted((a, b) => b.nsPerCharacter - a.nsPerCharacter)
      .slice(0, KEPT);
  };
  for (let run = 0; run < 3; run += 1) work(repeated('warm ', length));
  for (const fragment of FRAGMENTS) consider(fragment);
  for (let tried = 0; tried < tries; tried += 1) consider(mutated(kept[below(kept.length)]?.unit ?? '', below));
  return kept[0] ?? { unit: '', nsPerCharacter: 0 };
}

const LONGEST_UNIT = 400;

function mutated(unit: string, below: (n: number) => number): string {
  const fragment = FRAGMENTS[below(FRAGMENTS.length)] ?? '';
  const at = below(unit.length + 1);
  switch (below(5)) {
    case 0:
      return unit + fragment;
    case 1:
      return (unit.slice(0, at) + fragment + unit.slice(at)).slice(0, LONGEST_UNIT);
    case 2:
      return unit.slice(0, at) + unit.slice(at + 1 + below(4));
    case 3:
      return repeated(fragment, 1 + below(60)) + unit.slice(0, LONGEST_UNIT - 60);
    default:
      return (unit + fragment.repeat(1 + below(20))).slice(0, LONGEST_UNIT);
  }
}
