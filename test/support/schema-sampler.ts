import { type Json, type JsonObject, isJsonObject } from '../../src/core/json.ts';
import { namedSchema } from './openapi-validator.ts';

/** Chooses a number below another. */
export type Pick = (below: number) => number;

/** Deeper than that only what has to be there. */
const DEEP = 7;

/** A value that a schema of OpenAI's document most likely allows: required fields, and some of the others. */
export function sampleOf(schema: unknown, pick: Pick, depth = 0): Json {
  if (!isJsonObject(schema)) return 'x';
  const { $ref, oneOf, anyOf, allOf } = schema;
  if (typeof $ref === 'string') return sampleOf(namedSchema('openai', $ref.split('/').at(-1) ?? ''), pick, depth);
  if (schema['const'] !== undefined) return schema['const'];
  if (Array.isArray(schema['enum'])) return schema['enum'][pick(schema['enum'].length)] ?? null;
  const variants = oneOf ?? anyOf;
  const own = isJsonObject(schema['properties']) ? sampleObject(schema, pick, depth) : undefined;
  if (Array.isArray(allOf)) return sampleOf(joined(allOf, schema), pick, depth);
  if (Array.isArray(variants)) return merged([sampleOf(variants[pick(variants.length)], pick, depth), own]);
  return own ?? samplePlain(schema, pick, depth);
}

/** One schema for several objects: what one needs another may describe. */
function joined(parts: readonly unknown[], { allOf: _parts, ...own }: JsonObject): JsonObject {
  const whole: JsonObject = { ...own };
  for (const part of parts) {
    const schema = resolved(part);
    const { properties, required, ...rest } = Array.isArray(schema['allOf']) ? joined(schema['allOf'], schema) : schema;
    Object.assign(whole, rest);
    if (isJsonObject(properties)) whole['properties'] = { ...objectIn(whole, 'properties'), ...properties };
    if (Array.isArray(required)) whole['required'] = [...listIn(whole, 'required'), ...required];
  }
  return whole;
}

function resolved(schema: unknown): JsonObject {
  if (!isJsonObject(schema)) return {};
  const { $ref } = schema;
  return typeof $ref === 'string' ? resolved(namedSchema('openai', $ref.split('/').at(-1) ?? '')) : schema;
}

function objectIn(of: JsonObject, name: string): JsonObject {
  return isJsonObject(of[name]) ? of[name] : {};
}

function listIn(of: JsonObject, name: string): Json[] {
  return Array.isArray(of[name]) ? of[name] : [];
}

/** The variants of a schema, with their names resolved. */
export function variantsOf(schema: JsonObject): JsonObject[] {
  const { oneOf, anyOf } = resolved(schema);
  const variants = oneOf ?? anyOf;
  return Array.isArray(variants) ? variants.map(resolved) : [resolved(schema)];
}

function merged(values: readonly (Json | undefined)[]): Json {
  const objects = values.filter((value) => isJsonObject(value));
  if (objects.length > 0) return Object.assign({}, ...objects) as JsonObject;
  return values.find((value) => value !== undefined) ?? null;
}

function sampleObject({ properties, required }: JsonObject, pick: Pick, depth: number): JsonObject {
  const needed = Array.isArray(required) ? required : [];
  const object: JsonObject = {};
  for (const [name, field] of Object.entries(isJsonObject(properties) ? properties : {})) {
    const isThere = needed.includes(name) || (depth < DEEP && pick(3 + depth) === 0);
    if (isThere) object[name] = sampleOf(field, pick, depth + 1);
  }
  return object;
}

function samplePlain(schema: JsonObject, pick: Pick, depth: number): Json {
  const type = Array.isArray(schema['type']) ? schema['type'][0] : schema['type'];
  switch (type) {
    case 'array': {
      const least = Number(schema['minItems'] ?? 0);
      const length = depth < DEEP ? Math.max(least, 1 + pick(2)) : least;
      return Array.from({ length }, () => sampleOf(schema['items'], pick, depth + 1));
    }
    case 'object':
      return isJsonObject(schema['additionalProperties']) && depth < DEEP
        ? { a: sampleOf(schema['additionalProperties'], pick, depth + 1) }
        : {};
    case 'integer':
    case 'number':
      return sampleNumber(schema, pick);
    case 'boolean':
      return pick(2) === 0;
    case 'null':
      return null;
    default:
      return sampleText(schema, pick);
  }
}

function sampleNumber({ minimum, maximum, exclusiveMinimum }: JsonObject, pick: Pick): Json {
  const least = typeof exclusiveMinimum === 'number' ? exclusiveMinimum + 1 : Number(minimum ?? 0);
  const most = Number(maximum ?? least + 100);
  return least + pick(Math.max(1, Math.floor(most - least) + 1));
}

const TEXTS = ['a', 'Hello, Welt', 'ünï – 日本', '"quoted" \\ and\nbroken', '0'];

function sampleText({ format, minLength, maxLength, pattern }: JsonObject, pick: Pick): string {
  if (format === 'uri') return 'https://example.com/a.png';
  if (typeof pattern === 'string') return pattern.includes('A-Z') ? 'abc' : '00:00';
  const text = TEXTS[pick(TEXTS.length)] ?? '';
  const least = Number(minLength ?? 0);
  return text.padEnd(least, 'x').slice(0, Number(maxLength ?? text.length + least));
}
