import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Attempt, AttemptClosing } from '../../../core/attempts.ts';
import type { Target } from '../../../core/call.ts';
import * as fc from '../../../../test/support/fast-check.ts';
import { FakeClock } from '../../../../test/support/fake-clock.ts';
import { makeCall } from '../../../../test/support/make-call.ts';
import { budgetOf } from '../budgets/from-settings.ts';
import { MemoryLedger } from '../ledger/memory-ledger.ts';
import { budgetRulesOf } from '../rules/budget-rules.ts';
import type { MatchedBudget } from '../rules/rule-book.ts';
import { CallSpending } from './call-spending.ts';

const LIMIT = 10_000;

/** What one attempt of a leg may cost at most, in nano-dollars, is its target's model name. */
const bounds = {
  withMore: ({ model }: Target, more: number) => ({ tokens: Number(model) + more, nanoUsd: Number(model) + more }),
};

const targetOf = (bound: number): Target => ({ provider: 'p', model: String(bound) });

function budget(usd: number, hard = true): MatchedBudget {
  const settings = { per: 'project', usd, period: 'total', timeZone: 'UTC', hard, atLimit: 'refuse' } as const;
  const [rule] = budgetRulesOf([budgetOf({ ...settings, paymentRequired: false }, { id: 'b', origin: 'admin' })]);
  assert.ok(rule);
  return { rule, subject: 'support' };
}

/** A call that was admitted with `held`, and the counter that it spends from. */
function bench(held: number, { hard = true, limit = LIMIT } = {}) {
  const clock = new FakeClock();
  const ledger = new MemoryLedger(clock);
  const call = makeCall();
  const matched = budget(limit / 1e9, hard);
  const claim = matched.rule.claim('support', clock.now(), held);
  const verdict = ledger.admit([claim]);
  assert.ok(verdict.admitted);
  const spending = new CallSpending({
    call,
    ledger,
    bounds,
    budgets: [matched],
    nowMs: clock.now(),
    held: { tokens: held, nanoUsd: held },
    purposes: [matched],
    holding: verdict.holding,
    onSettled: () => {},
  });
  const state = () => ledger.read([claim])[0] ?? assert.fail();
  return { call, spending, state };
}

function open({ call }: ReturnType<typeof bench>): Attempt {
  const attempt = call.attempts.open({
    target: 'p/m',
    priceVersion: undefined,
    reservedNanoUsd: undefined,
    retryOf: undefined,
    simulated: false,
  });
  attempt.sentAt = 0;
  return attempt;
}

const reported = (nanoUsd: number): AttemptClosing => ({
  outcome: 'completed',
  usage: { inputTokens: nanoUsd, outputTokens: 0 },
  usageSource: 'reported',
  costNanoUsd: nanoUsd,
});
const cut = (nanoUsd: number): AttemptClosing => ({ ...reported(nanoUsd), outcome: 'failed', usageSource: 'assumed' });
const refused: AttemptClosing = { outcome: 'failed', costNanoUsd: 0 };

describe('what a call spends', () => {
  it('is what was reported, and the rest is given back', () => {
    const one = bench(300);
    assert.equal(one.spending.cover(targetOf(300)), undefined);
    open(one).close(1, reported(120));
    one.spending.end();
    assert.deepEqual(one.state(), { remaining: LIMIT - 120, resetMs: 0, used: 120, reserved: 0 });
  });

  it('promise 4: is all that may have been billed where an attempt was cut off', () => {
    const one = bench(300);
    void one.spending.cover(targetOf(300));
    open(one).close(1, cut(20));
    one.spending.end();
    assert.equal(one.state().used, 300);
  });

  it('is what was received of it where the budget is soft', () => {
    const one = bench(300, { hard: false });
    void one.spending.cover(targetOf(300));
    open(one).close(1, cut(20));
    one.spending.end();
    assert.equal(one.state().used, 20);
  });

  it('is nothing where nothing was sent', () => {
    const one = bench(300);
    void one.spending.cover(targetOf(300));
    one.spending.end();
    assert.deepEqual(one.state(), { remaining: LIMIT, resetMs: 0, used: 0, reserved: 0 });
  });

  it('reserves more for a further attempt only where the first may have been billed', () => {
    const free = bench(300);
    void free.spending.cover(targetOf(300));
    open(free).close(1, refused);
    void free.spending.cover(targetOf(300));
    assert.equal(free.state().reserved, 300);
    const billed = bench(300);
    void billed.spending.cover(targetOf(300));
    open(billed).close(1, cut(20));
    void billed.spending.cover(targetOf(250));
    assert.equal(billed.state().reserved, 550);
  });

  it('promise 4: refuses a further attempt that the budget has nothing left for', () => {
    const one = bench(300, { limit: 400 });
    void one.spending.cover(targetOf(300));
    open(one).close(1, cut(20));
    assert.throws(() => one.spending.cover(targetOf(300)), { code: 'budget_exhausted' });
    one.spending.end();
    assert.deepEqual(one.state(), { remaining: 100, resetMs: 0, used: 300, reserved: 0 });
  });

  it('waits for attempts that end after the call', () => {
    const one = bench(300);
    void one.spending.cover(targetOf(300));
    const late = open(one);
    one.spending.end();
    assert.equal(one.state().used, 0);
    late.close(1, reported(40));
    assert.equal(one.state().used, 40);
  });

  it('promise 4: never counts less than was billed, nor holds less than may be, whatever the course', () => {
    const ending = fc.constantFrom('reported', 'cut', 'refused', 'open');
    const leg = fc.record({ bound: fc.integer({ min: 1, max: 900 }), share: fc.nat(100), copies: fc.nat(2), ending });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 900 }), fc.array(leg, { maxLength: 6 }), (held, legs) => {
        const one = bench(held, { limit: 2000 });
        let billed = 0;
        const left: (() => void)[] = [];
        for (const { bound, share, copies, ending: how } of legs) {
          try {
            void one.spending.cover(targetOf(bound));
          } catch {
            break;
          }
          // All copies together are within the bound, and a provider bills what it did, reported or not.
          const cost = Math.floor((bound * share) / 100 / (copies + 1));
          const attempts = Array.from({ length: copies + 1 }, () => open(one));
          for (const attempt of attempts) {
            if (how !== 'refused') billed += cost;
            const close = (): unknown =>
              attempt.close(1, how === 'refused' ? refused : how === 'cut' ? cut(0) : reported(cost));
            if (how === 'open') left.push(close);
            else close();
          }
          const { used, reserved } = one.state();
          assert.ok(used + reserved <= 2000);
          assert.ok(reserved >= billed, `${reserved} held, ${billed} billed`);
        }
        one.spending.end();
        for (const close of left) close();
        const { used, reserved } = one.state();
        assert.equal(reserved, 0);
        assert.ok(used >= billed && used <= 2000, `${used} counted, ${billed} billed`);
      }),
      { numRuns: 2000 },
    );
  });
});
