import { sentencesOf } from './sentences.ts';
import { type Term, termsOf } from './terms.ts';

/** A sentence of an answer that states something. */
export interface Claim {
  readonly text: string;
  readonly terms: readonly Term[];
}

/** Longer answers are judged by their beginning. */
const MOST_CHARS = 40_000;
const MOST_CLAIMS = 200;
/** Less than that is a heading, or a word of courtesy. */
const LEAST_WEIGHT = 2;

/** Words of courtesy before a sentence, which says something all the same. */
const COURTESY = /^(?:sure|certainly|of course|yes|no|ok|okay|好的|当然|是的|您好|你好)[,!，！:： ]\s*/iu;
/** The answer speaks of itself. */
const OF_ITSELF =
  /^(?:i hope|let me know|feel free|thanks?(?! to)\b|if you (?:have|need|want|would)|希望(?:这|以上|能|对)|如果您|如需|谢谢)/iu;
/** It says that the sources have nothing, or that it does not know, which is right where they have nothing. */
const KNOWS_NOTHING =
  /(?:sources?|documents?|context|text|passages?|articles?|results?|information)\b.{0,40}(?:not|n['’]t)\b.{0,20}(?:mention|contain|specif|stat|provid|includ|say)|\bi (?:do not|don['’]t|cannot|can['’]t) (?:know|find|tell|determine|answer)|(?:没有|未|并未)(?:提到|提及|说明|包含|给出|找到)|无法(?:确定|回答|判断|得知)|不知道/iu;

/** Before a word that sets what is said against what was said before. */
const AGAINST = /[,;，；]\s*(?=(?:but|however|yet|although|though)\b|但|不过|然而)/iu;

/** The sentences of an answer that state something, in order. Code, headings, questions and courtesies do not. */
export function claimsOf(answer: string): readonly Claim[] {
  const claims: Claim[] = [];
  for (const sentence of sentencesOf(withoutMarkup(answer.slice(0, MOST_CHARS)))) {
    const said = statedIn(sentence.replace(COURTESY, ''));
    if (said === '' || /[?？:：]["'”’)\]]?$/.test(said) || OF_ITSELF.test(said)) continue;
    const terms = termsOf(said);
    const weight = terms.reduce((sum, term) => sum + term.weight, 0);
    if (weight < LEAST_WEIGHT) continue;
    claims.push({ text: said, terms });
    if (claims.length === MOST_CLAIMS) break;
  }
  return claims;
}

/** Whether claims are of the beginning of an answer alone. */
export function isBeginning(claims: readonly Claim[], answer: string): boolean {
  return answer.length > MOST_CHARS || claims.length === MOST_CLAIMS;
}

/** Without what says that the sources have nothing: of one half of a sentence the other may claim something. */
function statedIn(sentence: string): string {
  if (!KNOWS_NOTHING.test(sentence)) return sentence;
  const halves = sentence.split(AGAINST);
  return halves.filter((half) => !KNOWS_NOTHING.test(half)).join(', ');
}

/** Without code, headings, the marks of lists and emphasis, and the numbers of citations, which are no numbers of a claim. */
function withoutMarkup(text: string): string {
  let isCode = false;
  const lines: string[] = [];
  for (const line of text.split('\n')) {
    const plain = line.trim();
    if (plain.startsWith('```')) isCode = !isCode;
    else if (!isCode && !plain.startsWith('#')) lines.push(plain.replace(/^(?:[-*+>|]|\d{1,3}[.)、])\s+/, ''));
  }
  return lines
    .join('\n')
    .replaceAll(/\[\d{1,3}\]|【\d{1,3}[^】\n]{0,40}】/g, '')
    .replaceAll(/\*\*|__|`/g, '');
}
