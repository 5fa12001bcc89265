import { readFileSync } from 'node:fs';

import { SourceIndex } from '../../src/pipeline/guards/grounding/words/source-index.ts';
import { SUPPORTED, supportOf } from '../../src/pipeline/guards/grounding/words/support.ts';
import { termsOf } from '../../src/pipeline/guards/grounding/words/terms.ts';
import type { BenchSection } from './section.ts';
import { isHeldOut } from './split.ts';

/** Questions on passages, with their answers. */
const FOLDER = new URL('../../../shared/data/knowledge/', import.meta.url);
const FILES = { en: 'xquad-en.json', zh: 'cmrc2018-zh.json' } as const;
type Language = keyof typeof FILES;

const MOST_ANSWER_CHARS = 60;
const QUICK = 120;

interface Question {
  readonly passage: number;
  readonly context: string;
  readonly question: string;
  readonly answer: string;
}

interface Statement {
  readonly context: string;
  readonly text: string;
}

interface Samples {
  readonly supported: readonly Statement[];
  /** With the answer of a question on another passage, of the same kind, that is not in this one. */
  readonly swapped: readonly Statement[];
  /** With the answer of another question on the same passage: every word of it is there, and it is wrong. */
  readonly mixedUp: readonly Statement[];
}

/** How well the words of sources tell statements that they support from others. */
export function benchGrounding(quick: boolean): BenchSection {
  const rows: string[][] = [];
  const targets: BenchSection['targets'][number][] = [];
  for (const language of ['en', 'zh'] as const) {
    const questions = questionsOf(language);
    for (const part of ['dev', 'held out'] as const) {
      const chosen = questions.filter(({ question }) => isHeldOut(question) === (part === 'held out'));
      const samples = samplesOf(quick ? chosen.slice(0, QUICK) : chosen, questions, language);
      const measured = measure(samples);
      rows.push([language, part, ...measured.cells]);
      if (part === 'held out')
        targets.push({ name: `grounding ${language}: AUC above that of Jaccard`, ...measured.target });
    }
  }
  return {
    title: 'Grounding by words',
    notes: [
      'Statements are made of questions on passages: the question word is replaced by the answer. Supported: its own answer. Swapped: an answer to a question on another passage, of the same kind (number or not), that this passage does not have. Mixed up: the answer to another question on the same passage, which words alone can hardly tell.',
      'Halves by a hash of the question; weights and the limit were chosen on the half called dev. AUC is how often a supported statement has a higher score than another one. Baseline: the words that both have in common as a part of all words (Jaccard).',
      'found: supported statements at or above the limit; let through: swapped ones.',
    ],
    header: [
      'language',
      'part',
      'supported',
      'swapped',
      'AUC',
      'AUC Jaccard',
      'AUC mixed up',
      'found',
      'let through',
      'p50 µs',
      'p99 µs',
    ],
    rows,
    targets,
  };
}

function questionsOf(language: Language): readonly Question[] {
  const file = JSON.parse(readFileSync(new URL(FILES[language], FOLDER), 'utf8')) as {
    data: { paragraphs: { context: string; qas: { question: string; answers: { text: string }[] }[] }[] }[];
  };
  const paragraphs = file.data.flatMap((article) => article.paragraphs);
  return paragraphs.flatMap(({ context, qas }, passage) =>
    qas.flatMap(({ question, answers: [first] }) =>
      first && first.text.length <= MOST_ANSWER_CHARS ? [{ passage, context, question, answer: first.text }] : [],
    ),
  );
}

function samplesOf(chosen: readonly Question[], all: readonly Question[], language: Language): Samples {
  const supported: Statement[] = [];
  const swapped: Statement[] = [];
  const mixedUp: Statement[] = [];
  for (const one of chosen) {
    const { context, question } = one;
    const statement = (answer: string): Statement => ({ context, text: stated(question, answer, language) });
    supported.push(statement(one.answer));
    const others = after(all, one).filter(({ answer }) => kindOf(answer) === kindOf(one.answer));
    const foreign = others.find(({ passage, answer }) => passage !== one.passage && !context.includes(answer));
    const own = others.find(({ passage, answer }) => passage === one.passage && answer !== one.answer);
    if (foreign) swapped.push(statement(foreign.answer));
    if (own) mixedUp.push(statement(own.answer));
  }
  return { supported, swapped, mixedUp };
}

function after(all: readonly Question[], one: Question): readonly Question[] {
  const at = all.indexOf(one);
  return [...all.slice(at + 1), ...all.slice(0, at)];
}

function kindOf(answer: string): 'number' | 'words with a number' | 'words' {
  if (/^[\d.,%½ -]+$/.test(answer)) return 'number';
  return /\d/.test(answer) ? 'words with a number' : 'words';
}

const QUESTION_WORDS = {
  en: /\b(?:how many|how much|how long|what kind of|what type of|which|what|who|whom|where|when|why|how)\b(?: (?:is|was|are|were|did|do|does|has|have|had))?/i,
  zh: /什么时候|什么时间|什么地方|哪一年|哪个|哪些|哪里|哪儿|哪|多少|几|什么|谁|何时|何地|何|如何|怎样|怎么/,
};

function stated(question: string, answer: string, language: Language): string {
  const asked = question.replace(/[?？。]+\s*$/, '');
  const isChinese = language === 'zh';
  const word = QUESTION_WORDS[language];
  const text = word.test(asked) ? asked.replace(word, () => answer) : `${asked}${isChinese ? '' : ' '}${answer}`;
  return `${text}${isChinese ? '。' : '.'}`;
}

interface Measured {
  readonly cells: readonly string[];
  readonly target: { readonly met: boolean; readonly figure: string };
}

function measure({ supported, swapped, mixedUp }: Samples): Measured {
  const micros: number[] = [];
  const score = ({ context, text }: Statement): number => {
    const before = performance.now();
    const index = new SourceIndex([{ terms: termsOf(text) }]);
    index.add(context);
    const value = supportOf(index, { terms: termsOf(text) });
    micros.push((performance.now() - before) * 1000);
    return value;
  };
  const right = supported.map(score);
  const wrong = swapped.map(score);
  const auc = areaUnder(right, wrong);
  const naive = areaUnder(supported.map(jaccard), swapped.map(jaccard));
  const mixed = areaUnder(right, mixedUp.map(score));
  const sorted = micros.toSorted((one, other) => one - other);
  const at = (share: number): string => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toString();
  return {
    cells: [
      ...[supported.length, swapped.length].map(String),
      ...[auc, naive, mixed].map((value) => value.toFixed(3)),
      partFound(right),
      partFound(wrong),
      at(0.5),
      at(0.99),
    ],
    target: { met: auc > naive, figure: `${auc.toFixed(3)} and ${naive.toFixed(3)}` },
  };
}

function partFound(scores: readonly number[]): string {
  return (scores.filter((one) => one >= SUPPORTED).length / scores.length).toFixed(3);
}

function jaccard({ context, text }: Statement): number {
  const one = new Set(termsOf(text).map(({ key }) => key));
  const other = new Set(termsOf(context).map(({ key }) => key));
  const both = [...one].filter((key) => other.has(key)).length;
  return both / (one.size + other.size - both);
}

/** How often one of the first is above one of the second; equal ones count half. */
function areaUnder(above: readonly number[], below: readonly number[]): number {
  let wins = 0;
  for (const one of above) for (const other of below) wins += one > other ? 1 : one === other ? 0.5 : 0;
  return wins / (above.length * below.length);
}
