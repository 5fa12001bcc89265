import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { JsonObject } from '../../../core/json.ts';
import { isHeldSchema } from './held-schema.ts';

const TEXT = { type: 'string' };

function object(properties: JsonObject, more: JsonObject = {}): JsonObject {
  return { type: 'object', properties, required: Object.keys(properties), ...more };
}

describe('isHeldSchema', () => {
  it('goes with objects of the basic types', () => {
    const list = { type: 'array', items: object({ day: { type: 'string', format: 'date' } }) };
    assert.ok(isHeldSchema(object({ a: TEXT, b: { type: 'integer' }, c: list, d: { enum: ['x'] } })));
    assert.ok(isHeldSchema(object({ a: TEXT }, { additionalProperties: false, $defs: { x: object({ y: TEXT }) } })));
    assert.ok(isHeldSchema(object({ a: { type: 'string', pattern: '[a-z]+' } })));
  });

  it('knows what Cohere does not take, however deep it stands', () => {
    const untaken: JsonObject[] = [
      { anyOf: [TEXT] },
      { type: 'integer', minimum: 1 },
      { type: 'array', minItems: 1 },
      { type: 'string', maxLength: 3 },
      { type: 'string', pattern: '^a$' },
      { type: 'string', format: 'email' },
      { type: 'object', properties: { a: TEXT } },
      object({ a: TEXT }, { additionalProperties: TEXT }),
    ];
    for (const inner of untaken) {
      assert.equal(isHeldSchema(object({ a: inner })), false, JSON.stringify(inner));
      assert.equal(isHeldSchema(object({ a: { type: 'array', items: inner } })), false);
      assert.equal(isHeldSchema(object({ a: TEXT }, { $defs: { x: inner } })), false);
    }
    assert.equal(isHeldSchema({ type: 'array', items: TEXT }), false);
    assert.equal(isHeldSchema({}), false);
  });
});
