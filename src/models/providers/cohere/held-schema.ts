import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';

const UNTAKEN = ['anyOf', 'allOf', 'oneOf', 'not', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'];
const UNTAKEN_OF_LENGTH = ['minItems', 'maxItems', 'minLength', 'maxLength', 'uniqueItems', 'multipleOf'];
const ALL_UNTAKEN = [...UNTAKEN, ...UNTAKEN_OF_LENGTH];
const FORMATS: ReadonlySet<unknown> = new Set(['date-time', 'uuid', 'date', 'time']);
const UNTAKEN_PATTERN = /[\^$]|\?[=!]/;
const DEEPEST = 64;

/**
 * Whether Cohere holds a model to this schema: an object, each object of it with a required member, no unions, no
 * ranges, no lengths.
 * @see https://docs.cohere.com/v2/docs/structured-outputs (Schema constraints, Unsupported schema features; checked 2026-11-21)
 */
export function isHeldSchema(schema: JsonObject): boolean {
  return schema['type'] === 'object' && isHeld(schema, 0);
}

function isHeld(schema: Json | undefined, depth: number): boolean {
  if (!isJsonObject(schema) || depth > DEEPEST) return false;
  if (ALL_UNTAKEN.some((keyword) => schema[keyword] !== undefined)) return false;
  const { type, format, pattern, additionalProperties, properties, required, items } = schema;
  if (format !== undefined && !FORMATS.has(format)) return false;
  if (typeof pattern === 'string' && UNTAKEN_PATTERN.test(pattern)) return false;
  // Closed is what every object is there; one that is open to others could not be said.
  if (additionalProperties !== undefined && additionalProperties !== false) return false;
  const isObject = type === 'object' || properties !== undefined;
  if (isObject && !(Array.isArray(required) && required.length > 0)) return false;
  const inner = [properties, schema['$defs'], schema['definitions']].flatMap((named) =>
    isJsonObject(named) ? Object.values(named) : [],
  );
  return [...inner, ...(items === undefined ? [] : [items])].every((each) => isHeld(each, depth + 1));
}
