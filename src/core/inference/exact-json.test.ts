import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parseExact } from './exact-json.ts';

test('promise 2: numbers that a double cannot hold are written again as they came', () => {
  for (const text of [
    '{"id":12345678901234567890}',
    '[1.10000000000000000001,1e400,5]',
    '{"a":{"b":[9007199254740993,"9007199254740993"]},"c":1.5}',
  ]) {
    assert.equal(JSON.stringify(parseExact(text)), text);
  }
});

test('small numbers are numbers, however they are written', () => {
  assert.deepEqual(JSON.stringify(parseExact('[1.0,1e2,9007199254740993]')), '[1,100,9007199254740993]');
  assert.deepEqual(parseExact('{"a":1,"b":12345678901234567890}'), {
    a: 1,
    b: (parseExact('[12345678901234567890]') as unknown[])[0],
  });
  assert.throws(() => parseExact('{"a":12345678901234567890'), SyntaxError);
});
