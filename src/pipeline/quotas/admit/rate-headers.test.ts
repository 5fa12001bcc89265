import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { goDuration, rateHeaders } from './rate-headers.ts';

const NOW = Date.UTC(2026, 10, 21, 12);

describe('rate-limit headers', () => {
  const stands = [
    { rule: { unit: 'requests', limit: 600 }, state: { remaining: 59, resetMs: 100 } },
    { rule: { unit: 'requests', limit: 30 }, state: { remaining: 2, resetMs: 2000 } },
    { rule: { unit: 'tokens', limit: 100_000 }, state: { remaining: 9000, resetMs: 61_000 } },
    { rule: { unit: 'concurrency', limit: 20 }, state: { remaining: 19, resetMs: 0 } },
  ] as const;
  const told = (dialect: 'openai' | 'anthropic', some: readonly (typeof stands)[number][]) =>
    rateHeaders(
      dialect,
      some.map(({ rule }) => rule),
      some.map(({ state }) => state),
      NOW,
    );

  it('promise 5: tell OpenAI clients of the tightest limit of each kind, with durations', () => {
    assert.deepEqual(told('openai', stands), {
      'x-ratelimit-limit-requests': '30',
      'x-ratelimit-remaining-requests': '2',
      'x-ratelimit-reset-requests': '2s',
      'x-ratelimit-limit-tokens': '100000',
      'x-ratelimit-remaining-tokens': '9000',
      'x-ratelimit-reset-tokens': '1m1s',
    });
  });

  it('promise 5: tell Anthropic clients the same, with times', () => {
    assert.deepEqual(told('anthropic', stands.slice(0, 1)), {
      'anthropic-ratelimit-requests-limit': '600',
      'anthropic-ratelimit-requests-remaining': '59',
      'anthropic-ratelimit-requests-reset': '2026-11-21T12:00:01Z',
    });
  });

  it('write durations as Go does', () => {
    const written = { 0: '0ms', 20: '20ms', 1000: '1s', 1500: '1.5s', 360_000: '6m0s', 3_600_000: '1h0m0s' };
    for (const [ms, text] of Object.entries(written)) assert.equal(goDuration(Number(ms)), text);
  });
});
