import { chineseNumbers } from './chinese-numbers.ts';
import { DATE_WORDS, LANGUAGE_OF_WORD, NUMBER_WORDS, UNIT_WORDS } from './word-lists.ts';

/** `plain`: it denies something. `complaint`: it says of something that it does not go well, which may mean the same. */
type Negation = 'none' | 'plain' | 'complaint';

/** What a text says that a small encoder does not see. */
export interface Traits {
  readonly numbers: ReadonlySet<string>;
  readonly dates: ReadonlySet<string>;
  /** What is measured → in which units. */
  readonly units: ReadonlyMap<string, ReadonlySet<string>>;
  /** Quoted strings, identifiers, addresses: what is meant to the letter. */
  readonly literals: ReadonlySet<string>;
  /** Words that are written large inside a sentence, in lower case. */
  readonly names: ReadonlySet<string>;
  readonly words: ReadonlySet<string>;
  readonly negation: Negation;
  readonly language: string;
  /** As it was, for scripts that do not part words. */
  readonly text: string;
}

/** Of a longer text only the beginning is looked at. */
const MOST_CHARACTERS = 4000;

const WORD = /[\p{L}\p{N}]+(?:['’][\p{L}]+)*/gu;
const HAN = /\p{Script=Han}/u;

export function traitsOf(whole: string): Traits {
  const text = whole.slice(0, MOST_CHARACTERS).normalize('NFKC').replaceAll('’', "'");
  const lower = text.toLowerCase();
  const words = lower.match(WORD) ?? [];
  const hasHan = HAN.test(text);
  const literals = literalsOf(text);
  return {
    numbers: numbersOf(lower, words, hasHan),
    dates: datesOf(lower, words, hasHan),
    units: unitsOf(lower, words, hasHan),
    literals,
    names: namesOf(text, literals),
    words: new Set(words),
    negation: negationOf(lower, hasHan),
    language: languageOf(text, words),
    text: lower,
  };
}

/** `1,000.50`, `1 st`, `5%`; a version such as 2.10.0 stays whole. */
const DIGITS = /\d+(?:[.,:]\d+)*/g;

function numbersOf(lower: string, words: readonly string[], hasHan: boolean): Set<string> {
  const found = new Set<string>();
  for (const digits of lower.match(DIGITS) ?? []) found.add(plainNumber(digits));
  for (const word of words) {
    const value = NUMBER_WORDS.get(word);
    if (value !== undefined) found.add(String(value));
  }
  if (hasHan) for (const value of chineseNumbers(lower)) found.add(String(value));
  return found;
}

function plainNumber(digits: string): string {
  const joined = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(digits) ? digits.replaceAll(',', '') : digits;
  const value = Number(joined);
  return Number.isFinite(value) ? String(value) : joined;
}

const MONTH_BY_NUMBER =
  /\b(march|mar|may|sep)\.?\s+\d{1,2}\b|\b\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?(march|mar|may|sep)\b/g;
const CHINESE_WEEKDAY = /(?:周|星期|礼拜)([一二三四五六日天])/gu;
const CHINESE_DATES = [...DATE_WORDS].filter(([word]) => HAN.test(word));

function datesOf(lower: string, words: readonly string[], hasHan: boolean): Set<string> {
  const found = new Set<string>();
  for (const word of words) {
    const date = DATE_WORDS.get(word);
    if (date !== undefined) found.add(date);
  }
  for (const [, before, after] of lower.matchAll(MONTH_BY_NUMBER)) found.add((before ?? after ?? '').slice(0, 3));
  if (!hasHan) return found;
  for (const [word, date] of CHINESE_DATES) if (lower.includes(word)) found.add(date);
  for (const [, day = ''] of lower.matchAll(CHINESE_WEEKDAY)) found.add(`周${day === '天' ? '日' : day}`);
  return found;
}

const SIGNS = /[$€£₹℃℉]|°[cf]|km\/h/g;
/** A short unit that stands right behind its number: `5kg`. */
const ATTACHED = /\d\s?([a-z]{1,3})\b/g;
const CHINESE_UNITS = [...UNIT_WORDS].filter(([word]) => HAN.test(word));

function unitsOf(lower: string, words: readonly string[], hasHan: boolean): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const add = (unit: readonly [string, string] | undefined): void => {
    if (unit === undefined) return;
    const [kind, name] = unit;
    const names = found.get(kind) ?? new Set();
    found.set(kind, names.add(name));
  };
  for (const word of words) add(UNIT_WORDS.get(word));
  for (const sign of lower.match(SIGNS) ?? []) add(UNIT_WORDS.get(sign));
  for (const [, unit = ''] of lower.matchAll(ATTACHED)) add(UNIT_WORDS.get(unit));
  if (!hasHan) return found;
  // 美元 ends in 元: what was found is taken out before shorter ones are looked for.
  let rest = lower;
  for (const [word, unit] of CHINESE_UNITS.toSorted(([one], [other]) => other.length - one.length)) {
    if (!rest.includes(word)) continue;
    add(unit);
    rest = rest.replaceAll(word, ' ');
  }
  return found;
}

const QUOTED = /`([^`\n]{1,80})`|"([^"\n]{1,80})"|“([^”\n]{1,80})”|「([^」\n]{1,80})」|《([^》\n]{1,80})》/gu;
/** snake_case, dotted.names, calls(), camelCase, /paths/of, flags, mail and web addresses. */
const IDENTIFIER =
  /[\w.+-]+@[\w-]+\.[\w.]+|https?:\/\/\S+|(?<!\S)--[a-z][\w-]+|\b\w+(?:\.\w+)*\(\)?|\b\w*[a-z]_[a-z]\w*|\b[a-z]+[A-Z]\w*|\b[A-Z][a-z]+[A-Z]\w*|\b[a-zA-Z]\w*\.[a-zA-Z_]\w+/g;

function literalsOf(text: string): Set<string> {
  const found = new Set<string>();
  for (const [, ...groups] of text.matchAll(QUOTED))
    found.add(plainLiteral(groups.find((one) => one !== undefined) ?? ''));
  for (const identifier of text.match(IDENTIFIER) ?? []) found.add(plainLiteral(identifier));
  found.delete('');
  return found;
}

function plainLiteral(literal: string): string {
  return literal
    .toLowerCase()
    .replaceAll(/[`()\s]+/g, ' ')
    .trim()
    .replace(/[.,;:!?]+$/, '');
}

