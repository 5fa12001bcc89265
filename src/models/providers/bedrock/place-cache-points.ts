import type { PromptCacheHints } from '../../../core/caching.ts';
import { type Json, type JsonObject, asString, isJsonObject } from '../../../core/json.ts';
import { leastCachedTokens } from '../anthropic/cache-minimum.ts';
import { turnEnds } from '../anthropic/turn-ends.ts';
import { PromptMeasure } from '../prompt-measure.ts';
import { isCachePoint } from './cache-points.ts';
import { traitsOf } from './model-traits.ts';

/** Claude's models that take cache points, and those of them that keep them for an hour. */
const CACHING_CLAUDE = /claude-(?:3-7|3-5-haiku|[a-z]+-[4-9])/;
const HOURLY_CLAUDE = /claude-[a-z]+-(?:4-[5-9]|[5-9])/;
const LEAST_NOVA_TOKENS = 1000;

interface PointRules {
  readonly leastTokens: number;
  readonly ttl: '5m' | '1h';
  /** Tools, and turns that hold more than text, may bear one. */
  readonly anywhere: boolean;
}

/**
 * Adds cache points to a body that has none: behind the tools, the system prompt, and the user's last two turns of a
 * conversation.
 * @returns how many
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html (checked 2026-11-21)
 */
export function placeCachePoints(body: JsonObject, model: string, hints: PromptCacheHints | undefined): number {
  const rules = hints?.breakpoints === undefined ? undefined : rulesOf(model, hints.breakpoints);
  const { toolConfig } = body;
  const tools = isJsonObject(toolConfig) ? listIn(toolConfig['tools']) : [];
  const system = listIn(body['system']);
  const messages = listIn(body['messages']);
  const contents = messages.map((message) => (isJsonObject(message) ? listIn(message['content']) : []));
  if (!rules || [tools, system, ...contents].some((blocks) => blocks.some(isPoint))) return 0;
  const measure = new PromptMeasure(rules.leastTokens);
  const places: Json[][] = [];
  if (measure.add(tools) && rules.anywhere) places.push(tools);
  if (measure.add(system)) places.push(system);
  const longFrom = contents.findIndex((blocks) => measure.add(blocks));
  const ends = longFrom < 0 ? [] : turnEnds(messages).filter((at) => at >= longFrom);
  places.push(...ends.flatMap((at) => turnPlaces(contents[at] ?? [], rules)));
  const point: JsonObject = { cachePoint: { type: 'default', ...(rules.ttl === '1h' ? { ttl: '1h' } : {}) } };
  const filled = places.filter((blocks) => blocks.length > 0);
  for (const blocks of filled) blocks.push(point);
  return filled.length;
}

/** Undefined where the model takes none. */
function rulesOf(model: string, ttl: PointRules['ttl']): PointRules | undefined {
  const { maker } = traitsOf(model, undefined);
  if (maker === 'nova') return { leastTokens: LEAST_NOVA_TOKENS, ttl: '5m', anywhere: false };
  if (maker !== 'anthropic' || !CACHING_CLAUDE.test(model)) return undefined;
  return { leastTokens: leastCachedTokens(model), ttl: HOURLY_CLAUDE.test(model) ? ttl : '5m', anywhere: true };
}

/** A point stands behind what it covers, and an empty text covers nothing. */
function turnPlaces(blocks: Json[], { anywhere }: PointRules): Json[][] {
  const last = blocks.at(-1);
  const text = isJsonObject(last) ? asString(last['text']) : undefined;
  return (text === undefined ? anywhere : text.trim() !== '') ? [blocks] : [];
}

function isPoint(value: Json): boolean {
  return isJsonObject(value) && isCachePoint(value);
}

function listIn(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}
