import assert from 'node:assert/strict';
import { it } from 'node:test';

import { parseLimitReset } from './limit-reset.ts';

const NOW = Date.UTC(2026, 10, 21, 12, 0, 0);

function reset(headers: Record<string, string>): number | undefined {
  return parseLimitReset(headers, NOW);
}

it('reads a reset in each of its forms', () => {
  const cases: readonly (readonly [string, number | undefined])[] = [
    ['6m0s', 360_000],
    ['12ms', 12],
    ['1.5s', 1500],
    ['2m59.56s', 179_560],
    ['1h2m3s', 3_723_000],
    ['1d', 86_400_000],
    ['7', 7000],
    ['0.25', 250],
    [`${NOW / 1000 + 30}`, 30_000],
    [`${NOW + 30_000}`, 30_000],
    ['2026-11-21T12:00:45Z', 45_000],
    ['2026-11-21T13:00:45+01:00', 45_000],
    ['Sat, 21 Nov 2026 12:01:00 GMT', 60_000],
    ['0s', undefined],
    ['0', undefined],
    ['2026-11-21T11:00:00Z', undefined],
    [`${NOW / 1000 - 30}`, undefined],
    ['-5', undefined],
    ['', undefined],
    [' ', undefined],
    ['soon', undefined],
    ['6m0', undefined],
  ];
  for (const [value, expected] of cases) {
    for (const name of ['x-ratelimit-reset', 'x-ratelimit-reset-tokens', 'anthropic-ratelimit-tokens-reset']) {
      assert.equal(reset({ [name]: value }), expected, `${name}: ${value}`);
    }
  }
});

it('goes by the limit that has nothing left, and by the longest of several', () => {
  const openai = {
    'x-ratelimit-remaining-requests': '0',
    'x-ratelimit-reset-requests': '2s',
    'x-ratelimit-remaining-tokens': '100',
    'x-ratelimit-reset-tokens': '6m0s',
  };
  assert.equal(reset(openai), 2000);
  assert.equal(reset({ ...openai, 'x-ratelimit-remaining-tokens': '0' }), 360_000);
  const anthropic = {
    'anthropic-ratelimit-requests-remaining': '10',
    'anthropic-ratelimit-requests-reset': '2026-11-21T12:10:00Z',
    'anthropic-ratelimit-input-tokens-remaining': '0',
    'anthropic-ratelimit-input-tokens-reset': '2026-11-21T12:00:20Z',
    'anthropic-ratelimit-output-tokens-remaining': '0',
    'anthropic-ratelimit-output-tokens-reset': '2026-11-21T12:00:05Z',
  };
  assert.equal(reset(anthropic), 20_000);
});

it('takes a request for too large for the tokens that are left, where requests are left', () => {
  const headers = {
    'x-ratelimit-remaining-requests': '5',
    'x-ratelimit-reset-requests': '8h',
    'x-ratelimit-remaining-tokens': '100',
    'x-ratelimit-reset-tokens': '9s',
  };
  assert.equal(reset(headers), 9000);
  assert.equal(reset({ 'x-ratelimit-remaining-requests': '5', 'x-ratelimit-reset-requests': '8h' }), undefined);
  assert.equal(reset({ 'x-ratelimit-reset-requests': '3s' }), 3000, 'nothing is said of what is left');
});

it('knows nothing where nothing is said', () => {
  assert.equal(reset({}), undefined);
  assert.equal(reset({ 'x-ratelimit-remaining-requests': '0' }), undefined);
});
