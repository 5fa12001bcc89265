import assert from 'node:assert/strict';
import { it } from 'node:test';

import { mapFinishReason } from './map-finish-reason.ts';
import { mapUsage } from './map-usage.ts';

it('promise 6: cached tokens, which Bedrock counts apart, are part of the input', () => {
  const usage = {
    inputTokens: 10,
    outputTokens: 5,
    totalTokens: 145,
    cacheReadInputTokens: 100,
    cacheWriteInputTokens: 30,
    cacheDetails: [
      { ttl: '1h', inputTokens: 20 },
      { ttl: '5m', inputTokens: 10 },
    ],
  };
  assert.deepEqual(mapUsage({ usage, serviceTier: { type: 'flex' } }), {
    inputTokens: 140,
    outputTokens: 5,
    cacheReadInputTokens: 100,
    cacheCreationInputTokens: 30,
    cacheCreation1hInputTokens: 20,
    serviceTier: 'flex',
  });
});

it('promise 6: what is not reported is not 0', () => {
  assert.deepEqual(mapUsage({ usage: { outputTokens: 5, serverToolUsage: {} } }), { outputTokens: 5 });
  assert.equal(mapUsage({}), undefined);
});

it('reasons that are new, or say that the output was malformed, are other reasons', () => {
  assert.deepEqual(['tool_use', 'guardrail_intervened', 'malformed_tool_use', 'new'].map(mapFinishReason), [
    'tool-calls',
    'content-filter',
    'other',
    'other',
  ]);
});
