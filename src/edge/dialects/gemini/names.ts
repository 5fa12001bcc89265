import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';

/** What is the client's own, so that no name in it is ours to change; schemas are read by {@link jsonSchemaOf}. */
const OPAQUE: ReadonlySet<string> = new Set([
  'args',
  'response',
  'parameters',
  'parametersJsonSchema',
  'responseSchema',
  'responseJsonSchema',
  'labels',
  'partMetadata',
]);

/**
 * The body with its fields named in camel case. The API is a protocol buffer as JSON, which may have either form of a
 * name; where both are there, camel case counts.
 * @see https://protobuf.dev/programming-guides/json/ (checked 2026-11-21)
 */
export function camelCased(value: JsonObject): JsonObject {
  const named: JsonObject = {};
  for (const [name, field] of Object.entries(value)) {
    const camel = camelCase(name);
    if (camel !== name && value[camel] !== undefined) continue;
    named[camel] = OPAQUE.has(camel) ? field : camelMember(field);
  }
  return named;
}

/** `max_output_tokens` → `maxOutputTokens`. */
export function camelCase(name: string): string {
  return name.includes('_') ? name.replaceAll(/(?<=.)_([a-z])/g, (_, letter: string) => letter.toUpperCase()) : name;
}

function camelMember(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((item) => camelMember(item) ?? null);
  // A long number of an exactly parsed body is a frozen object, and stays what it is.
  return isJsonObject(value) && !Object.isFrozen(value) ? camelCased(value) : value;
}

/** A member by its name in camel case, or by the other form of it, without changing anything. */
export function member(object: JsonObject, camel: string): Json | undefined {
  return object[camel] ?? object[snakeCase(camel)];
}

const SNAKE = new Map<string, string>();

/** Only of names that this code has, so that what is kept is bounded. */
function snakeCase(camel: string): string {
  let snake = SNAKE.get(camel);
  if (snake === undefined) {
    snake = camel.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    SNAKE.set(camel, snake);
  }
  return snake;
}

/** Google's parser takes one object where a list is expected, and its own examples use that. */
export function listOf(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
