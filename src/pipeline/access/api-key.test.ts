import assert from 'node:assert/strict';
import { test } from 'node:test';

import { hashApiKey, keyHint, looksLikeApiKey, newApiKey } from './api-key.ts';

test('a key has 256 random bits and its own form', () => {
  const keys = new Set(Array.from({ length: 200 }, newApiKey));
  assert.equal(keys.size, 200);
  for (const key of keys) {
    assert.ok(looksLikeApiKey(key), key);
    assert.equal(Buffer.from(key.slice(3), 'base64url').length, 32);
  }
});

test('what is not a key of ours does not look like one', () => {
  const key = newApiKey();
  for (const text of ['', 'cw-', 'sk-abc', key.slice(0, -1), `${key}x`, key.replace('cw-', 'cw_'), `${key}\n`]) {
    assert.equal(looksLikeApiKey(text), false, JSON.stringify(text));
  }
});

test('promise 12: neither hash nor hint tells the key', () => {
  const key = newApiKey();
  assert.ok(!hashApiKey(key).includes(key.slice(3, 12)));
  assert.equal(hashApiKey(key), hashApiKey(key));
  assert.notEqual(hashApiKey(key), hashApiKey(newApiKey()));
  assert.equal(keyHint(key), `cw-…${key.slice(-4)}`);
});