const SENTENCES = /[.!?。！？\n]\s*/u;
const LARGE = /^\p{Lu}/u;
/** Of short forms those that are words of every day, which one says or leaves out. */
const COMMON = /^(?:I(?:'\w+)?|ATMs?|PINs?|ID|SMS|OK|FAQs?|PDF|URLs?|TV|PC|AI|UI)$/;

function namesOf(text: string, literals: ReadonlySet<string>): Set<string> {
  const found = new Set<string>();
  for (const sentence of text.split(SENTENCES)) {
    const words = sentence.match(WORD) ?? [];
    // Where most words are large, in a title or in shouting, the case says nothing.
    if (words.filter((word) => LARGE.test(word)).length > words.length / 2 && words.length > 2) continue;
    for (const word of words.slice(1)) {
      const name = word.toLowerCase().replace(/'s$/, '');
      if (LARGE.test(word) && !COMMON.test(word) && !literals.has(name)) found.add(name);
    }
  }
  return found;
}

const ENGLISH_NEGATION =
  /\b(?:not|never|without|cannot|cant|dont|doesnt|isnt|wont|didnt|wasnt|havent|hasnt|neither|nor|nothing|nobody|none)\b|n't\b|\bno\b(?!\s*[,.]|\s+(?:matter|problem|worries))/;
/** "I have not got it" and "I still wait for it" say the same. */
const COMPLAINT =
  /\b(?:unable|fail\w*|declin\w+|reject\w*|refus\w+|problems?|issues?|trouble|wrong|errors?|broken?|stuck|missing|lost|stolen|pending|wait\w*|still|block\w*|cancel\w*|stop\w*|den(?:y|ied)|difficult\w*|hard|un\w+|yet|gone|disappear\w*|delay\w*|late|long|strange|weird|mistake\w*|incorrect\w*|different|extra|reverted|returned|forg[eo]t\w*|why|no|only|instead)\b|失败|错误|问题|异常|丢失|被拒|还在|为什么|为何|怎么回事/u;
/** Questions of the form A-not-A, and words that hold such a character and deny nothing. */
const CHINESE_IDLE =
  /(.)不\1|有没有|是否|不好意思|对不起|不错|差不多|不同|不管|不但|不仅|不断|不过|特别|别的|别人|分别|区别|类别|性别|差别|级别|个别|识别|告别|无论|无线|非常|除非|未来/gu;
const CHINESE_NEGATION = /[不没别无未勿莫]|并非/u;

function negationOf(lower: string, hasHan: boolean): Negation {
  if (ENGLISH_NEGATION.test(lower)) return 'plain';
  if (hasHan && CHINESE_NEGATION.test(lower.replaceAll(CHINESE_IDLE, ' '))) return 'plain';
  return COMPLAINT.test(lower) ? 'complaint' : 'none';
}

const SCRIPTS: readonly (readonly [string, RegExp])[] = [
  ['kana', /[\p{Script=Hiragana}\p{Script=Katakana}]/gu],
  ['hangul', /\p{Script=Hangul}/gu],
  ['cyrillic', /\p{Script=Cyrillic}/gu],
  ['arabic', /\p{Script=Arabic}/gu],
  ['hebrew', /\p{Script=Hebrew}/gu],
  ['greek', /\p{Script=Greek}/gu],
  ['thai', /\p{Script=Thai}/gu],
  ['devanagari', /\p{Script=Devanagari}/gu],
];
/** One character of Han says as much as several letters; kana beside it make it Japanese. */
const HAN_WEIGHT = 3;
const ENOUGH_WORDS = 2;

/** A script, or a language where its function words tell; empty where nothing tells. */
function languageOf(text: string, words: readonly string[]): string {
  const latin = text.match(/[A-Za-z\u00C0-\u024F]/g)?.length ?? 0;
  const han = (text.match(/\p{Script=Han}/gu)?.length ?? 0) * HAN_WEIGHT;
  if (latin < text.length * 0.9) {
    for (const [script, letters] of SCRIPTS) {
      if ((text.match(letters)?.length ?? 0) * 2 > latin + han / HAN_WEIGHT) return script;
    }
    if (han > latin) return 'han';
  }
  return latin === 0 ? '' : latinLanguage(words);
}

function latinLanguage(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) {
    for (const language of LANGUAGE_OF_WORD.get(word) ?? []) counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  const [first, second] = [...counts].toSorted(([, one], [, other]) => other - one);
  if (first === undefined || first[1] < ENOUGH_WORDS || first[1] === second?.[1]) return 'latin';
  return `latin-${first[0]}`;
}
