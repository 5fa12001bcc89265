/** What a text is made of. */
export interface Measured {
  readonly latinWords: number;
  readonly han: number;
  readonly numbers: number;
  readonly questions: number;
  readonly sentences: number;
  readonly items: number;
  readonly codeLines: number;
  readonly formulas: number;
}

const WORD = /[\p{L}\p{M}]+(?:'\p{L}+)?/gu;
const HAN = /\p{Script=Han}/gu;
const NUMBER = /\d+(?:[.,:]\d+)*/g;
const QUESTION = /[?？]+/gu;
const SENTENCE = /(?<![.!?。！？])[.!?。！？]+(?=\s|$|\p{Script=Han})/gu;
const ITEM = /^[ \t]{0,8}(?:[-*•]|\(?[0-9]{1,2}[.)、]|[a-z][.)]|[一二三四五六七八九十]、)[ \t]?\S/gmu;
const FENCE = /```/g;
/** Ends of statements, braces alone, and how definitions begin. */
const CODE_LINE =
  /[;{}]\s*$|^\s{0,40}(?:def|class|import|from|func|fn|const|let|var|return|public|private|#include|select|insert|update|create table|if \(|for \(|while \()\b.{0,200}[(:=;{]|=>|\bat [\w.$]{3,60}\(|^traceback|^\s{0,20}file "/gm;
/** `x^2`, `\frac`, `=` between letters or numbers, signs of mathematics. */
const FORMULA =
  /[a-z0-9)]\^[a-z0-9({]|\\[a-z]{2,12}|\b[a-z0-9)]\s?=\s?[-a-z0-9(]|\b[a-z]\([a-z]\)|[∑∫√∞≤≥≠≈∀∃∈∂π×÷±]|\d\s?[*/+]\s?\d|\b[a-z]_[a-z0-9]/gu;

/** Of a text in lower case. In time proportional to its length: nothing that repeats holds another that does. */
export function measureText(text: string): Measured {
  const han = count(text, HAN);
  return {
    latinWords: count(han > 0 ? text.replaceAll(HAN, ' ') : text, WORD),
    han,
    numbers: count(text, NUMBER),
    questions: count(text, QUESTION),
    sentences: count(text, SENTENCE),
    items: count(text, ITEM),
    codeLines: Math.floor(count(text, FENCE) / 2) * 3 + count(text, CODE_LINE),
    formulas: count(text, FORMULA),
  };
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
