import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../test/support/fast-check.ts';

import { type AttemptClosing, AttemptLedger } from './attempts.ts';

const OPENING = {
  target: 'openai/gpt-5',
  priceVersion: undefined,
  reservedNanoUsd: undefined,
  retryOf: undefined,
  simulated: false,
} as const;

const tokens = fc.option(fc.nat(1000), { nil: undefined });
const closing: fc.Arbitrary<AttemptClosing> = fc.record({
  outcome: fc.constantFrom('completed', 'failed', 'aborted'),
  usage: fc.tuple(tokens, tokens).map(([inputTokens, outputTokens]) => ({
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
  })),
  costNanoUsd: fc.option(fc.nat(1_000_000), { nil: undefined }),
});

test('the first close counts, whatever comes after', () => {
  fc.assert(
    fc.property(fc.array(closing, { minLength: 1, maxLength: 5 }), (closings) => {
      const attempt = new AttemptLedger().open(OPENING);
      const accepted = closings.map((each, at) => attempt.close(at, each));
      assert.deepEqual(accepted, [true, ...closings.slice(1).map(() => false)]);
      assert.equal(attempt.closing, closings[0]);
      assert.equal(attempt.closedAt, 0);
    }),
  );
});

test('promise 6: the ledger adds up what is known, and a sent attempt without a cost makes it unknown, not free', () => {
  fc.assert(
    fc.property(fc.array(closing, { maxLength: 6 }), (closings) => {
      const ledger = new AttemptLedger();
      closings.forEach((each, at) => {
        const attempt = ledger.open(OPENING);
        attempt.sentAt = at;
        attempt.close(at, each);
      });
      const costs = closings.map(({ costNanoUsd }) => costNanoUsd);
      assert.equal(
        ledger.cost.nanoUsd,
        costs.reduce<number>((sum, cost) => sum + (cost ?? 0), 0),
      );
      assert.equal(ledger.cost.known, !costs.includes(undefined));
      const inputs = closings.flatMap(({ usage }) => usage?.inputTokens ?? []);
      const sum = inputs.length === 0 ? undefined : inputs.reduce((a, b) => a + b);
      assert.equal(ledger.usage?.inputTokens, sum, 'absent is not 0');
    }),
  );
});

test('time at providers is counted once where attempts overlap', () => {
  const ledger = new AttemptLedger();
  const spans = [
    [0, 10],
    [5, 20],
    [6, 8],
    [30, 35],
  ] as const;
  for (const [sentAt, closedAt] of spans) {
    const attempt = ledger.open(OPENING);
    attempt.sentAt = sentAt;
    attempt.close(closedAt, { outcome: 'completed' });
  }
  ledger.open(OPENING);
  assert.equal(ledger.providerMs(100), 25);
  const running = ledger.open(OPENING);
  running.sentAt = 90;
  assert.equal(ledger.providerMs(100), 35);
});

test('promise 6: while others read on it is not closed, although no attempt is open, and all who wait are told', () => {
  const ledger = new AttemptLedger();
  const told: string[] = [];
  ledger.whenClosed(() => void told.push('early'));
  assert.deepEqual(told, ['early'], 'nothing is open');
  const release = ledger.hold();
  ledger.whenClosed(() => void told.push('late'));
  const first = ledger.open(OPENING);
  first.close(1, { outcome: 'failed' });
  assert.deepEqual([told.length, ledger.isHeld], [1, true], 'there may be a retry');
  const second = ledger.open(OPENING);
  release();
  release();
  assert.deepEqual([told.length, ledger.isHeld], [1, false]);
  second.close(2, { outcome: 'completed' });
  assert.deepEqual(told, ['early', 'early', 'late']);
});
