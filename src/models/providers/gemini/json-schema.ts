import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';

/**
 * What Gemini reads of a JSON Schema.
 * @see https://ai.google.dev/api/generate-content#generationconfig (`responseJsonSchema`; read in the types of @google/genai 3.1.0, checked 2026-11-21)
 */
const READ: ReadonlySet<string> = new Set([
  '$id',
  '$defs',
  '$ref',
  '$anchor',
  'type',
  'format',
  'title',
  'description',
  'enum',
  'items',
  'prefixItems',
  'minItems',
  'maxItems',
  'minimum',
  'maximum',
  'anyOf',
  'oneOf',
  'properties',
  'additionalProperties',
  'required',
  'propertyOrdering',
]);

/** Keywords that forbid nothing. */
const SILENT: ReadonlySet<string> = new Set(['$schema', '$comment', 'default', 'examples', 'example', 'deprecated']);

/** Under these are schemas by name, under the others a schema or a list of them. */
const BY_NAME: ReadonlySet<string> = new Set(['properties', '$defs', 'definitions']);
const NESTED: ReadonlySet<string> = new Set([
  'items',
  'prefixItems',
  'anyOf',
  'oneOf',
  'allOf',
  'additionalProperties',
]);

export interface WireSchema {
  readonly schema: JsonObject;
  /** It has rules that Gemini does not read, and so does not hold to. */
  readonly loosened: boolean;
}

/** The schema with `const` as a list of one, the only form in which Gemini reads it; all else stays. */
export function jsonSchema(schema: JsonObject): WireSchema {
  const seen = { loosened: false };
  return { schema: rewrite(schema, seen), loosened: seen.loosened };
}

function rewrite(schema: JsonObject, seen: { loosened: boolean }): JsonObject {
  const written: JsonObject = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'const' && value !== undefined) written['enum'] = [value];
    else {
      if (!READ.has(key) && !SILENT.has(key)) seen.loosened = true;
      written[key] = nested(key, value, seen);
    }
  }
  return written;
}

function nested(key: string, value: Json | undefined, seen: { loosened: boolean }): Json | undefined {
  if (BY_NAME.has(key) && isJsonObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, oneOf(inner, seen)]));
  }
  if (!NESTED.has(key)) return value;
  return Array.isArray(value) ? value.map((inner) => oneOf(inner, seen) as Json) : oneOf(value, seen);
}

/** Also `true` and `false` are schemas. */
function oneOf(value: Json | undefined, seen: { loosened: boolean }): Json | undefined {
  return isJsonObject(value) ? rewrite(value, seen) : value;
}
