import assert from 'node:assert/strict';
import { it } from 'node:test';

import { parseRetryAfter, waitOf } from './retry-after.ts';

const NOW = Date.UTC(2026, 10, 21, 12, 0, 0);
const DAY_MS = 86_400_000;

it('reads how long a provider asks to wait, in each of its forms', () => {
  const cases: [Record<string, string>, number | undefined][] = [
    [{}, undefined],
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': 'Sat, 21 Nov 2026 12:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Sat, 21 Nov 2026 11:00:00 GMT' }, 0],
    [{ 'retry-after-ms': '1500', 'retry-after': '9' }, 1500],
    [{ 'retry-after-ms': 'soon', 'retry-after': '9' }, 9000],
  ];
  for (const [headers, expected] of cases) {
    assert.equal(parseRetryAfter(headers, NOW), expected, JSON.stringify(headers));
  }
});

it('takes what makes no sense for nothing said, and never more than a day', () => {
  for (const value of ['', ' ', 'later', '-1', 'NaN', 'Infinity']) {
    assert.equal(parseRetryAfter({ 'retry-after': value }, NOW), undefined, value);
  }
  assert.equal(parseRetryAfter({ 'retry-after': '999999999' }, NOW), DAY_MS);
  assert.equal(parseRetryAfter({ 'retry-after-ms': '1e15' }, NOW), DAY_MS);
  assert.equal(parseRetryAfter({ 'retry-after': 'Sat, 21 Nov 2099 12:00:00 GMT' }, NOW), DAY_MS);
});

it('goes by Retry-After before the limits, and by the limits only where the request was limited', () => {
  const limits = { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '6m0s' };
  assert.equal(waitOf(429, limits, NOW), 360_000);
  assert.equal(waitOf(429, { ...limits, 'retry-after': '7' }, NOW), 7000);
  assert.equal(waitOf(503, limits, NOW), undefined);
  assert.equal(waitOf(503, { 'retry-after': '7' }, NOW), 7000);
  assert.equal(waitOf(429, {}, NOW), undefined);
  assert.equal(waitOf(429, { 'x-ratelimit-reset-requests': '90d' }, NOW), DAY_MS);
});
