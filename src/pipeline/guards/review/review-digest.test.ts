import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { makeCall } from '../../../../test/support/make-call.ts';
import { requestDigest } from './review-digest.ts';

const digestOf = (text: string): string => requestDigest(makeCall({ raw: Buffer.from(text) }));
const bodies = fc.dictionary(
  fc.oneof(fc.string(), fc.constantFrom('"', '\\', '\\"', ' a ')),
  fc.jsonValue({ maxDepth: 4 }),
);

describe('the name of a request that waits', () => {
  test('is the same however much white space stands between its parts', () => {
    const spaces = fc.oneof(fc.integer({ min: 0, max: 10 }), fc.constantFrom('\t', ' \r\n'));
    fc.assert(
      fc.property(bodies, spaces, (body, space) => {
        const text = JSON.stringify(body);
        assert.equal(digestOf(`\n${JSON.stringify(body, undefined, space)} `), digestOf(text));
      }),
    );
  });

  test('is another where anything else is said', () => {
    fc.assert(
      fc.property(bodies, bodies, (one, other) => {
        const [first, second] = [JSON.stringify(one), JSON.stringify(other)];
        assert.equal(digestOf(first) === digestOf(second), first === second);
      }),
    );
    fc.assert(
      fc.property(bodies, fc.string(), fc.constantFrom(' ', '\n', '.', '"', '\\'), (body, text, more) => {
        assert.notEqual(
          digestOf(JSON.stringify({ text, body })),
          digestOf(JSON.stringify({ text: text + more, body })),
        );
      }),
    );
  });

  test('tells long numbers, lists in another order, models of the path and streams apart', () => {
    const pairs = [
      ['{"seed":9007199254740993}', '{"seed":9007199254740992}'],
      ['{"a":[1,2]}', '{"a":[2,1]}'],
      ['{"a":null}', '{}'],
      ['{"a":"1"}', '{"a":1}'],
    ] as const;
    for (const [one, other] of pairs) assert.notEqual(digestOf(one), digestOf(other));
    const raw = Buffer.from('{}');
    const facts = [{ model: 'a' }, { model: 'b' }, { model: 'a', stream: true }];
    const names = facts.map((own) => requestDigest(makeCall({ raw, facts: own })));
    assert.equal(
      new Set([...names, requestDigest(makeCall({ raw, facts: { model: 'a' }, dialect: 'gemini' }))]).size,
      4,
    );
  });
});
