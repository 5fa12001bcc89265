import type { Dialect } from '../../core/call.ts';
import { type Json, type JsonObject, isJsonObject } from '../../core/json.ts';
import { fields } from './bound-margins.ts';
import type { AnswerLimits } from './output-bound.ts';
import type { BoundRequest } from './upper-bound.ts';

/** How OpenAI's chat names the longest answer: the newer name, and the older one. */
export type MaxTokensField = 'max_completion_tokens' | 'max_tokens';

/** How a request comes to its target. */
export interface Sent {
  /** As the client wrote it; else it is written anew, with one limit under the name that the target knows. */
  readonly relayed: boolean;
  readonly family: string;
  readonly model: string;
  /** How the target names the longest answer. */
  readonly maxTokensField: MaxTokensField | undefined;
}

/** Families that have the older name as their own, and are known to obey the newer one too. */
const OBEYS_BOTH = fields('fireworks ray-serve sglang vllm');

/**
 * Whether a server surely keeps to a limit under this name, or refuses the request: whoever has the newer name has had
 * the older one before. What a server does not know it passes over as a rule.
 */
export function obeys({ relayed, family, maxTokensField }: Sent, field: MaxTokensField): boolean {
  return !relayed || field === 'max_tokens' || maxTokensField === field || OBEYS_BOTH.has(family);
}

/** The same under either name: whoever keeps to the newer one keeps to the older. */
export function obeysAny(sent: Sent): boolean {
  return obeys(sent, 'max_completion_tokens');
}

/**
 * What a request says of the length of its answer, as far as its target surely keeps to it.
 * @param prompts how many texts are to be completed, of a legacy completion
 */
export function answerLimits({ dialect, operation, body }: BoundRequest, prompts: number, sent: Sent): AnswerLimits {
  return operation === 'completion' ? completionLimits(body, prompts) : LIMITS[dialect](body, sent);
}

const LIMITS: Readonly<Record<Dialect, (body: JsonObject, sent: Sent) => AnswerLimits>> = {
  openai: chatLimits,
  responses: (body) => ({ maxOutputTokens: limitIn(body['max_output_tokens']) }),
  anthropic: messageLimits,
  gemini: generationLimits,
};

/** A whole number from 1 on. What else may stand there means nothing, or something else to each server. */
export function limitIn(value: Json | undefined): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}

function isAbsent(value: Json | undefined): value is undefined | null {
  return value === undefined || value === null;
}

/** How many answers; what cannot be read may be any number. */
function countIn(value: Json | undefined): number {
  return isAbsent(value) ? 1 : (limitIn(value) ?? Infinity);
}

function chatLimits(body: JsonObject, sent: Sent): AnswerLimits {
  const choices = countIn(body['n']);
  return { maxOutputTokens: chatLimit(body, sent), choices, predictionBytes: predicted(body['prediction']) * choices };
}

/** Where both names are there, servers differ in which they take. */
function chatLimit(body: JsonObject, sent: Sent): number | undefined {
  const { max_completion_tokens: newer, max_tokens: older } = body;
  if (isAbsent(newer)) return limitIn(older);
  if (isAbsent(older)) return obeys(sent, 'max_completion_tokens') ? limitIn(newer) : undefined;
  if (!sent.relayed) return limitIn(newer);
  const [a, b] = [limitIn(newer), limitIn(older)];
  return a === undefined || b === undefined ? undefined : Math.max(a, b);
}

/** Bytes of what the client expects to be said: what of it is not said is billed as well. */
function predicted(prediction: Json | undefined): number {
  return isJsonObject(prediction) ? Buffer.byteLength(JSON.stringify(prediction)) : 0;
}

/** `best_of` answers are written to each text, of which `n` are shown. */
function completionLimits(body: JsonObject, prompts: number): AnswerLimits {
  const answers = Math.max(countIn(body['n']), countIn(body['best_of']));
  return { maxOutputTokens: limitIn(body['max_tokens']), choices: prompts * answers };
}

/**
 * Thinking is part of the answer. A budget for it that is not below the limit is taken where a model thinks between
 * calls of tools, and then only the context bounds the answer.
 * @see https://platform.claude.com/docs/en/build-with-claude/extended-thinking (checked 2026-11-21)
 */
function messageLimits(body: JsonObject, { relayed }: Sent): AnswerLimits {
  const maxOutputTokens = limitIn(body['max_tokens']);
  const { thinking } = body;
  const budget = isJsonObject(thinking) ? thinking['budget_tokens'] : undefined;
  const isLifted = relayed && typeof budget === 'number' && budget >= (maxOutputTokens ?? 0);
  return isLifted ? { maxOutputTokens: undefined, onlyContext: true } : { maxOutputTokens };
}

/** Names are in camel case or in snake case. Pictures and speech are not known to be kept within the limit. */
function generationLimits(body: JsonObject, { relayed, model }: Sent): AnswerLimits {
  const configs = [body['generationConfig'], body['generation_config']].filter(isJsonObject);
  const limits: number[] = [];
  let choices = 1;
  let isKept = !relayed || !/image|audio|tts/.test(model);
  for (const config of configs) {
    for (const limit of [config['maxOutputTokens'], config['max_output_tokens']]) {
      if (!isAbsent(limit)) limits.push(limitIn(limit) ?? Infinity);
    }
    choices = Math.max(choices, countIn(config['candidateCount']), countIn(config['candidate_count']));
    if (relayed && asksForMedia(config)) isKept = false;
  }
  const most = limits.length > 0 && isKept ? Math.max(...limits) : Infinity;
  return { maxOutputTokens: most === Infinity ? undefined : most, choices, isUnkept: !isKept };
}

function asksForMedia(config: JsonObject): boolean {
  const asked = config['responseModalities'] ?? config['response_modalities'] ?? 'TEXT';
  return (Array.isArray(asked) ? asked : [asked]).some((one) => typeof one !== 'string' || !/^text$/i.test(one));
}
