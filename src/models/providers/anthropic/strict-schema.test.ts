import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';

import { jsonSchemas } from '../../../../test/support/openai-requests.ts';
import { parseExact } from '../../../core/inference/exact-json.ts';
import { type JsonObject, isJsonObject } from '../../../core/json.ts';
import { strictSchema } from './strict-schema.ts';

function object(properties: JsonObject, more: JsonObject = {}): JsonObject {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false, ...more };
}

const TEXT = { type: 'string' };

describe('a strict schema', () => {
  it('is the same where nothing has to change', () => {
    const schemas: JsonObject[] = [
      object({ a: TEXT, b: { type: ['integer', 'null'], description: 'd', title: 't' }, c: { enum: ['x', 1, null] } }),
      object({
        a: { anyOf: [TEXT, { type: 'null' }] },
        b: { type: 'array', items: TEXT, minItems: 1 },
        c: { const: 1 },
      }),
      object(
        { a: { $ref: '#/$defs/p' }, b: { $ref: '#/$defs/p' } },
        { $defs: { p: object({ x: { type: 'number' } }) } },
      ),
      object({ a: { type: 'string', format: 'date-time' }, b: { allOf: [TEXT] } }),
    ];
    for (const schema of schemas) assert.deepEqual(strictSchema(schema), { schema, loosened: false });
  });

  it('closes objects that are not said to be open', () => {
    const { additionalProperties: _, ...schema } = object({ a: TEXT });
    assert.deepEqual(strictSchema(schema), { schema: object({ a: TEXT }), loosened: false });
  });

  it('says in words what is not enforced', () => {
    const cases: [JsonObject, JsonObject][] = [
      [
        { type: 'integer', minimum: 1, maximum: 9 },
        { type: 'integer', description: 'minimum: 1, maximum: 9' },
      ],
      [
        { type: 'string', pattern: '^a', description: 'A name.' },
        { type: 'string', description: 'A name. (pattern: "^a")' },
      ],
      [
        { type: 'string', format: 'color' },
        { type: 'string', description: 'format: "color"' },
      ],
      [
        { type: 'array', items: TEXT, minItems: 2 },
        { type: 'array', items: TEXT, description: 'minItems: 2' },
      ],
      [{ oneOf: [TEXT, { type: 'null' }] }, { anyOf: [TEXT, { type: 'null' }] }],
      [object({ a: TEXT }, { additionalProperties: true }), object({ a: TEXT })],
    ];
    for (const [from, to] of cases) {
      assert.deepEqual(strictSchema(object({ x: from })), { schema: object({ x: to }), loosened: true });
    }
    const reference = object({ a: { $ref: '#/$defs/p', minLength: 1 } }, { $defs: { p: TEXT } });
    assert.equal(strictSchema(reference)?.loosened, true);
  });

  it('is not to be had of a schema that means more', () => {
    const many = Object.fromEntries(Array.from({ length: 13 }, (_, at) => [`p${at}`, TEXT]));
    const schemas: JsonObject[] = [
      { type: 'object' },
      { type: 'object', properties: { a: { type: 'object', additionalProperties: TEXT } } },
      { type: 'object', properties: { a: {} } },
      { type: 'object', properties: { a: true } },
      { type: 'object', properties: many },
      object({ a: { $ref: '#' } }),
      object({ a: { $ref: '#/$defs/missing' } }),
      object({ a: { $ref: 'https://example.com/schema' } }),
      object({ a: { $ref: '#/$defs/n' } }, { $defs: { n: object({ next: { $ref: '#/$defs/n' } }) } }),
      object({ a: { enum: [{ b: 1 }] } }),
      object({ a: { enum: [] } }),
    ];
    for (const schema of schemas) assert.equal(strictSchema(schema), undefined, JSON.stringify(schema));
  });

  it('keeps long numbers as they are written', () => {
    const schema = parseExact('{"type":"object","properties":{"a":{"enum":[12345678901234567890]}}}') as JsonObject;
    assert.match(JSON.stringify(strictSchema(schema)?.schema), /"enum":\[12345678901234567890\]/);
  });

  it('takes a time that grows with the schema, not with the paths through it', () => {
    const $defs: JsonObject = { d0: object({ a: TEXT }) };
    for (let at = 1; at < 60; at += 1) {
      const before = { $ref: `#/$defs/d${at - 1}` };
      $defs[`d${at}`] = object({ a: before, b: before });
    }
    assert.ok(strictSchema(object({ a: { $ref: '#/$defs/d40' } }, { $defs })));
  });

  it('closes every object, and is as strict the second time', () => {
    fc.assert(
      fc.property(jsonSchemas(), (schema) => {
        const strict = strictSchema(schema);
        if (!strict) return;
        assert.deepEqual(strictSchema(strict.schema), { schema: strict.schema, loosened: false });
        for (const node of nodesOf(strict.schema)) {
          if (node['properties'] !== undefined) assert.equal(node['additionalProperties'], false);
        }
      }),
    );
  });
});

function nodesOf(value: unknown): JsonObject[] {
  if (Array.isArray(value)) return value.flatMap(nodesOf);
  return isJsonObject(value) ? [value, ...Object.values(value).flatMap(nodesOf)] : [];
}
