import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';
import { TextDigests } from '../../../core/text-digests.ts';

/**
 * Below these names the order of members is the client's: models read schemas, arguments and results of tools as they
 * are written, and structured answers follow the order of their schema. Lists of that name are not meant.
 */
const ORDERED: ReadonlySet<string> = new Set([
  'args',
  'arguments',
  'input',
  'input_schema',
  'inputSchema',
  'output',
  'parameters',
  'parametersJsonSchema',
  'parameters_json_schema',
  'properties',
  'response',
  'responseJsonSchema',
  'responseSchema',
  'response_json_schema',
  'response_schema',
  'schema',
]);

/** Marks of the provider's own prompt cache: they change what a request costs, and nothing that is said. */
const MARKS: ReadonlySet<string> = new Set(['cache_control', 'prompt_cache_breakpoint']);

/** Deeper than any request; what goes deeper is not worth a stack overflow. */
const MOST_DEPTH = 200;

/** Thrown of a body that has no canonical form here. */
class TooDeep extends Error {}

/**
 * One text for all ways to write the same request: members sorted by name where their order means nothing, no white
 * space, escapes undone, of long texts their SHA-256. Two requests that differ in anything else have two texts.
 *
 * @param leftOut members of the body itself that do not count
 * @param digests of its texts, as far as they are known
 * @returns undefined where the body is nested too deeply
 */
export function canonicalForm(
  body: JsonObject,
  leftOut: ReadonlySet<string>,
  digests: TextDigests = new TextDigests(),
): string | undefined {
  try {
    return objectForm(body, leftOut, digests, 0);
  } catch (error) {
    if (error instanceof TooDeep) return undefined;
    throw error;
  }
}

const NOTHING: ReadonlySet<string> = new Set();

function objectForm(object: JsonObject, leftOut: ReadonlySet<string>, digests: TextDigests, depth: number): string {
  const names = Object.keys(object);
  sort(names);
  let form = '{';
  for (const name of names) {
    const value = object[name];
    if (value === undefined || leftOut.has(name) || (MARKS.has(name) && isMark(value))) continue;
    const inner =
      ORDERED.has(name) && isJsonObject(value) ? orderedForm(value, depth + 1) : valueForm(value, digests, depth + 1);
    form += form === '{' ? beginOf(name) + inner : `,${beginOf(name)}${inner}`;
  }
  return `${form}}`;
}

function valueForm(value: Json, digests: TextDigests, depth: number): string {
  if (typeof value === 'string' && TextDigests.isLong(value)) return longForm(value, digests);
  if (typeof value !== 'object' || value === null) return scalarForm(value);
  if (depth > MOST_DEPTH) throw new TooDeep();
  if (Array.isArray(value)) {
    let form = '[';
    for (const item of value) {
      if (form !== '[') form += ',';
      form += valueForm(item, digests, depth + 1);
    }
    return `${form}]`;
  }
  // A long number of an exactly parsed body is a frozen object that is written as the number (`JSON.rawJSON`).
  const isNumber = value['rawJSON'] !== undefined && Object.isFrozen(value);
  return isNumber ? JSON.stringify(value) : objectForm(value, NOTHING, digests, depth);
}

/** As `JSON.stringify` writes it, which is asked for texts alone. */
function scalarForm(value: string | number | boolean | null): string {
  switch (typeof value) {
    case 'string':
      return (value.length <= LONGEST_USUAL ? USUAL.get(value) : undefined) ?? JSON.stringify(value);
    case 'number':
      return Number.isFinite(value) ? String(value) : 'null';
    case 'boolean':
      return value ? 'true' : 'false';
    default:
      return 'null';
  }
}

/** It is not written out: no value is written so. Halves of surrogate pairs would all be the same there. */
function longForm(text: string, digests: TextDigests): string {
  return text.isWellFormed() ? `#${digests.of(text)}` : JSON.stringify(text);
}

/** As it is written, but for white space. */
function orderedForm(value: JsonObject, depth: number): string {
  if (depth + depthOf(value, MOST_DEPTH) > MOST_DEPTH) throw new TooDeep();
  return JSON.stringify(value);
}

function depthOf(value: Json | undefined, most: number): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (most === 0) return 1;
  let deepest = 0;
  for (const inner of Object.values(value)) deepest = Math.max(deepest, depthOf(inner, most - 1));
  return deepest + 1;
}

function isMark(value: Json): boolean {
  return value === null || isJsonObject(value);
}

/** So few are put in order by hand: to call the sort of the language costs more. */
const FEW = 12;

function sort(names: string[]): void {
  if (names.length > FEW) names.sort();
  else for (let at = 1; at < names.length; at += 1) sink(names, at);
}

/** Puts the name there in its place among those before it, which are in order. */
function sink(names: string[], from: number): void {
  const name = names[from] as string;
  let at = from;
  for (; at > 0 && (names[at - 1] as string) > name; at -= 1) names[at] = names[at - 1] as string;
  names[at] = name;
}

/** Names that most bodies have many times, as they are written. */
const WRITTEN = new Map(
  [
    'content',
    'id',
    'input',
    'max_completion_tokens',
    'max_tokens',
    'messages',
    'name',
    'parts',
    'role',
    'temperature',
    'text',
    'type',
  ].map((name) => [name, `"${name}":`]),
);
/** Texts that most bodies have many times. Longer ones are not looked for: that alone would cost what writing them does. */
const USUAL = new Map(['assistant', 'system', 'text', 'user'].map((text) => [text, `"${text}"`]));
const LONGEST_USUAL = 9;

function beginOf(name: string): string {
  return WRITTEN.get(name) ?? `${JSON.stringify(name)}:`;
}
