import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../test/support/fast-check.ts';
import { newId, newTraceId } from './ids.ts';

test('a trace id is a UUIDv7 of its time, sorts by it, and is like no other', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 2 ** 47 }), { minLength: 1, maxLength: 50 }), (times) => {
      const ids = times.map((time) => newTraceId(time));
      for (const [at, id] of ids.entries()) {
        assert.match(id, /^[\da-f]{12}7[\da-f]{3}8[\da-f]{15}$/);
        assert.equal(Number.parseInt(id.slice(0, 12), 16), times[at]);
      }
      assert.equal(new Set(ids).size, ids.length);
    }),
  );
});

test('other ids begin with what they are of', () => {
  const ids = Array.from({ length: 2000 }, () => newId('key'));
  for (const id of ids) assert.match(id, /^key_[\da-f]{24}$/);
  assert.equal(new Set(ids).size, ids.length);
});
