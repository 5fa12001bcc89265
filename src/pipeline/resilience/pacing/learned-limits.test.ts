import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readLimits } from './learned-limits.ts';

const NOW = Date.parse('2025-08-21T12:40:00Z');

function resetOf(reset: string): number | undefined {
  return readLimits({ 'x-ratelimit-remaining-requests': '1', 'x-ratelimit-reset-requests': reset }, NOW)[0]?.resetMs;
}

function facts(headers: Record<string, string>): unknown[] {
  return readLimits(headers, NOW).map(({ name, remaining, windowMs, resetMs }) => [name, remaining, windowMs, resetMs]);
}

test("OpenAI's headers are read, with durations as they write them", () => {
  const headers = {
    'x-ratelimit-limit-requests': '60',
    'x-ratelimit-remaining-requests': '59',
    'x-ratelimit-reset-requests': '1s',
    'x-ratelimit-limit-tokens': '150000',
    'x-ratelimit-remaining-tokens': '149984',
    'x-ratelimit-reset-tokens': '6m0s',
  };
  assert.deepEqual(readLimits(headers, NOW), [
    {
      name: 'requests',
      counts: 'requests',
      limit: 60,
      remaining: 59,
      resetMs: 1000,
      resolutionMs: 1,
      windowMs: undefined,
    },
    {
      name: 'tokens',
      counts: 'tokens',
      limit: 150_000,
      remaining: 149_984,
      resetMs: 360_000,
      resolutionMs: 1,
      windowMs: undefined,
    },
  ]);
});

test('every form of a reset is read, and what is none makes no reading', () => {
  assert.deepEqual(
    ['12ms', '2m59.56s', '1h0m0s', '59', '11.382', '0', '2025-08-21T12:40:59Z', '2025-08-21T12:39:00Z', '999h'].map(
      resetOf,
    ),
    [12, 179_560, 3_600_000, 59_000, 11_382, 0, 59_000, 0, 86_400_000],
  );
  for (const text of ['', 'soon', '-1', '1w', 's', '1s soon']) assert.equal(resetOf(text), undefined, text);
});

test("Anthropic's headers are read, with times", () => {
  const headers = {
    'anthropic-ratelimit-requests-limit': '1000',
    'anthropic-ratelimit-requests-remaining': '999',
    'anthropic-ratelimit-requests-reset': '2025-08-21T12:40:02Z',
    'anthropic-ratelimit-input-tokens-limit': '80000',
    'anthropic-ratelimit-input-tokens-remaining': '0',
    'anthropic-ratelimit-input-tokens-reset': '2025-08-21T12:41:00Z',
    'anthropic-ratelimit-output-tokens-limit': '16000',
    'anthropic-ratelimit-output-tokens-remaining': '16000',
    'anthropic-ratelimit-output-tokens-reset': '2025-08-21T12:40:00Z',
  };
  assert.deepEqual(
    readLimits(headers, NOW).map(({ counts, limit, remaining, resetMs }) => [counts, limit, remaining, resetMs]),
    [
      ['requests', 1000, 999, 2000],
      ['inputTokens', 80_000, 0, 60_000],
      ['outputTokens', 16_000, 16_000, 0],
    ],
  );
});

test('limits whose names have their window are told apart by it', () => {
  const cerebras = {
    'x-ratelimit-limit-requests-day': '14400',
    'x-ratelimit-remaining-requests-day': '14000',
    'x-ratelimit-reset-requests-day': '33011.382867097855',
    'x-ratelimit-limit-tokens-minute': '60000',
    'x-ratelimit-remaining-tokens-minute': '59000',
    'x-ratelimit-reset-tokens-minute': '11.382867097854614',
  };
  const mistral = {
    'x-ratelimit-limit-req-minute': '50',
    'x-ratelimit-remaining-req-minute': '49',
    'x-ratelimit-limit-tokens-minute': '50000',
    'x-ratelimit-remaining-tokens-minute': '47300',
  };
  assert.deepEqual(facts(cerebras), [
    ['requests-day', 14_000, 86_400_000, 33_011_382.867_097_855],
    ['tokens-minute', 59_000, 60_000, 11_382.867_097_854_614],
  ]);
  assert.deepEqual(facts(mistral), [
    ['tokens-minute', 47_300, 60_000, undefined],
    ['req-minute', 49, 60_000, undefined],
  ]);
});

test('what a provider does not know, or does not allow at all, is no limit to wait for', () => {
  const unknown = {
    'x-ratelimit-limit-tokens': '-1',
    'x-ratelimit-remaining-tokens': '-1',
    'x-ratelimit-reset-tokens': '0',
  };
  assert.deepEqual(readLimits(unknown, NOW), []);
  assert.deepEqual(
    readLimits({ 'x-ratelimit-limit-req-minute': '0', 'x-ratelimit-remaining-req-minute': '0' }, NOW),
    [],
  );
  assert.deepEqual(readLimits({ 'x-ratelimit-remaining-requests': '3' }, NOW), []);
  assert.deepEqual(readLimits({}, NOW), []);
});
