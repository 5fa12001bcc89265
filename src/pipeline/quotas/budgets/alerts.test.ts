import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { makeBudget } from '../../../../test/support/make-budget.ts';
import type { NewEvent } from '../../../records/events/event.ts';
import { BudgetAlerts } from './alerts.ts';
import { periodAt } from '../../../core/period.ts';

const TODAY = periodAt('day', 'UTC', Date.UTC(2026, 10, 21, 9));
const TOMORROW = periodAt('day', 'UTC', Date.UTC(2026, 10, 22, 9));

function bench() {
  const events: NewEvent[] = [];
  const alerts = new BudgetAlerts((event) => void events.push(event));
  return { alerts, events, thresholds: () => events.map(({ evidence }) => evidence['threshold']) };
}

describe('budget alerts', () => {
  test('each threshold is told once in a period, when the share first reaches it', () => {
    const shares = fc.array(fc.double({ min: 0, max: 3, noNaN: true }), { maxLength: 30 });
    const alertAt = fc.uniqueArray(fc.double({ min: 0.01, max: 3, noNaN: true }), { maxLength: 5 });
    fc.assert(
      fc.property(shares, alertAt, (seen, unsorted) => {
        const thresholds = unsorted.toSorted((a, b) => a - b);
        const budget = makeBudget({ alertAt: thresholds });
        const { alerts, events, thresholds: told } = bench();
        for (const share of seen) alerts.seen(budget, 'ada', 'usd', TODAY, share);
        const highest = Math.max(0, ...seen);
        assert.deepEqual(
          told(),
          thresholds.filter((threshold) => threshold <= highest),
        );
        assert.equal(new Set(events.map(({ dedupe }) => dedupe)).size, events.length);
      }),
    );
  });

  test('another subject, unit, budget or period has alerts of its own', () => {
    const { alerts, events } = bench();
    const budget = makeBudget({ alertAt: [0.5], tokens: 10 });
    for (let again = 0; again < 2; again += 1) {
      alerts.seen(budget, 'ada', 'usd', TODAY, 0.6);
      alerts.seen(budget, 'bob', 'usd', TODAY, 0.6);
      alerts.seen(budget, 'ada', 'tokens', TODAY, 0.6);
      alerts.seen(budget, 'ada', 'usd', TOMORROW, 0.6);
      alerts.seen({ ...budget, id: 'other' }, 'ada', 'usd', TODAY, 0.6);
    }
    assert.equal(events.length, 5);
    assert.equal(new Set(events.map(({ dedupe }) => dedupe)).size, 5);
  });

  test('an event says whose budget it is and how it stands', () => {
    const { alerts, events } = bench();
    alerts.seen(makeBudget({ hard: true }), 'support/ada', 'usd', TODAY, 0.812_345);
    alerts.seen(makeBudget({ tokens: 500 }), 'support/ada', 'tokens', periodAt('total', 'UTC', 0), 1);
    assert.deepEqual(events[1], {
      kind: 'budget_threshold',
      severity: 'warning',
      subject: 'user:support/ada',
      dedupe: 'budget_threshold|0.8|daily|usd|2026-11-21|support/ada',
      evidence: {
        budget: 'daily',
        unit: 'usd',
        limit: 1,
        period: '2026-11-21',
        resetsAt: '2026-11-22T00:00:00.000Z',
        threshold: 0.8,
        share: 0.8123,
        hard: true,
      },
    });
    assert.deepEqual(
      events.map(({ severity }) => severity),
      ['info', 'warning', 'info', 'warning', 'critical'],
    );
    assert.deepEqual([events[4]?.evidence['limit'], events[4]?.evidence['resetsAt']], [500, null]);
  });

  test('what another process tells has the same key, so that it is told once', () => {
    const [one, two] = [bench(), bench()];
    one.alerts.seen(makeBudget(), 'ada', 'usd', TODAY, 1.2);
    two.alerts.seen(makeBudget(), 'ada', 'usd', TODAY, 0.9);
    assert.deepEqual(
      one.events.map(({ dedupe }) => dedupe).slice(0, 2),
      two.events.map(({ dedupe }) => dedupe),
    );
  });

  test('promise 11: what is remembered is bounded, and what is forgotten is told under the same key', () => {
    const { alerts, events } = bench();
    const budget = makeBudget({ alertAt: [0.5] });
    for (let n = 0; n < 50_000; n += 1) alerts.seen(budget, `user-${n}`, 'usd', TODAY, 0.6);
    alerts.seen(budget, 'user-0', 'usd', TODAY, 0.7);
    alerts.seen(budget, 'user-49999', 'usd', TODAY, 0.7);
    assert.equal(events.length, 50_001);
    assert.equal(events.at(-1)?.dedupe, events[0]?.dedupe);
  });
});
