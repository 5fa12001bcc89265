import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { makeAttemptRecord } from '../../../test/support/make-record.ts';
import type { Usage } from '../../core/usage.ts';
import type { StoredTrace } from './schema.ts';
import { listedTraceView } from './trace-view.ts';

/** The one attempt of a trace, as the admin API shows it. */
function shown(usage: Usage | undefined, costSource?: 'reported' | 'priced'): Record<string, unknown> {
  const attempts = [makeAttemptRecord({ usage, costSource })];
  const trace = { attempts, startedAt: new Date(0), latencyMs: 1, overheadMs: 0, ttftMs: null } as unknown;
  const { tokens, usage_details, cost_source } = listedTraceView(trace as StoredTrace).attempts[0] ?? {};
  return { tokens, usage_details, cost_source };
}

describe('an attempt in a trace', () => {
  it('shows beside the tokens what else is billed', () => {
    const usage: Usage = {
      inputTokens: 100,
      outputTokens: 20,
      cacheCreation1hInputTokens: 10,
      audioInputTokens: 0,
      cacheReadAudioInputTokens: 3,
      webSearchRequests: 2,
      serviceTier: 'flex',
      region: 'eu-west-1',
      reportedCostNanoUsd: 1250,
      parts: [{ model: 'm', inputTokens: 100 }],
    };
    assert.deepEqual(shown(usage, 'reported'), {
      tokens: { input: 100, output: 20, cached: null, cache_write: null, reasoning: null },
      usage_details: {
        cache_creation_1h_input_tokens: 10,
        cache_read_audio_input_tokens: 3,
        web_search_requests: 2,
        service_tier: 'flex',
        region: 'eu-west-1',
        reported_cost_usd: 0.00000125,
        parts: [{ model: 'm', input_tokens: 100 }],
      },
      cost_source: 'reported',
    });
  });

  it('shows nulls where nothing is known', () => {
    assert.deepEqual(shown(undefined), { tokens: null, usage_details: null, cost_source: null });
  });
});
