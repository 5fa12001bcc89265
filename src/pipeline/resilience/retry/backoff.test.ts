import assert from 'node:assert/strict';
import { it } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { backoffMs } from './backoff.ts';

const SETTINGS = { baseDelay: 1000, maxDelay: 60_000 };
const most = () => 1 - Number.EPSILON;
const least = () => 0;

function longest(retries: number, retryAfterMs?: number): number | undefined {
  const ms = backoffMs(SETTINGS, { retries, retryAfterMs, random: most });
  return ms === undefined ? undefined : Math.round(ms);
}

it('waits for a random part of a bound that doubles up to the longest', () => {
  assert.deepEqual(
    [0, 1, 2, 5, 6, 50, 5000].map((retries) => longest(retries)),
    [1000, 2000, 4000, 32_000, 60_000, 60_000, 60_000],
  );
  assert.equal(backoffMs(SETTINGS, { retries: 9, retryAfterMs: undefined, random: least }), 0);
  assert.equal(backoffMs(SETTINGS, { retries: 1, retryAfterMs: undefined, random: () => 0.25 }), 500);
});

it('waits at least as long as the provider asks, and up to a tenth more', () => {
  assert.equal(backoffMs(SETTINGS, { retries: 0, retryAfterMs: 7000, random: least }), 7000);
  assert.equal(longest(0, 7000), 7700);
  assert.equal(longest(3, 7000), 8000, 'its own wait may be longer');
  assert.equal(backoffMs(SETTINGS, { retries: 0, retryAfterMs: 0, random: least }), 0);
});

it('does not wait where the provider asks for too much', () => {
  assert.equal(longest(0, 60_000), 66_000);
  assert.equal(longest(0, 60_001), undefined);
});

it('keeps within its bounds, whatever the chance', () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const asked = fc.option(fc.integer({ min: 0, max: 90_000 }), { nil: undefined });
  fc.assert(
    fc.property(fc.nat(2000), asked, random, (retries, retryAfterMs, chance) => {
      const ms = backoffMs(SETTINGS, { retries, retryAfterMs, random: () => chance });
      const floor = retryAfterMs ?? 0;
      if (floor > SETTINGS.maxDelay) assert.equal(ms, undefined);
      else assert.ok(ms !== undefined && ms >= floor && ms <= Math.max(SETTINGS.maxDelay, floor * 1.1));
    }),
  );
});
