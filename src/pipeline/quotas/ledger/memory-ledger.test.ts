import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeClock } from '../../../../test/support/fake-clock.ts';
import { ledgerLaws } from '../../../../test/support/ledger-laws.ts';
import type { BudgetClaim, RateClaim } from './ledger.ts';
import { MemoryLedger } from './memory-ledger.ts';

ledgerLaws(
  'the ledger in memory',
  () => {
    const clock = new FakeClock();
    return Promise.resolve({
      ledger: new MemoryLedger(clock),
      advance: (ms) => clock.advance(ms),
      settled: () => Promise.resolve(),
      close: () => Promise.resolve(),
    });
  },
  { runs: 400 },
);

function rateOf(subject: number): RateClaim {
  return { kind: 'rate', key: `r${subject}`, limit: 60, windowMs: 60_000, burst: 1, amount: 1 };
}

describe('the ledger in memory', () => {
  it('goes on from what was spent before', () => {
    const claim: BudgetClaim = { kind: 'budget', key: 'b', limit: 100, amount: 30, hard: true, endsAt: undefined };
    const ledger = new MemoryLedger(new FakeClock());
    ledger.restore([
      { key: 'b', endsAt: undefined, used: 50, reserved: 5 },
      { key: 'b', endsAt: undefined, used: 20, reserved: 0 },
    ]);
    assert.deepEqual(ledger.read([claim]), [{ remaining: 25, resetMs: 0, used: 75, reserved: 0 }]);
    assert.equal(ledger.admit([claim]).admitted, false);
  });

  it('promise 11: is bounded, and forgets first what is at rest', () => {
    const clock = new FakeClock();
    const ledger = new MemoryLedger(clock, { most: 100 });
    for (let subject = 0; subject < 100; subject += 1) ledger.admit([rateOf(subject)]);
    clock.advance(1000);
    ledger.admit([rateOf(200)]);
    ledger.admit([rateOf(201)]);
    // Those at rest were let go of, these two were not.
    assert.equal(ledger.admit([rateOf(200)]).admitted, false);
    assert.equal(ledger.admit([rateOf(201)]).admitted, false);
    for (let subject = 1000; subject < 10_000; subject += 1) ledger.admit([rateOf(subject)]);
    assert.ok(ledger.size <= 120, `${ledger.size}`);
  });
});
