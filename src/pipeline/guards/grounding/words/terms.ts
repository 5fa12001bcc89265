/** One thing that a text says: a word, a name, a number, or two signs of Chinese. */
export interface Term {
  /** The same for what is the same word, whatever its case and ending. */
  readonly key: string;
  /** How much it matters that it is in the sources. */
  readonly weight: number;
  /** Numbers and names: what answers get wrong. */
  readonly isFact: boolean;
}

const NUMBER_WEIGHT = 2;
const NAME_WEIGHT = 1.5;

/** They say nothing by themselves. */
const STOP_WORDS = new Set(
  `a about above after again all also am an and any are aren as at be because been before being below between both but by
   can could did do does doing done down during each either else few for from further get had has have having he her here
   hers herself him himself his how i if in into is isn it its itself just ll may me might more most much must my myself
   neither no nor not now of off on once only or other our ours out over own quite rather re really s said same say says
   she should so some such t than that the their theirs them themselves then there these they this those through thus to
   too under until up upon us very was wasn we were weren what when where whether which while who whom whose why will with
   within without would yet you your yours according based answer following context document documents text passage`.split(
    /\s+/,
  ),
);
/** Signs of Chinese that hold others together. */
const STOP_SIGNS = new Set(
  '的了是在和与及或有也都就而但被把将对为从到于以之其这那此该个们吗呢吧啊所着过等很最更又还并且',
);

const WORD_DIGITS: ReadonlyMap<string, string> = new Map(
  'zero one two three four five six seven eight nine ten eleven twelve'
    .split(' ')
    .map((word, digit) => [word, String(digit)] as const),
);
const DIGIT_WORDS = new Map([...WORD_DIGITS].map(([word, digit]) => [digit, word] as const));
const SIGN_DIGITS = new Map(Array.from('〇一二三四五六七八九十').map((sign, digit) => [sign, String(digit)] as const));

/** A run of Chinese signs, or of letters and digits with the points and commas of numbers. Its time is linear. */
const RUN = /\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{M}\p{N}])+(?:[.,]\p{N}+)*/gu;
const HAN = /^\p{Script=Han}/u;
const DIGIT = /\p{N}/u;
const UPPER = /^\p{Lu}/u;

/** What a sentence says, each thing once. */
export function termsOf(sentence: string): readonly Term[] {
  const terms = new Map<string, Term>();
  const runs = sentence.normalize('NFKC').match(RUN) ?? [];
  for (const [at, run] of runs.entries()) {
    // The first word of a sentence is written large whatever it is; before another large one it is a name.
    const mayBeName = at > 0 || UPPER.test(runs[1] ?? '');
    const found = HAN.test(run) ? bigrams(run) : wordTerms(run, mayBeName);
    for (const term of found) if (!terms.has(term.key)) terms.set(term.key, term);
  }
  return [...terms.values()];
}

/** The same by key, and with numbers written in the other way as well, for looking up. */
export function keysIn(sentence: string): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const { key } of termsOf(sentence)) {
    keys.add(key);
    const digits = WORD_DIGITS.get(key) ?? DIGIT_WORDS.get(key);
    if (digits !== undefined) keys.add(digits);
  }
  for (const sign of sentence) {
    const digit = SIGN_DIGITS.get(sign);
    if (digit !== undefined) keys.add(digit);
  }
  return keys;
}

function wordTerms(run: string, mayBeName: boolean): readonly Term[] {
  if (DIGIT.test(run)) return [{ key: plainNumber(run), weight: NUMBER_WEIGHT, isFact: true }];
  const word = run.toLowerCase();
  if (STOP_WORDS.has(word)) return [];
  const isName = mayBeName && UPPER.test(run);
  return [{ key: stemOf(word), weight: isName ? NAME_WEIGHT : 1, isFact: isName }];
}

function plainNumber(run: string): string {
  return run.replaceAll(',', '').toLowerCase();
}

/** Without the usual English endings; short words as they are. */
function stemOf(word: string): string {
  if (word.length < 4) return word;
  const stem = word
    .replace(/ies$/, 'y')
    .replace(/(?:ing|ed|es|ly)$/, '')
    .replace(/s$/, '')
    .replace(/(?:e|([bdgmnprt])\1)$/, '$1');
  return stem.length >= 3 ? stem : word;
}

function bigrams(run: string): readonly Term[] {
  const signs = Array.from(run);
  if (signs.length === 1) return STOP_SIGNS.has(run) ? [] : [{ key: run, weight: 0.5, isFact: false }];
  const terms: Term[] = [];
  for (let at = 0; at + 1 < signs.length; at += 1) {
    const [one = '', other = ''] = [signs[at], signs[at + 1]];
    const stops = Number(STOP_SIGNS.has(one)) + Number(STOP_SIGNS.has(other));
    if (stops < 2) terms.push({ key: one + other, weight: stops === 1 ? 0.3 : 1, isFact: false });
  }
  return terms;
}
