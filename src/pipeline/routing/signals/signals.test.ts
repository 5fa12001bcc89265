import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { AttemptLedger } from '../../../core/attempts.ts';
import { Average, PeakAverage } from './average.ts';
import { TargetSignals } from './target-signals.ts';

const OPENING = { target: 'a/m', priceVersion: undefined, reservedNanoUsd: undefined, retryOf: undefined };
const MINUTE_MS = 60_000;

/** One attempt that ends at a time. @returns when */
function ended(signals: TargetSignals, sentAt: number, tookMs: number, isFailed: boolean): number {
  const opened = new AttemptLedger().open({ ...OPENING, simulated: false }, (attempt) =>
    signals.closed(attempt, 'whole', sentAt + tookMs),
  );
  signals.opened();
  opened.sentAt = sentAt;
  const closing = isFailed
    ? ({ outcome: 'failed', errorCode: 'provider_error' } as const)
    : { outcome: 'completed' as const };
  opened.close(sentAt + tookMs, closing);
  return sentAt + tookMs;
}

describe('what is known of a target', () => {
  it('looks no slower after many failures than after one, and is forgotten as fast', () => {
    const signals = new TargetSignals();
    let at = ended(signals, 0, 500, false);
    for (let time = 0; time < 2000; time += 1) at = ended(signals, at, 0, true);
    assert.equal(signals.peakMs('whole', at), 1000);
    const later = signals.peakMs('whole', at + 3 * 30_000) ?? Number.NaN;
    assert.ok(later < 50, `still ${later} ms`);
  });

  it('of which nothing was known looks slow after failures, and not slower after more', () => {
    const signals = new TargetSignals();
    for (let time = 0; time < 100; time += 1) ended(signals, 0, 0, true);
    assert.equal(signals.peakMs('whole', 0), 2000);
  });

  it('never looks slower than what was seen, twice the average of its answers up to a minute, and never faster for a failure', () => {
    const attempts = fc.array(fc.record({ tookMs: fc.nat(200_000), pauseMs: fc.nat(5000), isFailed: fc.boolean() }), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(attempts, (all) => {
        const signals = new TargetSignals();
        let at = 0;
        let slowest = 0;
        for (const { tookMs, pauseMs, isFailed } of all) {
          at = ended(signals, at + pauseMs, tookMs, isFailed);
          slowest = Math.max(slowest, tookMs);
          const peak = signals.peakMs('whole', at) ?? Number.NaN;
          assert.ok(peak >= 0 && peak <= Math.max(2000, slowest, Math.min(MINUTE_MS, 2 * slowest)) + 1e-6);
          const average = signals.averageMs('whole');
          if (isFailed && average !== undefined && average > 0) {
            assert.ok(peak >= average * (1 - 1e-9), 'a failure looks like nothing good');
          }
        }
      }),
    );
  });
});

describe('means', () => {
  for (const mean of [new Average(1000), new PeakAverage(1000)]) {
    it(`${mean.constructor.name} takes no notice of what is no number`, () => {
      for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 5, Number.NaN, Number.NEGATIVE_INFINITY]) {
        mean.add(value, 10);
      }
      assert.equal(mean instanceof Average ? mean.value : mean.valueAt(10), 5);
    });
  }
});
