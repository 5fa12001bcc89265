import type { SimulatedDialect } from './simulated-dialect.ts';
import { type Json, type JsonObject, isJsonObject } from '../../core/json.ts';
import { Refusal } from './refusal.ts';
import { countTokens } from './tokens.ts';

/** Everything in a prompt that counts, in the order in which a provider's prompt cache sees it. */
export interface PromptPart {
  /** What makes it equal to another: its text, or the address or bytes of an image. */
  readonly text: string;
  readonly tokens: number;
  /** A cache breakpoint stands behind it, with this lifetime. */
  readonly breakpoint?: '5m' | '1h';
}

export interface OfferedTool {
  readonly name: string;
  readonly parameters: Json;
}

/** A tool that must be called, any one, none, or as the model likes. */
export type ToolChoice = 'auto' | 'none' | 'any' | { readonly name: string };

/** A chat request of either dialect, as far as the simulated model looks at it. */
export interface Prompt {
  readonly dialect: SimulatedDialect;
  readonly model: string;
  readonly stream: boolean;
  /** Whether a stream ends with a frame of usage (Anthropic always says it). */
  readonly includeUsage: boolean;
  readonly parts: readonly PromptPart[];
  readonly tokens: number;
  /** What is to be answered: the last user message, or the result of the tool that was called. */
  readonly question: string;
  readonly answersToolResult: boolean;
  readonly tools: readonly OfferedTool[];
  readonly toolChoice: ToolChoice;
  readonly parallelTools: boolean;
  /** `json` is any JSON object. */
  readonly format: 'text' | 'json' | { readonly schema: Json };
  readonly maxTokens: number;
  readonly stop: readonly string[];
  readonly choices: number;
  readonly reasoningTokens: number;
}

/** What a message costs beside its text: role and separators. */
export const MESSAGE_TOKENS = 4;

export function textPart(text: string, extraTokens = 0): PromptPart {
  return { text, tokens: countTokens(text) + extraTokens };
}

export function totalTokens(parts: readonly PromptPart[]): number {
  return parts.reduce((sum, { tokens }) => sum + tokens, 0);
}

/** How much a model thinks at each effort; `none`, `minimal` and other words mean not at all. */
const EFFORT_TOKENS: Readonly<Record<string, number>> = { low: 32, medium: 64, high: 128, xhigh: 256, max: 256 };

export function tokensOfEffort(effort: Json | undefined): number {
  return typeof effort === 'string' && Object.hasOwn(EFFORT_TOKENS, effort) ? (EFFORT_TOKENS[effort] ?? 0) : 0;
}

/** The members of a list that are objects; anything else has none. */
export function objectsIn(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

export function stringsIn(value: Json | undefined): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** @throws Refusal 400 where it is missing or no name */
export function requireModel(body: JsonObject): string {
  const { model } = body;
  if (typeof model === 'string' && model !== '') return model;
  throw new Refusal(400, 'you must provide a model parameter', { param: 'model' });
}

/** @throws Refusal 400 where there is no list of messages, or one has no known role */
export function requireMessages(body: JsonObject, roles: ReadonlySet<string>): JsonObject[] {
  const { messages } = body;
  if (!Array.isArray(messages) || messages.length === 0) {
    throw new Refusal(400, "Missing required parameter: 'messages'.", { param: 'messages' });
  }
  return messages.map((message, at) => {
    const role = isJsonObject(message) ? message['role'] : undefined;
    if (isJsonObject(message) && typeof role === 'string' && roles.has(role)) return message;
    const param = `messages[${at}].role`;
    throw new Refusal(400, `Invalid value for '${param}'. Supported values are: ${[...roles].join(', ')}.`, { param });
  });
}

/** A whole number within bounds, or undefined where it is not there. @throws Refusal 400 */
export function optionalCount(
  body: JsonObject,
  field: string,
  bounds: { least: number; most: number },
): number | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= bounds.least && value <= bounds.most)
    return value;
  const range = `a whole number from ${bounds.least} to ${bounds.most}`;
  throw new Refusal(400, `Invalid value for '${field}': expected ${range}.`, { param: field });
}
