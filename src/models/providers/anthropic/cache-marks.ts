import { type BodyPatch, patchJson } from '../../../core/body-patch.ts';
import type { PromptCacheHints } from '../../../core/caching.ts';
import type { Call } from '../../../core/call.ts';
import { type Json, type JsonObject, asString, isJsonObject } from '../../../core/json.ts';
import { PromptMeasure } from '../prompt-measure.ts';
import { leastCachedTokens } from './cache-minimum.ts';
import { turnEnds } from './turn-ends.ts';

interface MarkRules {
  readonly ttl: '5m' | '1h';
  /** The shortest prefix that is worth a mark. */
  readonly leastTokens: number;
}

/** A relayed body's marks, as patches that come after `changes`. Other operations, and bodies with marks, get none. */
export function bodyMarks(
  call: Call,
  changes: readonly BodyPatch[],
  model: string,
  hints: PromptCacheHints | undefined,
): readonly BodyPatch[] {
  if (hints?.breakpoints === undefined || call.operation !== 'chat') return [];
  const body = patchJson(call.body.json, [...call.body.patches, ...changes]);
  if (!isJsonObject(body)) return [];
  return cacheMarks(body, { ttl: hints.breakpoints, leastTokens: leastCachedTokens(model) });
}

/** A body that was built here, with marks, and how many they are. */
export function markedBody(
  built: JsonObject,
  model: string,
  hints: PromptCacheHints | undefined,
): { readonly body: JsonObject; readonly breakpoints: number } {
  if (hints?.breakpoints === undefined) return { body: built, breakpoints: 0 };
  const marks = cacheMarks(built, { ttl: hints.breakpoints, leastTokens: leastCachedTokens(model) });
  const body = patchJson(built, marks);
  return isJsonObject(body) ? { body, breakpoints: marks.length } : { body: built, breakpoints: 0 };
}

/**
 * Where Anthropic's prompt cache is to end its prefixes: behind the tools, behind the system prompt, and in
 * conversations behind the user's turn before the newest, which the request before this one ended with, and behind the
 * newest, which the next one will find. None where the client has placed its own, or where the prefix is too short.
 * @see https://platform.claude.com/docs/en/build-with-claude/prompt-caching (checked 2026-11-21)
 */
export function cacheMarks(body: JsonObject, { ttl, leastTokens }: MarkRules): BodyPatch[] {
  if (hasMarks(body)) return [];
  const mark: JsonObject = ttl === '1h' ? { type: 'ephemeral', ttl } : { type: 'ephemeral' };
  const measure = new PromptMeasure(leastTokens);
  const tools = measure.add(body['tools']) ? toolMark(body['tools'], mark) : [];
  const system = measure.add(body['system']) ? contentMark('/system', body['system'], mark) : [];
  const messages = listIn(body['messages']);
  const longFrom = messages.findIndex((message) => measure.add(message));
  const ends = longFrom < 0 ? [] : turnEnds(messages).filter((at) => at >= longFrom);
  const turns = ends.flatMap((at) => contentMark(`/messages/${at}/content`, contentOf(messages[at]), mark));
  return [...tools, ...system, ...turns];
}

/** Also `cache_control` on the request itself, by which the provider places marks by itself. */
function hasMarks(body: JsonObject): boolean {
  if (isMarked(body) || listIn(body['tools']).some(isMarked) || listIn(body['system']).some(isMarked)) return true;
  return listIn(body['messages']).some((message) => listIn(contentOf(message)).some(isMarkedInside));
}

function isMarked(value: Json): boolean {
  return isJsonObject(value) && isJsonObject(value['cache_control']);
}

/** A result has blocks of its own. */
function isMarkedInside(block: Json): boolean {
  return isMarked(block) || (isJsonObject(block) && listIn(block['content']).some(isMarked));
}

/** Tools that are looked up when they are needed are no part of the prefix. */
function toolMark(tools: Json | undefined, mark: JsonObject): BodyPatch[] {
  const last = listIn(tools).findLastIndex((tool) => isJsonObject(tool) && tool['defer_loading'] !== true);
  return last < 0 ? [] : [{ op: 'set', path: `/tools/${last}/cache_control`, value: mark }];
}

/** Behind the last block that can bear a mark; a plain text becomes a block. */
function contentMark(path: string, content: Json | undefined, mark: JsonObject): BodyPatch[] {
  if (typeof content === 'string') {
    if (content.trim() === '') return [];
    return [{ op: 'set', path, value: [{ type: 'text', text: content, cache_control: mark }] }];
  }
  const last = listIn(content).findLastIndex(bearsMark);
  return last < 0 ? [] : [{ op: 'set', path: `${path}/${last}/cache_control`, value: mark }];
}

/** Thinking and empty texts are refused with one; of other kinds it is not known. */
const MARKABLE: ReadonlySet<string> = new Set(['image', 'document', 'tool_use', 'tool_result']);

function bearsMark(block: Json): boolean {
  if (!isJsonObject(block)) return false;
  const type = asString(block['type']) ?? '';
  return type === 'text' ? (asString(block['text']) ?? '').trim() !== '' : MARKABLE.has(type);
}

function contentOf(message: Json | undefined): Json | undefined {
  return isJsonObject(message) ? message['content'] : undefined;
}

function listIn(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
