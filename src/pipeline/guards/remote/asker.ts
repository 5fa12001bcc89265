import type { Call } from '../../../core/call.ts';
import { type Json, parseJson } from '../../../core/json.ts';
import { JudgeNotAllowed, type JudgedText, type Judgement } from '../engine/judge.ts';

/** One judge, as it is asked about a text that is short enough for it. */
export interface Asker {
  /** For messages to operators: `openai/omni-moderation-latest`, or the name of a service. */
  readonly name: string;
  /** Two judgements of one text may be taken for each other where this is the same for both. */
  keyOf(asked: JudgedText): string;
  maySee(call: Call): boolean;
  /** UTF-16 units that it reads at once. */
  mostChars(asked: JudgedText): number;
  /** @throws JudgeFailed */
  ask(asked: JudgedText): Promise<Judgement>;
}

/** The highest of those that count, or of all where no names are given. Names are compared without regard to case. */
export function highest(categories: Readonly<Record<string, number>>, counted: readonly string[] = []): number {
  const wanted = new Set(counted.map((name) => name.toLowerCase()));
  let most = 0;
  for (const [name, score] of Object.entries(categories)) {
    if ((wanted.size === 0 || wanted.has(name.toLowerCase())) && score > most) most = score;
  }
  return most;
}

/** 0 to 1. */
export function clamped(score: number): number {
  return Math.min(Math.max(score, 0), 1);
}

/** Takes out what a model thought aloud before it answered. */
export function withoutThoughts(text: string): string {
  const end = text.lastIndexOf('</think>');
  return (end < 0 ? text : text.slice(end + '</think>'.length)).trim();
}

/** The JSON object in what a model said, also in a code block or after thoughts. */
export function objectIn(text: string): Json | undefined {
  const said = withoutThoughts(text);
  return parseJson(said.slice(said.indexOf('{'), said.lastIndexOf('}') + 1));
}

/** @param name of the one that would have been asked */
export function notAllowed(name: string): JudgeNotAllowed {
  return new JudgeNotAllowed(`the call is confined to other targets, so ${name} may not see it`);
}

/** Names as services and endpoints write them; what looks otherwise may be somebody's text. */
const NAME = /^[\w./-]{1,64}$/;

export function isName(name: string): boolean {
  return NAME.test(name);
}
