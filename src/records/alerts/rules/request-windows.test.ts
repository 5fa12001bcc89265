import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { makeAttemptRecord, makeRecord } from '../../../../test/support/make-record.ts';
import { ERRORS, type ErrorCode } from '../../../core/errors.ts';
import type { CallRecord } from '../../journal/record.ts';
import { DEFAULT_RULES } from './default-rules.ts';
import { RequestWindow } from './request-window.ts';
import { RequestWindows } from './request-windows.ts';
import type { RequestRule } from './settings.ts';
import { countTime, newHistogram, quantileOf } from './time-histogram.ts';

const MINUTE_MS = 60_000;
const usual = DEFAULT_RULES.find(({ type }) => type === 'error-rate');

function rule(parts: Partial<RequestRule> = {}): RequestRule {
  return { ...(usual ?? assert.fail()), ...parts } as RequestRule;
}

function failed(code: ErrorCode): Partial<CallRecord> {
  return { status: 'failed', error: { code, message: '', origin: ERRORS[code].origin } };
}

function sumsOf(records: readonly Partial<CallRecord>[], asked = rule()) {
  const windows = new RequestWindows();
  windows.watch([asked]);
  for (const parts of records) windows.observe(makeRecord(parts), 0);
  return [...windows.sums(asked, 0)].map(([model, { requests, errors }]) => [model, requests, errors]);
}

describe('requests of the last minutes', () => {
  test('fail by the fault of a provider or of the gateway, and count for nothing by what a client does wrong', () => {
    const records = [{}, failed('provider_unreachable'), failed('request_invalid'), failed('limit_requests')];
    assert.deepEqual(sumsOf([...records, { status: 'aborted' as const }]), [['chat', 2, 1]]);
  });

  test('are those of models: neither counts of tokens nor requests for files and batches', () => {
    const others = [{ operation: 'token-count' }, { operation: 'resource' }] as const;
    const failures = others.map((parts) => ({ ...failed('provider_unreachable'), ...parts }));
    assert.deepEqual(sumsOf([{}, ...others, ...failures]), [['chat', 1, 0]]);
  });

  test('are those of a model each, or of the one or the project that is asked for', () => {
    const records = [{}, { virtualModel: 'cheap' }, { project: 'sales' }];
    assert.deepEqual(sumsOf(records), [
      ['chat', 2, 0],
      ['cheap', 1, 0],
    ]);
    assert.deepEqual(sumsOf(records, rule({ model: 'cheap' })), [['cheap', 1, 0]]);
    assert.deepEqual(sumsOf(records, rule({ project: 'sales' })), [['chat', 1, 0]]);
  });

  test('promise 11: are those of 200 models, and of all others together', () => {
    const sums = sumsOf(Array.from({ length: 1000 }, (_, at) => ({ virtualModel: `model-${at}` })));
    assert.equal(sums.length, 201);
    assert.deepEqual(sums.at(-1), ['other', 800, 0]);
  });

  test('have times where a target was asked', () => {
    const windows = new RequestWindows();
    windows.watch([rule()]);
    windows.observe(makeRecord({ latencyMs: 5000, ttftMs: 100 }), 0);
    windows.observe(makeRecord({ ...failed('internal'), attempts: [], latencyMs: 1 }), 0);
    windows.observe(makeRecord({ ...failed('provider_timeout'), attempts: [makeAttemptRecord()], latencyMs: 9000 }), 0);
    const [[, sums] = assert.fail()] = [...windows.sums(rule(), 0)];
    assert.deepEqual([sums.requests, sums.errors], [3, 2]);
    assert.deepEqual(
      [sums.latency, sums.ttft].map((times) => times.reduce((one, other) => one + other)),
      [2, 1],
    );
  });

  test('stay known where the rules change, as far as they are still asked for', () => {
    const windows = new RequestWindows();
    windows.watch([rule()]);
    windows.observe(makeRecord(), 0);
    windows.watch([rule({ above: 0.5 }), rule({ window: MINUTE_MS })]);
    assert.equal([...windows.sums(rule(), 0)].length, 1);
    windows.watch([]);
    assert.equal([...windows.sums(rule(), 0)].length, 0);
  });

  test('are those of the window, and of a twelfth more at most', () => {
    const times = fc.array(fc.integer({ min: 0, max: 20 * MINUTE_MS }), { maxLength: 60 });
    fc.assert(
      fc.property(times, fc.integer({ min: 0, max: 5 * MINUTE_MS }), (unsorted, later) => {
        const window = new RequestWindow(5 * MINUTE_MS);
        const sorted = unsorted.toSorted((one, other) => one - other);
        for (const at of sorted) window.add({ isError: false, latencyMs: undefined, ttftMs: undefined }, at);
        const now = (sorted.at(-1) ?? 0) + later;
        const within = (ms: number): number => sorted.filter((at) => at > now - ms).length;
        const { requests } = window.sums(now);
        assert.ok(requests >= within(5 * MINUTE_MS) && requests <= within(5 * MINUTE_MS * (13 / 12) + 1));
      }),
    );
  });
});

describe('a histogram of times', () => {
  test('knows each quantile to a tenth', () => {
    const ms = fc.double({ min: 1, max: 600_000, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(ms, { minLength: 1, maxLength: 200 }),
        fc.constantFrom(0.5, 0.9, 0.95, 0.99),
        (all, quantile) => {
          const histogram = newHistogram();
          for (const one of all) countTime(histogram, one);
          const sorted = all.toSorted((one, other) => one - other);
          const exact = sorted[Math.ceil(quantile * sorted.length) - 1] ?? 0;
          const found = quantileOf(histogram, quantile) ?? 0;
          assert.ok(found >= exact / 1.1 && found <= exact * 1.1, `${found} is not ${exact}`);
        },
      ),
    );
    assert.equal(quantileOf(newHistogram(), 0.95), undefined);
  });

  test('takes what is shorter and longer than it knows', () => {
    const histogram = newHistogram();
    for (const ms of [0, 0.001, 1e12]) countTime(histogram, ms);
    assert.equal(quantileOf(histogram, 0.5), 1);
    assert.ok((quantileOf(histogram, 0.99) ?? 0) > 900_000);
  });
});
