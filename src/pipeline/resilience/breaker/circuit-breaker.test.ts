import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeClock } from '../../../../test/support/fake-clock.ts';
import {
  type Admission,
  type BreakerState,
  type CallOutcome,
  CircuitBreaker,
  type OpeningCause,
} from './circuit-breaker.ts';
import type { BreakerSettings } from './settings.ts';

const SETTINGS: BreakerSettings = {
  failures: 5,
  failureRate: 0.5,
  window: 30_000,
  minimumCalls: 20,
  openFor: 30_000,
  probes: 1,
};

interface Bench {
  readonly clock: FakeClock;
  readonly breaker: CircuitBreaker;
  readonly changes: (readonly [BreakerState, OpeningCause | undefined])[];
  readonly admitted: () => Admission;
  readonly call: (outcome: CallOutcome, durationMs?: number) => void;
}

function benchOf(settings: Partial<BreakerSettings> = {}): Bench {
  const clock = new FakeClock();
  const changes: (readonly [BreakerState, OpeningCause | undefined])[] = [];
  const breaker = new CircuitBreaker({ ...SETTINGS, ...settings }, clock, (state, cause) =>
    changes.push([state, cause]),
  );
  const admitted = () => {
    const admission = breaker.admit();
    assert.ok(admission);
    return admission;
  };
  return { clock, breaker, changes, admitted, call: (outcome, durationMs = 1) => admitted().done(outcome, durationMs) };
}

function repeat(times: number, work: () => void): void {
  for (let done = 0; done < times; done += 1) work();
}

/** Open by failures in a row, its time over: the next call is a probe. */
function probing(settings: Partial<BreakerSettings> = {}): Bench {
  const bench = benchOf(settings);
  repeat(5, () => bench.call('failure'));
  bench.clock.advance(30_000);
  return bench;
}

describe('a closed breaker', () => {
  it('opens at the fifth failure in a row, and a success begins the row anew', () => {
    const { call, breaker, changes } = benchOf();
    repeat(4, () => call('failure'));
    call('success');
    repeat(4, () => call('failure'));
    assert.equal(breaker.state, 'closed');
    call('failure');
    assert.equal(breaker.state, 'open');
    assert.equal(breaker.admit(), undefined);
    assert.deepEqual(changes, [['open', 'failures-in-a-row']]);
  });

  it('opens at a rate of failures, once there are calls enough to speak of one', () => {
    const { call, breaker, changes } = benchOf();
    repeat(9, () => {
      call('failure');
      call('success');
    });
    call('failure');
    assert.equal(breaker.state, 'closed', '19 calls');
    call('success');
    assert.equal(breaker.state, 'open');
    assert.deepEqual(changes, [['open', 'failure-rate']]);
  });

  it('stays closed below the rate', () => {
    const { call, breaker } = benchOf();
    repeat(100, () => {
      call('success');
      call('failure');
      call('success');
    });
    assert.equal(breaker.state, 'closed');
    assert.deepEqual([breaker.snapshot().calls, breaker.snapshot().failures], [300, 100]);
  });

  it('forgets what is older than the window', () => {
    const { call, breaker, clock } = benchOf({ failures: 100 });
    repeat(15, () => call('failure'));
    clock.advance(30_000);
    repeat(15, () => call('failure'));
    assert.equal(breaker.state, 'closed');
    repeat(5, () => call('failure'));
    assert.equal(breaker.state, 'open');
  });

  it('counts slow calls as failed in the rate, but not in the row', () => {
    const { call, breaker } = benchOf({ slowAfter: 1000 });
    repeat(19, () => call('success', 1001));
    assert.equal(breaker.state, 'closed');
    call('success', 1000);
    assert.equal(breaker.state, 'open');
    const unbounded = benchOf();
    repeat(50, () => unbounded.call('success', 1e9));
    assert.equal(unbounded.breaker.state, 'closed');
  });

  it("promise 10: is not moved by what is the client's fault", () => {
    const { call, breaker } = benchOf();
    repeat(4, () => call('failure'));
    repeat(100, () => call('ignored', 1e9));
    assert.deepEqual([breaker.state, breaker.snapshot().calls, breaker.snapshot().failuresInARow], ['closed', 4, 4]);
    call('failure');
    assert.equal(breaker.state, 'open');
  });

  it('hears of each call once', () => {
    const { admitted, breaker } = benchOf();
    const admission = admitted();
    repeat(10, () => admission.done('failure', 1));
    assert.equal(breaker.snapshot().failures, 1);
  });
});

