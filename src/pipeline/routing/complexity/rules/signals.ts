import type { ComplexityQuestion } from '../question.ts';
import * as chinese from './chinese-words.ts';
import * as english from './english-words.ts';
import { measureText } from './measure-text.ts';
import { chinesePattern, countDistinct, englishPattern } from './word-pattern.ts';

/** What is counted of a question by words. */
const WORD_SIGNALS = [
  'reasoning',
  'analysis',
  'explaining',
  'creation',
  'maths',
  'code',
  'expert',
  'constraints',
  'sequence',
  'transforming',
  'lookingUp',
] as const;
type WordSignal = (typeof WORD_SIGNALS)[number];

/** What the rules see of a request. Counts, and yes or no as 1 or 0. */
export interface Signals extends Readonly<Record<WordSignal, number>> {
  /** Of the whole question; a character of Han is most of a word. */
  readonly words: number;
  readonly numbers: number;
  /** Question marks, several in a row as one. */
  readonly questions: number;
  readonly sentences: number;
  /** Lines that begin as items of a list do. */
  readonly items: number;
  /** Blocks of code, or lines that look like it. */
  readonly codeLines: number;
  /** Signs of formulas. */
  readonly formulas: number;
  readonly turns: number;
  /** Code units of all texts but the question. */
  readonly contextChars: number;
  readonly tools: number;
  readonly media: number;
  readonly schema: number;
  readonly asksToThink: number;
  /** The client allows for a short answer only. */
  readonly isShortAnswer: number;
}

/** More words of one kind say no more. */
const MOST_OF_A_KIND = 6;
const SHORT_ANSWER_TOKENS = 64;
/** Some characters become many when they are made plain. */
const MOST_READ = 8000;

const PATTERNS: readonly (readonly [WordSignal, english: RegExp, chinese: RegExp])[] = [
  ['reasoning', englishPattern(english.REASONING), chinesePattern(chinese.REASONING)],
  ['analysis', englishPattern(english.ANALYSIS), chinesePattern(chinese.ANALYSIS)],
  ['explaining', englishPattern(english.EXPLAINING), chinesePattern(chinese.EXPLAINING)],
  ['creation', englishPattern(english.CREATION), chinesePattern(chinese.CREATION)],
  ['maths', englishPattern(english.MATHS), chinesePattern(chinese.MATHS)],
  ['code', englishPattern(english.CODE), chinesePattern(chinese.CODE)],
  ['expert', englishPattern(english.EXPERT), chinesePattern(chinese.EXPERT)],
  ['constraints', englishPattern(english.CONSTRAINTS), chinesePattern(chinese.CONSTRAINTS)],
  ['sequence', englishPattern(english.SEQUENCE), chinesePattern(chinese.SEQUENCE)],
  ['transforming', englishPattern(english.TRANSFORMING), chinesePattern(chinese.TRANSFORMING)],
  ['lookingUp', englishPattern(english.LOOKING_UP), chinesePattern(chinese.LOOKING_UP)],
];

/** In time proportional to what is kept of the question, which is a few thousand characters. */
export function signalsOf(question: ComplexityQuestion): Signals {
  const text = question.asked.normalize('NFKC').slice(0, MOST_READ).toLowerCase();
  const measured = measureText(text);
  // Of a longer question only the two ends were read.
  const unread = Math.max(1, question.askedChars / Math.max(1, question.asked.length));
  const { outputTokens } = question;
  return {
    ...wordsIn(text, measured),
    words: (measured.latinWords + measured.han * WORDS_OF_HAN) * unread,
    numbers: measured.numbers,
    questions: measured.questions,
    sentences: measured.sentences,
    items: measured.items,
    codeLines: measured.codeLines,
    formulas: measured.formulas,
    turns: question.turns,
    contextChars: Math.max(0, question.chars - question.askedChars - question.systemChars),
    tools: Number(question.tools),
    media: Number(question.media),
    schema: Number(question.schema),
    asksToThink: Number(question.asksToThink),
    isShortAnswer: Number(outputTokens !== undefined && outputTokens <= SHORT_ANSWER_TOKENS),
  };
}

const WORDS_OF_HAN = 0.6;

function wordsIn(text: string, { latinWords, han }: { latinWords: number; han: number }): Record<WordSignal, number> {
  const plain = text.replaceAll(/\s+/g, ' ').replaceAll('’', "'");
  const counts: Record<WordSignal, number> = {
    reasoning: 0,
    analysis: 0,
    explaining: 0,
    creation: 0,
    maths: 0,
    code: 0,
    expert: 0,
    constraints: 0,
    sequence: 0,
    transforming: 0,
    lookingUp: 0,
  };
  for (const [signal, inEnglish, inChinese] of PATTERNS) {
    if (latinWords > 0) counts[signal] += countDistinct(plain, inEnglish, MOST_OF_A_KIND);
    if (han > 0) counts[signal] += countDistinct(plain, inChinese, MOST_OF_A_KIND);
  }
  return counts;
}
