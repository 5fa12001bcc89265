import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeClock } from '../../../../test/support/fake-clock.ts';
import { GatewayError } from '../../../core/errors.ts';
import { FailoverLedger, type SharedLedger } from './failover-ledger.ts';
import type { BudgetClaim, Claim, Holding, Verdict } from './ledger.ts';
import type { AwaySettings } from './local-share.ts';
import { MemoryLedger } from './memory-ledger.ts';

const place: Claim = { kind: 'concurrency', key: 'places', limit: 4 };
const rate: Claim = { kind: 'rate', key: 'rate', limit: 60, windowMs: 60_000, burst: 2, amount: 1 };
const budget = (hard: boolean): BudgetClaim => {
  return { kind: 'budget', key: hard ? 'hard' : 'soft', limit: 100, amount: 60, hard, endsAt: undefined };
};

/** Shared counters in memory, which go away when the test says so, and note what they are asked to take over. */
class Shared implements SharedLedger {
  readonly #ledger = new MemoryLedger(new FakeClock());
  readonly adopted: { claims: readonly Claim[]; portion: number; settled?: readonly number[] }[] = [];
  state: SharedLedger['state'] = 'exact';
  replicas = 2;
  /** What becomes of the next question. */
  next: 'answer' | 'go away' | 'fail' | 'refuse' = 'answer';

  async admit(claims: readonly Claim[]): Promise<Verdict> {
    this.#ask();
    return this.#ledger.admit(claims);
  }

  async read(claims: readonly Claim[]) {
    this.#ask();
    return this.#ledger.read(claims);
  }

  adopt(claims: readonly Claim[], portion: number): Holding {
    assert.equal(this.state, 'away');
    const one: (typeof this.adopted)[number] = { claims, portion };
    this.adopted.push(one);
    return {
      settle(actual) {
        one.settled = actual;
      },
      waits() {},
      sends() {},
    };
  }

  #ask(): void {
    if (this.next === 'answer') return;
    if (this.next === 'fail') throw new GatewayError('internal');
    if (this.next === 'go away') this.state = 'away';
    throw new GatewayError('counters_unavailable');
  }
}

function open(settings: Partial<AwaySettings> = {}) {
  const shared = new Shared();
  const clock = new FakeClock();
  const ledger = new FailoverLedger({
    shared,
    memory: () => new MemoryLedger(clock),
    settings: () => ({ whenAway: 'local', hardBudgetsWhenAway: 'closed', ...settings }),
  });
  return { shared, ledger };
}

describe('counters that may be away', () => {
  it('are asked first, and answer for themselves', async () => {
    const { shared, ledger } = open();
    const verdict = await ledger.admit([place, budget(true)]);
    assert.ok(verdict.admitted);
    assert.equal((await ledger.read([budget(true)]))[0]?.reserved, 60);
    assert.deepEqual(shared.adopted, []);
  });

  it('leave the call that sees them go to the policy', async () => {
    const { shared, ledger } = open();
    shared.next = 'go away';
    const verdict = await ledger.admit([rate, place]);
    assert.ok(verdict.admitted);
    verdict.holding.settle([1, 0]);
    assert.deepEqual(shared.adopted, [{ claims: [rate, place], portion: 1, settled: [1, 0] }]);
  });

  it('take nothing over where only rates were counted', async () => {
    const { shared, ledger } = open();
    shared.state = 'away';
    assert.ok((await ledger.admit([rate])).admitted);
    assert.deepEqual(shared.adopted, []);
  });

  it('say of a refusal which of all claims it was', async () => {
    const { shared, ledger } = open({ hardBudgetsWhenAway: 'open' });
    shared.state = 'away';
    // Half of a burst of 2 is 1.
    assert.ok((await ledger.admit([budget(true), place, rate])).admitted);
    const refused = await ledger.admit([budget(true), place, rate]);
    assert.ok(!refused.admitted);
    assert.equal(refused.at, 2);
    assert.equal(refused.retryAfterMs, 2000);
    assert.deepEqual(
      refused.states.map(({ remaining }) => remaining),
      [100, 1, 0],
    );
  });

  it('divide what was left of a budget when it was seen last, anew at each absence', async () => {
    const { shared, ledger } = open();
    const first = await ledger.admit([budget(false)]);
    assert.ok(first.admitted);
    shared.state = 'away';
    // 40 were left for two.
    const second = await ledger.admit([{ ...budget(false), amount: 20 }]);
    assert.ok(second.admitted);
    assert.deepEqual(second.states, [{ remaining: 0, resetMs: 0, used: 0, reserved: 80 }]);
    assert.equal((await ledger.admit([{ ...budget(false), amount: 1 }])).admitted, false);
    shared.state = 'exact';
    ledger.forgetShare();
    first.holding.settle([0]);
    await ledger.read([budget(false)]);
    shared.state = 'away';
    const third = await ledger.read([budget(false)]);
    assert.deepEqual(third, [{ remaining: 50, resetMs: 0, used: 0, reserved: 0 }]);
  });

  it('promise 4: close hard budgets while they are away, whatever else passes', async () => {
    const { shared, ledger } = open({ whenAway: 'open' });
    shared.state = 'away';
    assert.ok((await ledger.admit([rate, place, budget(false)])).admitted);
    await assert.rejects(ledger.admit([rate, budget(true)]), { code: 'counters_unavailable' });
  });

  it('hand on what is wrong with a call, and follow nothing that comes and goes for ever', async () => {
    const { shared, ledger } = open();
    shared.next = 'fail';
    await assert.rejects(ledger.admit([place]), { code: 'internal' });
    shared.next = 'refuse';
    await assert.rejects(ledger.admit([place]), { code: 'counters_unavailable' });
  });
});
