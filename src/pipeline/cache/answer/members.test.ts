import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import type { Json, JsonObject } from '../../../core/json.ts';
import { KNOWN_IN_FRAMES } from './known-members.ts';
import { fits } from './members.ts';

const ROLE: JsonObject = { role: 'assistant', content: 'a', tool_calls: [{ function: { name: 'f', arguments: '' } }] };

/** A frame with one more member in a place of it. */
function frameWith(at: string, name: string, value: Json): JsonObject {
  const more = (place: string): JsonObject => (place === at ? { [name]: value } : {});
  const delta = { ...more('delta'), ...ROLE };
  return { ...more('frame'), id: 'c', choices: [{ ...more('choice'), index: 0, delta, finish_reason: null }] };
}

const nothing = fc.constantFrom<Json>(null, '', 0, false, [], {}, { a: null, b: [] }, [{}]);
const something = fc.constantFrom<Json>('a', 1, true, [0, 1], { a: 'b' }, [[{ a: 2 }]]);
const place = fc.constantFrom('frame', 'choice', 'delta');
const member = fc.constantFrom('x', 'stop_words', 'audio', 'reasoning', 'toString', '__proto__x');

test('promise 2: a member that is not known matters where it says something, wherever it stands', () => {
  fc.assert(
    fc.property(place, member, nothing, something, (at, name, empty, said) => {
      assert.ok(fits(frameWith(at, name, empty), KNOWN_IN_FRAMES.openai));
      assert.ok(!fits(frameWith(at, name, said), KNOWN_IN_FRAMES.openai));
    }),
    { numRuns: 200 },
  );
});
