import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';
import { camelCase, listOf } from './names.ts';

/** Counts are 64-bit integers, which are strings in this form of JSON. */
const COUNTS: ReadonlySet<string> = new Set([
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
  'minProperties',
  'maxProperties',
]);

/**
 * Gemini's own kind of schema as JSON Schema: types in lower case, `nullable` as one of the types, counts as numbers,
 * properties in their `propertyOrdering`. What is JSON Schema already stays as it is.
 * @see https://ai.google.dev/api/caching#Schema (checked 2026-11-21)
 */
export function jsonSchemaOf(schema: JsonObject): JsonObject {
  const read = named(schema);
  const { nullable, propertyOrdering: order, type, example, format, ...rest } = read;
  const written: JsonObject = {};
  if (typeof type === 'string' && type !== 'TYPE_UNSPECIFIED') written['type'] = type.toLowerCase();
  else if (type !== undefined && typeof type !== 'string') written['type'] = type;
  for (const [name, value] of Object.entries(rest)) written[name] = memberOf(name, value, order);
  // The one format that only says what is said by `enum`.
  if (format !== undefined && format !== 'enum') written['format'] = format;
  if (example !== undefined) written['examples'] = [example];
  return nullable === true ? orNull(written) : written;
}

function named(schema: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(schema).map(([name, value]) => [camelCase(name), value]));
}

function memberOf(name: string, value: Json | undefined, order: Json | undefined): Json | undefined {
  if (COUNTS.has(name) && typeof value === 'string' && /^\d+$/.test(value)) return Number(value);
  if (name === 'properties' && isJsonObject(value)) return properties(value, order);
  if ((name === 'anyOf' || name === 'oneOf' || name === 'allOf') && Array.isArray(value)) return value.map(nested);
  return name === 'items' ? nested(value ?? null) : value;
}

function properties(all: JsonObject, order: Json | undefined): JsonObject {
  const first = listOf(order).filter((name) => typeof name === 'string' && Object.hasOwn(all, name)) as string[];
  const names = new Set([...first, ...Object.keys(all)]);
  return Object.fromEntries([...names].map((name) => [name, nested(all[name] ?? null)]));
}

function nested(value: Json): Json {
  return isJsonObject(value) ? jsonSchemaOf(value) : value;
}

function orNull(schema: JsonObject): JsonObject {
  const { type, enum: values } = schema;
  if (typeof type !== 'string') return { anyOf: [schema, { type: 'null' }] };
  return {
    ...schema,
    type: [type, 'null'],
    ...(Array.isArray(values) && !values.includes(null) ? { enum: [...values, null] } : {}),
  };
}
