import { jsonFromSchema } from './json-schema/generate.ts';
import type { Prompt } from './prompt.ts';
import { proseTokens } from './prose.ts';
import { hashText } from './random.ts';
import { countTokens, splitTokens } from './tokens.ts';
import { toolCallsFor } from './tool-calls.ts';

/** A piece of an answer, in the tokens in which it is streamed. */
export type AnswerPart =
  | { readonly kind: 'thinking'; readonly tokens: readonly string[] }
  | { readonly kind: 'text'; readonly tokens: readonly string[] }
  | {
      readonly kind: 'tool-call';
      readonly name: string;
      /** What the call costs before its first argument. */
      readonly frameTokens: number;
      /** The arguments' JSON text. */
      readonly tokens: readonly string[];
    };

export type Finish = 'stop' | 'length' | 'tool-calls' | 'stop-sequence';

/** One of the answers to a prompt (`n`). */
export interface Choice {
  readonly parts: readonly AnswerPart[];
  readonly finish: Finish;
  readonly stopSequence: string | undefined;
}

export interface Answer {
  readonly choices: readonly Choice[];
  /** All that is billed, reasoning included. */
  readonly outputTokens: number;
  readonly reasoningTokens: number;
}

/** What the model says to the prompt: the same for the same prompt and length. `outputTokens` is the length of prose. */
export function answerPrompt(prompt: Prompt, outputTokens: number): Answer {
  const seed = hashText(prompt.model);
  const reasoningTokens = Math.min(prompt.reasoningTokens, prompt.maxTokens);
  const choices = Array.from({ length: prompt.choices }, (_, at) =>
    limited(prompt, contentOf(prompt, outputTokens, seed + at), prompt.maxTokens - reasoningTokens),
  );
  const thinking = thinkingPart(prompt, reasoningTokens, seed);
  return {
    choices: choices.map((choice) => ({ ...choice, parts: [...thinking, ...choice.parts] })),
    outputTokens: choices.reduce((sum, { used }) => sum + used + reasoningTokens, 0),
    reasoningTokens: reasoningTokens * prompt.choices,
  };
}

/** Anthropic shows what the model thought; OpenAI only counts it. */
function thinkingPart(prompt: Prompt, tokens: number, seed: number): AnswerPart[] {
  if (prompt.dialect === 'openai' || tokens === 0) return [];
  return [{ kind: 'thinking', tokens: proseTokens(prompt.question, tokens, ~seed) }];
}

function contentOf(prompt: Prompt, outputTokens: number, seed: number): AnswerPart[] {
  const calls = toolCallsFor(prompt, seed);
  if (calls.length === 0) return [{ kind: 'text', tokens: textTokens(prompt, outputTokens, seed) }];
  return calls.map(({ name, argumentsText }) => ({
    kind: 'tool-call',
    name,
    frameTokens: TOOL_FRAME_TOKENS + countTokens(name),
    tokens: splitTokens(argumentsText),
  }));
}

const TOOL_FRAME_TOKENS = 5;

function textTokens(prompt: Prompt, outputTokens: number, seed: number): string[] {
  const { format, question } = prompt;
  if (typeof format === 'object')
    return splitTokens(JSON.stringify(jsonFromSchema(format.schema, hashText(question, seed))));
  const prose = prompt.model === 'echo' ? splitTokens(question) : proseTokens(question, outputTokens, seed);
  return format === 'json' ? splitTokens(JSON.stringify({ answer: prose.join('') })) : prose;
}

interface LimitedChoice extends Choice {
  readonly used: number;
}

/** Cuts at the first stop sequence and at the token limit. */
function limited(prompt: Prompt, content: readonly AnswerPart[], maxTokens: number): LimitedChoice {
  const parts: AnswerPart[] = [];
  let left = maxTokens;
  let finish: Finish = content[0]?.kind === 'tool-call' ? 'tool-calls' : 'stop';
  let stopSequence: string | undefined;
  for (const whole of content) {
    const stopped = whole.kind === 'text' ? stopAt(whole.tokens, prompt.stop) : undefined;
    const part = stopped && whole.kind === 'text' ? { ...whole, tokens: stopped.tokens } : whole;
    const frameTokens = part.kind === 'tool-call' ? part.frameTokens : 0;
    const room = left - frameTokens;
    const tokens = part.tokens.slice(0, Math.max(0, room));
    if (left > 0) parts.push({ ...part, tokens });
    if (tokens.length < part.tokens.length || room < 0) finish = 'length';
    else if (stopped) {
      finish = 'stop-sequence';
      stopSequence = stopped.sequence;
    }
    left = Math.max(0, room - tokens.length);
  }
  return { parts, finish, stopSequence, used: maxTokens - left };
}

/** The tokens before the stop sequence that comes first, if any does; the token that it tears is shortened. */
function stopAt(
  tokens: readonly string[],
  sequences: readonly string[],
): { tokens: string[]; sequence: string } | undefined {
  if (sequences.length === 0) return undefined;
  const text = tokens.join('');
  const [first] = sequences
    .map((sequence) => ({ sequence, at: text.indexOf(sequence) }))
    .filter(({ at }) => at >= 0)
    .toSorted((a, b) => a.at - b.at);
  return first && { sequence: first.sequence, tokens: tokensBefore(tokens, first.at) };
}

function tokensBefore(tokens: readonly string[], end: number): string[] {
  const kept: string[] = [];
  let at = 0;
  for (const token of tokens) {
    if (at >= end) break;
    kept.push(token.slice(0, end - at));
    at += token.length;
  }
  return kept;
}

/** How long the answer takes to say, in streamed tokens: choices are said side by side. */
export function spokenTokens({ choices }: Answer): number {
  return Math.max(0, ...choices.map(({ parts }) => parts.reduce((sum, { tokens }) => sum + tokens.length, 0)));
}
