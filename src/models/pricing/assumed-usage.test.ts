import assert from 'node:assert/strict';
import { it } from 'node:test';

import { assumedUsage } from './assumed-usage.ts';

it('assumes a token for every four bytes, and never less than one for anything', () => {
  assert.deepEqual(assumedUsage(0, 0), { inputTokens: 0, outputTokens: 0 });
  assert.deepEqual(assumedUsage(1, 5), { inputTokens: 1, outputTokens: 2 });
  assert.deepEqual(assumedUsage(4000, 400), { inputTokens: 1000, outputTokens: 100 });
});
