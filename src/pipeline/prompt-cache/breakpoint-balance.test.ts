import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';

import { type BreakpointBalance, NEW_BALANCE, isLosing, nextRequest, settledWith } from './breakpoint-balance.ts';
import { BreakpointGuard } from './breakpoint-guard.ts';

interface Outcome {
  readonly read: number;
  readonly written: number;
}

/** Requests one after the other; what each with breakpoints reads and writes is asked for. */
function run(requests: number, outcome: (at: number) => Outcome, start = NEW_BALANCE) {
  let balance: BreakpointBalance = start;
  const placed: number[] = [];
  for (let at = 0; at < requests; at += 1) {
    balance = nextRequest(balance);
    if (isLosing(balance)) continue;
    placed.push(at);
    const { read, written } = outcome(at);
    balance = settledWith(balance, { cacheReadInputTokens: read, cacheCreationInputTokens: written });
  }
  return { balance, placed };
}

const tokens = fc.integer({ min: 1, max: 100_000 });

describe('the balance of breakpoints', () => {
  it('lets one request in twenty pay, where what is written is never read', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), tokens, (requests, written) => {
        const { placed } = run(requests, () => ({ read: 0, written }));
        assert.ok(placed.length <= 20 * Math.ceil(requests / 400), String(placed.length));
      }),
      { numRuns: 30 },
    );
  });

  it('never stops what pays with each request', () => {
    const paying = fc.record({ read: tokens, share: fc.double({ min: 0, max: 1, noNaN: true }) });
    fc.assert(
      fc.property(fc.array(paying, { minLength: 1, maxLength: 20 }), fc.nat(600), (outcomes, requests) => {
        const { placed } = run(requests, (at) => {
          const { read, share } = outcomes[at % outcomes.length] ?? { read: 1, share: 0 };
          return { read, written: share * 3.6 * read * 0.99 };
        });
        assert.equal(placed.length, requests);
      }),
      { numRuns: 60 },
    );
  });

  it('stops what has paid for long and does so no more, and finds out when it pays again', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2000 }), (before) => {
        const good = { read: 5000, written: 100 };
        const { balance } = run(before, () => good);
        const bad = run(3000, () => ({ read: 0, written: 5000 }), balance);
        assert.ok(isLosing(bad.balance) || bad.balance.placed <= 20);
        const again = run(500, () => good, bad.balance);
        assert.equal(again.placed.at(-1), 499);
      }),
      { numRuns: 20 },
    );
  });

  it('needs more reading where it is written for an hour', () => {
    const usage = { cacheReadInputTokens: 500, cacheCreationInputTokens: 1000 };
    let five = NEW_BALANCE;
    let hour = NEW_BALANCE;
    for (let at = 0; at < 20; at += 1) {
      five = settledWith(five, usage);
      hour = settledWith(hour, { ...usage, cacheCreation1hInputTokens: 1000 });
    }
    assert.deepEqual([isLosing(five), isLosing(hour)], [false, true]);
  });
});

describe('the guard of breakpoints', () => {
  it('keeps groups apart, and says which it has stopped', () => {
    const guard = new BreakpointGuard();
    const losing = { project: 'p', requestModel: 'm', target: 'claude/x' };
    for (let at = 0; at < 20; at += 1) guard.learn(losing, { cacheCreationInputTokens: 1000 });
    assert.equal(guard.mayPlace(losing), false);
    for (const other of [{ project: 'q' }, { requestModel: 'n' }, { target: 'claude/y' }]) {
      assert.equal(guard.mayPlace({ ...losing, ...other }), true);
      assert.equal(guard.isPlacing({ ...losing, ...other }), undefined);
    }
    assert.equal(guard.isPlacing(losing), false);
    for (let at = 1; at < 380; at += 1) guard.mayPlace(losing);
    assert.deepEqual([guard.mayPlace(losing), guard.isPlacing(losing)], [true, true]);
  });

  it('promise 11: forgets groups beyond its bound', () => {
    const guard = new BreakpointGuard();
    const groups = Array.from({ length: 6000 }, (_, at) => ({ project: 'p', requestModel: `m${at}`, target: 't' }));
    for (const group of groups) guard.learn(group, {});
    assert.equal(groups.filter((group) => guard.isPlacing(group) !== undefined).length, 5000);
  });
});
