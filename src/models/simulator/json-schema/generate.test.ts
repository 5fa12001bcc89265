import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { Compile } from 'typebox/schema';

import type { JsonObject } from '../../../core/json.ts';
import { jsonFromSchema } from './generate.ts';

function accepts(schema: JsonObject, value: unknown): boolean {
  return Compile(schema).Check(value);
}

const formats = ['date-time', 'date', 'time', 'email', 'uri', 'uuid', 'ipv4', 'ipv6', 'hostname', 'duration'];

const strings = fc.oneof(
  fc.record({ type: fc.constant('string'), format: fc.constantFrom(...formats) }),
  fc
    .tuple(fc.nat(20), fc.nat(20))
    .map(([minLength, more]) => ({ type: 'string', minLength, maxLength: minLength + more })),
);

const numbers = fc.oneof(
  fc
    .tuple(fc.integer({ min: -1000, max: 1000 }), fc.nat(50))
    .map(([minimum, more]) => ({ type: 'integer', minimum, maximum: minimum + more })),
  fc
    .tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 9 }))
    .map(([low, width]) => ({ type: 'number', exclusiveMinimum: low / 8, exclusiveMaximum: (low + width) / 8 })),
  fc
    .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: -99, max: 99 }))
    .map(([multipleOf, maximum]) => ({ type: 'integer', multipleOf, maximum })),
);

const scalars = fc.oneof(
  strings,
  numbers,
  fc.constant({ type: 'boolean' }),
  fc.constant({ type: 'null' }),
  fc.constant({ type: ['string', 'null'] }),
  fc.record({ const: fc.oneof(fc.string(), fc.integer(), fc.boolean()) }),
  fc.record({ enum: fc.array(fc.oneof(fc.string(), fc.integer()), { minLength: 1, maxLength: 4 }) }),
);

/** Schemas as people send them, nested, with references that may lead back to where they stand. */
const schemas = fc.letrec<{ any: JsonObject }>((tie) => {
  const object = fc
    .tuple(
      fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tie('any'), { maxKeys: 4 }),
      fc.boolean(),
      fc.func(fc.boolean()),
    )
    .map(([properties, closed, isRequired]) => ({
      type: 'object',
      properties,
      required: Object.keys(properties).filter((name) => isRequired(name)),
      ...(closed ? { additionalProperties: false } : {}),
    }));
  const array = fc
    .tuple(tie('any'), fc.nat(3), fc.nat(3))
    .map(([items, minItems, more]) => ({ type: 'array', items, minItems, maxItems: minItems + more }));
  const tuple = fc
    .array(tie('any'), { minLength: 1, maxLength: 3 })
    .map((prefixItems) => ({ type: 'array', prefixItems, items: false, minItems: prefixItems.length }));
  const union = fc.array(tie('any'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf }));
  const reference = fc.constantFrom({ $ref: '#/$defs/node' }, { $ref: '#/$defs/leaf' });
  return {
    any: fc.oneof({ depthSize: 'small', withCrossShrink: true }, scalars, object, array, tuple, union, reference),
  } as { any: fc.Arbitrary<JsonObject> };
}).any;

const $defs = {
  node: {
    type: 'object',
    properties: { value: { $ref: '#/$defs/leaf' }, next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] } },
    required: ['value', 'next'],
    additionalProperties: false,
  },
  leaf: { type: 'string', minLength: 2 },
};

test('what is made from a schema is accepted by it', () => {
  fc.assert(
    fc.property(schemas, fc.integer(), (schema, seed) => {
      const whole = { ...schema, $defs } as JsonObject;
      const value = jsonFromSchema(whole, seed);
      assert.ok(accepts(whole, value), JSON.stringify({ whole, value }));
      assert.deepEqual(jsonFromSchema(whole, seed), value);
    }),
    { numRuns: 300 },
  );
});

test('allOf adds up: the narrower bounds and every required member', () => {
  const schema = {
    allOf: [
      { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] },
      {
        properties: {
          b: {
            allOf: [
              { type: 'integer', minimum: 5 },
              { minimum: 3, maximum: 6 },
            ],
          },
        },
        required: ['b'],
      },
    ],
  };
  assert.ok(accepts(schema, jsonFromSchema(schema, 1)));
});

test('a schema that must hold itself ends all the same', () => {
  const endless = { type: 'object', properties: { self: { $ref: '#' } }, required: ['self'] };
  assert.ok(JSON.stringify(jsonFromSchema(endless, 1)).length < 10_000);
});

test('a schema cannot ask for more than is good for the process', () => {
  const levels = Array.from({ length: 30 }, (_, at) => [
    `n${at}`,
    {
      type: 'object',
      properties: { l: { $ref: `#/$defs/n${at + 1}` }, r: { $ref: `#/$defs/n${at + 1}` } },
      required: ['l', 'r'],
    },
  ]);
  const bomb = { $ref: '#/$defs/n0', $defs: { ...Object.fromEntries(levels), n30: { type: 'null' } } };
  const huge = { type: 'array', minItems: 1e9, items: { type: 'string', minLength: 1e9 } };
  const wide = { type: 'object', minProperties: 1e9 };
  for (const schema of [bomb, wide, { type: 'array', minItems: 3, items: huge.items }, { ...huge, items: {} }]) {
    assert.ok(JSON.stringify(jsonFromSchema(schema, 1)).length < 1_000_000);
  }
});
