import assert from 'node:assert/strict';
import { it } from 'node:test';

import { assumedUsage, spokenUsage } from './assumed-usage.ts';

it('assumes a token for every four bytes, and never less than one for anything', () => {
  assert.deepEqual(assumedUsage(0, 0), { inputTokens: 0, outputTokens: 0 });
  assert.deepEqual(assumedUsage(1, 5), { inputTokens: 1, outputTokens: 2 });
  assert.deepEqual(assumedUsage(4000, 400), { inputTokens: 1000, outputTokens: 100 });
});

it('promise 6: counts what is spoken by characters, as a reader would', () => {
  assert.deepEqual(spokenUsage({ input: 'Grüße 👋', voice: 'alloy' }), { characters: 7 });
  assert.equal(spokenUsage({ input: 3 }), undefined);
  assert.equal(spokenUsage({}), undefined);
});
