import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';

const LOWER_BOUNDS = new Set(['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties']);
const UPPER_BOUNDS = new Set(['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties']);

/** One schema that says what both say; where they cannot be joined the second's word counts. */
export function joinSchemas(first: JsonObject, second: JsonObject): JsonObject {
  const joined: JsonObject = { ...first };
  for (const [keyword, value] of Object.entries(second)) joined[keyword] = joinKeyword(keyword, first[keyword], value);
  return joined;
}

function joinKeyword(keyword: string, left: Json | undefined, right: Json | undefined): Json | undefined {
  if (left === undefined) return right;
  if (typeof left === 'number' && typeof right === 'number') {
    if (LOWER_BOUNDS.has(keyword)) return Math.max(left, right);
    if (UPPER_BOUNDS.has(keyword)) return Math.min(left, right);
  }
  if (Array.isArray(left) && Array.isArray(right)) return joinLists(keyword, left, right);
  if (keyword === 'properties' && isJsonObject(left) && isJsonObject(right)) return { ...left, ...right };
  return right;
}

function joinLists(keyword: string, left: Json[], right: Json[]): Json[] {
  if (keyword === 'required') return [...new Set([...left, ...right])];
  if (keyword === 'enum' || keyword === 'type') return left.filter((value) => right.includes(value));
  if (keyword === 'anyOf' || keyword === 'oneOf' || keyword === 'allOf') return [...left, ...right];
  return right;
}
