import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeClock } from '../../../../test/support/fake-clock.ts';
import * as fc from '../../../../test/support/fast-check.ts';
import { RetryBudget } from './retry-budget.ts';

const SETTINGS = { share: 0.5, perSecond: 10 };

function takeAll(budget: RetryBudget): number {
  let taken = 0;
  while (budget.take()) taken += 1;
  return taken;
}

describe('a retry budget', () => {
  it('has 100 within 10 seconds where nothing succeeds', () => {
    const clock = new FakeClock();
    const budget = new RetryBudget(SETTINGS, clock);
    assert.equal(budget.left, 100);
    assert.equal(takeAll(budget), 100);
    clock.advance(9999);
    assert.deepEqual([budget.left, budget.take()], [0, false]);
    clock.advance(251);
    assert.equal(takeAll(budget), 100);
  });

  it('remembers what was taken at the end of a bucket as long as what was taken at its beginning', () => {
    const clock = new FakeClock();
    const budget = new RetryBudget(SETTINGS, clock);
    clock.advance(249);
    assert.equal(takeAll(budget), 100);
    clock.advance(9999);
    assert.equal(budget.take(), false);
  });

  it('has one more for every second success', () => {
    const budget = new RetryBudget(SETTINGS, new FakeClock());
    for (let done = 0; done < 1001; done += 1) budget.success();
    assert.equal(takeAll(budget), 600);
    budget.success();
    assert.deepEqual([budget.take(), budget.take()], [true, false]);
  });

  it('forgets successes after 10 seconds', () => {
    const clock = new FakeClock();
    const budget = new RetryBudget(SETTINGS, clock);
    for (let done = 0; done < 1000; done += 1) budget.success();
    clock.advance(10_000);
    assert.equal(takeAll(budget), 100);
  });

  it('may have nothing but its share, or nothing at all', () => {
    const shareOnly = new RetryBudget({ share: 0.5, perSecond: 0 }, new FakeClock());
    assert.equal(shareOnly.take(), false);
    shareOnly.success();
    shareOnly.success();
    assert.equal(takeAll(shareOnly), 1);
    assert.equal(shareOnly.withheld, 2);
    assert.equal(new RetryBudget({ share: 0, perSecond: 0 }, new FakeClock()).take(), false);
  });
});

interface Model {
  readonly share: number;
  readonly perSecond: number;
  now: number;
  readonly successes: number[];
  readonly taken: number[];
}

type Step = fc.Command<Model, { readonly clock: FakeClock; readonly budget: RetryBudget }>;

function within(times: readonly number[], from: number): number {
  return times.filter((time) => time > from).length;
}

/** Around a bucket, around the window, and any. */
const gaps = fc.oneof(
  fc.integer({ min: 0, max: 400 }),
  fc.integer({ min: 9600, max: 10_400 }),
  fc.double({ min: 0, max: 11_000, noNaN: true }),
);

const steps: fc.Arbitrary<Step>[] = [
  gaps.map((ms) => ({
    check: () => true,
    run(model, { clock }) {
      clock.advance(ms);
      model.now = clock.monotonic();
    },
    toString: () => `advance(${ms})`,
  })),
  fc.integer({ min: 1, max: 60 }).map((count) => ({
    check: () => true,
    run(model, { budget }) {
      for (let done = 0; done < count; done += 1) {
        budget.success();
        model.successes.push(model.now);
      }
    },
    toString: () => `success(${count})`,
  })),
  fc.integer({ min: 1, max: 80 }).map((count) => ({
    check: () => true,
    run(model, { budget }) {
      const { share, perSecond, now, successes, taken } = model;
      for (let done = 0; done < count; done += 1) {
        if (budget.take()) {
          taken.push(now);
          const bound = share * within(successes, now - 10_000) + perSecond * 10;
          assert.ok(within(taken, now - 10_000) <= bound, 'no more than the budget, in the 10 s before');
        } else {
          const bound = share * within(successes, now - 9750) + perSecond * 10;
          assert.ok(within(taken, now - 10_250) + 1 > bound, 'nothing is withheld but for the ragged edges');
        }
      }
    },
    toString: () => `take(${count})`,
  })),
];

it('never gives more than its share of 10 seconds, and withholds nothing but for a bucket of 250 ms', () => {
  const settings = fc.record({ share: fc.constantFrom(0, 0.2, 0.5, 2), perSecond: fc.constantFrom(0, 1, 10) });
  fc.assert(
    fc.property(settings, fc.commands(steps, { maxCommands: 20, size: 'max' }), (chosen, commands) => {
      fc.modelRun(() => {
        const clock = new FakeClock();
        const budget = new RetryBudget(chosen, clock);
        return { model: { ...chosen, now: 0, successes: [], taken: [] }, real: { clock, budget } };
      }, commands);
    }),
    { numRuns: 200 },
  );
});
