import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { makeCall } from '../../../../test/support/make-call.ts';
import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';
import { requestDigest } from './review-digest.ts';

const digestOf = (text: string): string => requestDigest(makeCall({ raw: Buffer.from(text) }));
const bodies = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })).map((body) => body as JsonObject);

/** The same with its members the other way around. */
function turned(value: Json | undefined): Json {
  if (Array.isArray(value)) return value.map(turned);
  if (!isJsonObject(value)) return value ?? null;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, inner]) => [name, turned(inner)]),
  );
}

describe('the name of a request that waits', () => {
  test('is the same however its JSON is written', () => {
    fc.assert(
      fc.property(bodies, (body) => {
        assert.equal(digestOf(JSON.stringify(body)), digestOf(JSON.stringify(turned(body), undefined, 2)));
      }),
    );
  });

  test('is another where anything else is said', () => {
    fc.assert(
      fc.property(bodies, bodies, (one, other) => {
        const isSame = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
        assert.equal(digestOf(JSON.stringify(one)) === digestOf(JSON.stringify(other)), isSame);
      }),
    );
    fc.assert(
      fc.property(bodies, fc.string(), (body, more) => {
        assert.notEqual(digestOf(JSON.stringify({ a: more, body })), digestOf(JSON.stringify({ a: `${more}.`, body })));
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

  test('is refused of what is nested without an end', () => {
    const deep = `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`;
    assert.throws(() => digestOf(deep), { code: 'request_invalid' });
  });
});

function sorted(value: Json | undefined): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJsonObject(value)) return value ?? null;
  const names = Object.keys(value).toSorted();
  return names.map((name) => [name, sorted(value[name])]);
}
