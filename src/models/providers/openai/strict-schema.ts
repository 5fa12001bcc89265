import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';

/**
 * What a schema may say where OpenAI holds a model to it.
 * @see https://platform.openai.com/docs/guides/structured-outputs#supported-schemas (checked 2026-11-21)
 */
const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'type title description enum const anyOf $ref $defs definitions properties required additionalProperties items ' +
    'minItems maxItems pattern format minimum maximum exclusiveMinimum exclusiveMaximum multipleOf'
  ).split(' '),
);

const FORMATS: ReadonlySet<string> = new Set('date-time time date duration email hostname ipv4 ipv6 uuid'.split(' '));

/** Objects inside objects. */
const DEEPEST = 10;

/** Whether `strict` may stand beside this schema: an object whose members are all there and all named. */
export function isStrictSchema(schema: JsonObject): boolean {
  return schema['type'] === 'object' && schema['anyOf'] === undefined && isStrict(schema, 0);
}

function isStrict(schema: Json | undefined, depth: number): boolean {
  if (!isJsonObject(schema) || depth > DEEPEST) return false;
  if (Object.keys(schema).some((keyword) => !KEYWORDS.has(keyword))) return false;
  if (!['type', 'anyOf', '$ref', 'enum', 'const'].some((keyword) => schema[keyword] !== undefined)) return false;
  const { format, anyOf, items } = schema;
  if (format !== undefined && (typeof format !== 'string' || !FORMATS.has(format))) return false;
  const inner = [
    ...(Array.isArray(anyOf) ? anyOf : []),
    ...(items === undefined ? [] : [items]),
    ...members(schema['$defs']),
    ...members(schema['definitions']),
  ];
  return inner.every((each) => isStrict(each, depth)) && isStrictObject(schema, depth);
}

function isStrictObject(schema: JsonObject, depth: number): boolean {
  const { type, properties, required } = schema;
  const isObject = type === 'object' || (Array.isArray(type) && type.includes('object')) || properties !== undefined;
  if (!isObject) return type !== 'array' || schema['items'] !== undefined;
  if (schema['additionalProperties'] !== false) return false;
  const names = Object.keys(isJsonObject(properties) ? properties : {});
  const listed = new Set(Array.isArray(required) ? required : []);
  return names.every((name) => listed.has(name)) && members(properties).every((each) => isStrict(each, depth + 1));
}

function members(value: Json | undefined): (Json | undefined)[] {
  return isJsonObject(value) ? Object.values(value) : [];
}
