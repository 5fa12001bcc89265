import { type Call, type Target, targetName } from '../../../../core/call.ts';
import type { AskDeps } from '../../../../models/own-calls/ask-text.ts';
import type { Turn } from '../../../../models/own-calls/own-call.ts';
import { type JudgedText, type Judgement, JudgeFailed } from '../../engine/judge.ts';
import { type Asker, highest, withoutThoughts } from '../asker.ts';
import { withoutTokens } from './plain-turns.ts';
import { ofTarget, saidBy } from './target.ts';

/** Its window is 8,192 tokens in the smaller versions. */
const MOST_CHARS = 6000;
const MOST_QUESTION_CHARS = 2000;

/**
 * Hazards of Llama Guard 3 and 4, S1 first.
 * @see https://www.llama.com/docs/model-cards-and-prompt-formats/llama-guard-3/ (checked 2026-11-22)
 */
export const HAZARDS: readonly string[] = [
  'violent-crimes',
  'non-violent-crimes',
  'sex-related-crimes',
  'child-sexual-exploitation',
  'defamation',
  'specialized-advice',
  'privacy',
  'intellectual-property',
  'indiscriminate-weapons',
  'hate',
  'suicide-and-self-harm',
  'sexual-content',
  'elections',
  'code-interpreter-abuse',
];

/** The second version counts without defamation, and ends before elections. */
const HAZARDS_OF_2 = HAZARDS.filter((name) => name !== 'defamation').slice(0, 11);

/** A Llama Guard model behind any API for chats: its server puts its own instruction around what is said. */
export function llamaGuardAsker(deps: AskDeps, target: Target, counted: readonly string[]): Asker {
  const hazards = /guard-?2(?!\d)/i.test(target.model) ? HAZARDS_OF_2 : HAZARDS;
  const common = ofTarget(target, ['llama-guard', ...counted]);
  return {
    ...common,
    keyOf: (asked) => JSON.stringify([common.keyOf(asked), isAnswer(asked) ? questionOf(asked.call) : '']),
    mostChars: () => MOST_CHARS,
    async ask(asked) {
      const said = await saidBy(deps, target, asked, turnsOf(asked));
      const judgement = judgementIn(said, hazards, counted);
      if (!judgement) throw new JudgeFailed(`${targetName(target)} said neither "safe" nor "unsafe"`);
      return judgement;
    },
  };
}

function isAnswer({ place }: JudgedText): boolean {
  return place === 'output' || place === 'tool-arguments';
}

/** It judges the last turn, and takes no conversation that an assistant begins. */
function turnsOf(asked: JudgedText): readonly Turn[] {
  if (!isAnswer(asked)) return [{ role: 'user', text: withoutTokens(asked.text) }];
  return [
    { role: 'user', text: withoutTokens(questionOf(asked.call)) },
    { role: 'assistant', text: withoutTokens(asked.text) },
  ];
}

/** The end of what was asked last, as the model that answered saw it. */
function questionOf(call: Call): string {
  try {
    const last = call.inference.messages.findLast(({ role }) => role === 'user');
    const texts = last?.content.map((part) => ('type' in part && part.type === 'text' ? part.text : '')) ?? [];
    return texts.join('\n').slice(-MOST_QUESTION_CHARS);
  } catch {
    // What is no chat has no question.
    return '';
  }
}

const MOST_CODES = 200;

/** `safe`, or `unsafe` and a line of codes. */
export function judgementIn(
  text: string,
  hazards: readonly string[],
  counted: readonly string[],
): Judgement | undefined {
  const said = withoutThoughts(text).toLowerCase();
  if (said === 'safe') return { score: 0, categories: {} };
  if (!/^unsafe(?![a-z])/.test(said)) return undefined;
  const categories: Record<string, number> = {};
  // What nobody knows here may be what counts.
  let isUnknown = false;
  for (const [code, number] of said.slice(0, MOST_CODES).matchAll(/\bs(\d{1,2})\b/g)) {
    const hazard = hazards[Number(number) - 1];
    isUnknown ||= hazard === undefined;
    categories[hazard ?? code] = 1;
  }
  const isBare = Object.keys(categories).length === 0;
  return { score: isBare || isUnknown ? 1 : highest(categories, counted), categories };
}