describe('an open breaker', () => {
  it('says how long it stays so', () => {
    const { call, breaker, clock } = benchOf();
    assert.equal(breaker.retryAfterMs, 0);
    repeat(5, () => call('failure'));
    assert.equal(breaker.retryAfterMs, 30_000);
    clock.advance(29_999);
    assert.equal(breaker.admit(), undefined);
    assert.deepEqual([breaker.state, breaker.retryAfterMs], ['open', 1]);
    clock.advance(1);
    assert.deepEqual([breaker.state, breaker.retryAfterMs], ['half-open', 0]);
  });

  it('may be told from outside, for longer but not for less', () => {
    const { breaker, clock, changes } = benchOf();
    clock.advance(1000);
    breaker.open(1000);
    assert.equal(breaker.state, 'closed', 'what is over is no opening');
    breaker.open(11_000);
    breaker.open(5000);
    assert.equal(breaker.retryAfterMs, 10_000);
    breaker.open(21_000);
    assert.equal(breaker.retryAfterMs, 20_000);
    assert.deepEqual(changes, [['open', 'told']]);
    clock.advance(20_000);
    assert.equal(breaker.state, 'half-open');
    breaker.open(31_000);
    assert.deepEqual([breaker.state, breaker.retryAfterMs], ['open', 10_000]);
    assert.equal(breaker.snapshot().openings, 1);
  });

  it('hears nothing of the calls that were under way', () => {
    const { admitted, call, breaker, clock } = benchOf();
    const late = Array.from({ length: 10 }, admitted);
    repeat(5, () => call('failure'));
    for (const admission of late) admission.done('success', 1);
    clock.advance(10_000);
    assert.deepEqual([breaker.state, breaker.retryAfterMs], ['open', 20_000]);
  });
});

describe('a half-open breaker', () => {
  it('lets one probe through, which closes it', () => {
    const { admitted, breaker, changes, call } = probing();
    const probe = admitted();
    assert.equal(breaker.admit(), undefined);
    assert.deepEqual([breaker.retryAfterMs, breaker.snapshot().probesInFlight], [30_000, 1]);
    probe.done('success', 1);
    assert.deepEqual([breaker.state, breaker.retryAfterMs], ['closed', 0]);
    repeat(4, () => call('failure'));
    assert.equal(breaker.state, 'closed', 'the row begins anew');
    assert.deepEqual(changes, [
      ['open', 'failures-in-a-row'],
      ['half-open', 'failures-in-a-row'],
      ['closed', 'failures-in-a-row'],
    ]);
  });

  it('opens again, for its whole time, at the first probe that fails or is too slow', () => {
    for (const [outcome, durationMs] of [['failure', 1] as const, ['success', 1001] as const]) {
      const { call, breaker, changes } = probing({ slowAfter: 1000, probes: 3 });
      call('success');
      call(outcome, durationMs);
      assert.deepEqual([breaker.state, breaker.retryAfterMs], ['open', 30_000]);
      assert.deepEqual(changes.at(-1), ['open', 'probe-failed']);
    }
  });

  it('closes after as many successes as it has probes', () => {
    const { admitted, breaker } = probing({ probes: 3 });
    const [first, second, third] = [admitted(), admitted(), admitted()];
    assert.equal(breaker.admit(), undefined);
    first.done('success', 1);
    second.done('success', 1);
    assert.equal(breaker.state, 'half-open');
    third.done('success', 1);
    assert.equal(breaker.state, 'closed');
  });

  it('gets the place of a probe back that says nothing', () => {
    const { call, breaker } = probing();
    repeat(5, () => call('ignored'));
    assert.equal(breaker.state, 'half-open');
    call('success');
    assert.equal(breaker.state, 'closed');
  });

  it('is not closed, nor opened again, by calls from before', () => {
    for (const outcome of ['success', 'failure'] as const) {
      const bench = benchOf({ probes: 2 });
      const late = bench.admitted();
      repeat(5, () => bench.call('failure'));
      bench.clock.advance(30_000);
      bench.call('success');
      late.done(outcome, 1);
      assert.equal(bench.breaker.state, 'half-open', outcome);
      bench.call('success');
      assert.equal(bench.breaker.state, 'closed');
    }
  });

  it('is not shut for ever by a probe that does not end, whose word still counts', () => {
    const { admitted, breaker, clock } = probing();
    const hanging = admitted();
    clock.advance(29_999);
    assert.deepEqual([breaker.admit(), breaker.retryAfterMs], [undefined, 1]);
    clock.advance(1);
    admitted();
    assert.equal(breaker.admit(), undefined);
    hanging.done('success', 1);
    assert.equal(breaker.state, 'closed');
  });
});

describe('a breaker that is closed by hand', () => {
  it('lets every call through, and forgets what was counted', () => {
    const { call, breaker, changes } = benchOf();
    repeat(5, () => call('failure'));
    breaker.close();
    assert.deepEqual(changes.slice(-1), [['closed', 'failures-in-a-row']]);
    repeat(4, () => call('failure'));
    assert.equal(breaker.state, 'closed', 'the row begins anew');
  });

  it('does not hear of a probe that was under way', () => {
    const { admitted, breaker } = probing();
    const probe = admitted();
    breaker.close();
    probe.done('failure', 1);
    assert.equal(breaker.state, 'closed');
  });

  it('is told of no change where it was closed already', () => {
    const { breaker, changes, call } = benchOf();
    repeat(4, () => call('failure'));
    breaker.close();
    call('failure');
    assert.deepEqual(changes, [['open', 'failures-in-a-row']]);
  });
});
