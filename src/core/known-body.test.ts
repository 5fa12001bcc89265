import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../test/support/fast-check.ts';

import { CallBody } from './call-body.ts';
import type { Json } from './json.ts';

const body = fc.record(
  { model: fc.constantFrom('a', 'b'), n: fc.integer({ min: 0, max: 3 }) },
  { noNullPrototype: true },
);
const change = fc.record({
  path: fc.constantFrom('/model', '/max_tokens'),
  value: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.constant<Json>({ deep: 1 })),
});
const asked: fc.Arbitrary<Asked> = fc.record({
  body,
  changes: fc.array(change, { maxLength: 2 }),
  again: fc.boolean(),
});

interface Asked {
  readonly body: { readonly model: string; readonly n: number };
  readonly changes: readonly { readonly path: string; readonly value: Json }[];
  readonly again: boolean;
}

function bodyOf({ body: json, changes, again }: Asked): CallBody {
  const made = new CallBody(Buffer.from(JSON.stringify(json)));
  assert.equal(typeof made.json, 'object');
  for (const { path, value } of changes) made.amend({ op: 'set', path, value });
  assert.equal(typeof made.resolved, 'object');
  if (again) made.comesAgain();
  return made;
}

test('whatever came before, a body says what its bytes and its amendments say', () => {
  fc.assert(
    fc.property(fc.array(asked, { maxLength: 12 }), (calls) => {
      for (const call of calls) {
        const expected: Record<string, unknown> = { ...call.body };
        for (const { path, value } of call.changes) expected[path.slice(1)] = value;
        const made = bodyOf(call);
        assert.deepEqual(made.json, call.body);
        assert.deepEqual(made.resolved, expected);
        assert.deepEqual(JSON.parse(made.bytesWith([]).toString()), expected);
      }
    }),
  );
});

test('what comes again is read once, with the same amendments too', () => {
  const call = { body: { model: 'a', n: 7 }, changes: [{ path: '/max_tokens', value: 5 }], again: true };
  const first = bodyOf(call);
  const second = bodyOf(call);
  assert.equal(second.json, first.json);
  assert.equal(second.resolved, first.resolved);
  assert.notEqual(bodyOf({ ...call, changes: [{ path: '/max_tokens', value: 6 }] }).resolved, first.resolved);
});

test('what nobody said comes again is read anew', () => {
  const call = { body: { model: 'a', n: 9 }, changes: [], again: false };
  assert.notEqual(bodyOf(call).json, bodyOf(call).json);
});
