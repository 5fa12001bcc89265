import * as fc from './fast-check.ts';

import type { Dialect } from '../../src/core/call.ts';
import { type Json, type JsonObject, isJsonObject } from '../../src/core/json.ts';
import { namedSchema } from './openapi-validator.ts';

/** Values of a named schema of a provider's OpenAPI document, with all the fields that it has. */
export function valuesOf(provider: Dialect, name: string): fc.Arbitrary<Json> {
  return valueOf(provider, namedSchema(provider, name));
}

function valueOf(provider: Dialect, schema: unknown): fc.Arbitrary<Json> {
  if (!isJsonObject(schema)) return fc.constant(null);
  const { $ref, oneOf, anyOf, allOf, type } = schema;
  if (typeof $ref === 'string') return valuesOf(provider, $ref.split('/').at(-1) ?? '');
  if (schema['const'] !== undefined) return fc.constant(schema['const']);
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...schema['enum']);
  const variants = oneOf ?? anyOf ?? allOf;
  if (Array.isArray(variants)) return fc.oneof(...variants.map((each) => valueOf(provider, each)));
  if (type === 'object') return objectOf(provider, schema);
  if (type === 'array') return fc.array(valueOf(provider, schema['items']), { minLength: 1, maxLength: 2 });
  return plainValue(schema);
}

function objectOf(provider: Dialect, { properties, required, additionalProperties }: JsonObject): fc.Arbitrary<Json> {
  const fields = Object.entries(isJsonObject(properties) ? properties : {});
  if (fields.length === 0) return fc.constant(additionalProperties === false ? {} : { a: 1 });
  const requiredKeys = (Array.isArray(required) ? required : []) as string[];
  const values = fields.map(([name, field]) => [name, valueOf(provider, field)] as const);
  return fc.record(Object.fromEntries(values), { requiredKeys });
}

function plainValue({ type, pattern, minimum = 0, maximum, minLength }: JsonObject): fc.Arbitrary<Json> {
  switch (type) {
    case 'string':
      if (typeof pattern === 'string') return fc.stringMatching(new RegExp(pattern), { maxLength: 30 });
      return fc.constantFrom('a'.repeat(Number(minLength ?? 0)), 'b'.repeat(Number(minLength ?? 1)));
    case 'integer':
    case 'number':
      return fc.integer({ min: Number(minimum), max: Number(maximum ?? Number(minimum) + 1000) });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return fc.constant('x');
  }
}
