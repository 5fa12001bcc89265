import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parseArguments, RAW_ARGUMENTS } from './tool-arguments.ts';

test('promise 2: arguments become an object that is written as the model wrote it', () => {
  for (const text of ['{}', '{"city":"Paris","n":[1,2.5]}', '{"id":12345678901234567890,"x":1e400}']) {
    const { input, exact } = parseArguments(text);
    assert.equal(exact, true);
    assert.equal(JSON.stringify(input), text);
  }
});

test('promise 2: no arguments are an empty object', () => {
  for (const text of ['', '  ', '\n']) assert.deepEqual(parseArguments(text), { input: {}, exact: true });
});

test('promise 2: what is no object is kept whole, and said to be inexact', () => {
  for (const text of ['{"city":', 'Paris', '[1]', '"a"', 'null', '12345678901234567890', '{} {}']) {
    assert.deepEqual(parseArguments(text), { input: { [RAW_ARGUMENTS]: text }, exact: false });
  }
});
