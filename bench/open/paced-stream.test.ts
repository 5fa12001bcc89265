import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FIRST_TOKEN, NEXT_TOKEN, TOKEN_CHARS, startOf, startText } from './paced-stream.ts';

test('a time in letters is read back to the microsecond', () => {
  for (const ms of [0, 1.001, 26_123.456, 8_640_000_000.123]) {
    const text = startText(ms);
    assert.match(text, new RegExp(`^[a-z]{${TOKEN_CHARS}}$`));
    assert.ok(Math.abs(startOf(text) - ms) < 0.001, `${text} is ${startOf(text)}, not ${ms}`);
  }
});

test('each token is a chunk of its own with as many characters', () => {
  for (const bytes of [FIRST_TOKEN(123_456.789), NEXT_TOKEN]) {
    const [size = '', ...rest] = bytes.toString().split('\r\n');
    const [frame = ''] = rest;
    assert.equal(Number.parseInt(size, 16), frame.length);
    assert.equal(/"content":"([^"]*)"/.exec(frame)?.[1]?.length, TOKEN_CHARS);
  }
});
