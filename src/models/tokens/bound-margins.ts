import { type Json, type JsonObject, isJsonObject } from '../../core/json.ts';
import type { Capabilities } from '../capabilities/capabilities.ts';
import type { BoundSum } from './bound-sum.ts';
import { imageUpperBound } from './image-tokens.ts';

/** Whom a request goes to. */
export interface BoundTarget {
  /** The provider's preset, or its type. */
  readonly family: string;
  readonly model: string;
  readonly capabilities: Capabilities | undefined;
}

/** Tokens around a message: its role, what separates it, the name of who speaks. */
export const MESSAGE = 32;
/** Tokens around the prompt: what the template or the provider says of itself, the date, the beginning of the answer. */
const PROMPT = 1024;
/** What is said before the tools, or before a schema that an answer is held to. */
export const TOOLS = 1024;
/** Around one tool. */
export const TOOL = 64;
/** Around one image. */
const IMAGE = 16;

/** Models that search, or ask themselves again, without being told to. */
const SELF_DRIVEN = /^sonar|compound|multi-agent|deep-research|search-preview|search-api|:online$/;

/** What stands around every chat. */
export function addFrame(sum: BoundSum, { model }: BoundTarget): void {
  sum.add(PROMPT);
  if (SELF_DRIVEN.test(model)) sum.unbounded();
}

/** Names of fields, as a line of words. */
export function fields(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((names) => names.split(' ')));
}

/** What is not there, or turned off, says nothing. */
export function isOff(value: Json | undefined): value is undefined | null | false {
  return value === undefined || value === null || value === false;
}

export function addImage(sum: BoundSum, { family, model }: BoundTarget, isKept: boolean): void {
  const most = isKept ? undefined : imageUpperBound(family, model);
  if (most === undefined) sum.context();
  else sum.media(most + IMAGE);
}

/** A schema that the answer is held to: shown to the model, or said in an instruction or a tool's place. */
export function addSchema(sum: BoundSum, schema: Json): void {
  sum.add(TOOLS + sum.structure(schema));
}

/** Without what tells the cache where to begin. */
export function withoutCache(part: JsonObject): JsonObject {
  return 'cache_control' in part ? { ...part, cache_control: undefined } : part;
}

/** Google's parser takes one object where a list is expected. */
export function objectsIn(value: Json | undefined): readonly JsonObject[] {
  if (Array.isArray(value)) return value.filter(isJsonObject);
  return isJsonObject(value) ? [value] : [];
}
