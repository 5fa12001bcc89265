import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Attempt } from '../../core/attempts.ts';
import type { Operation } from '../../core/call.ts';
import type { Usage } from '../../core/usage.ts';
import type { Price } from '../../models/pricing/price.ts';
import { openaiWire } from '../../models/providers/openai/wire.ts';
import { FakeClock } from '../../../test/support/fake-clock.ts';
import { fakeProvider } from '../../../test/support/fake-provider.ts';
import { makeCall } from '../../../test/support/make-call.ts';
import { type AttemptContext, closeBilled, closeUnbilled } from './settle.ts';

const PRICE: Price = { version: 'v1', input: 1, output: 2 };

/** An attempt that sent 400 bytes, or this body. */
function context(
  price: Price | undefined = PRICE,
  json?: object,
  operation: Operation = 'chat',
): AttemptContext & { readonly attempt: Attempt } {
  const call = makeCall({ operation, ...(json ? { json } : { raw: Buffer.alloc(400, ' ') }) });
  const { provider } = fakeProvider('openai');
  const plan = provider.plan(call, call.facts.model);
  const attempt = call.attempts.open({
    target: 'openai/m',
    priceVersion: price?.version,
    reservedNanoUsd: undefined,
    retryOf: undefined,
    simulated: false,
  });
  const sentBytes = plan.request.body?.length ?? 0;
  const shared = { call, attempt, provider, protocol: 'openai', sentBytes, price, clock: new FakeClock() } as const;
  return { ...shared, wire: openaiWire, plan, notes: [], holdHeadersMs: 0 };
}

function costIn({ attempt }: AttemptContext): unknown {
  return [attempt.closing?.costNanoUsd, attempt.closing?.costSource];
}

/** Twice the price between these hours. */
function dearAt(from: number, to: number): Price {
  return { ...PRICE, variants: [{ when: { hours: { spans: [[from, to]] } }, factor: 2 }] };
}

describe('promise 6: settlement', () => {
  const rows: {
    what: string;
    reported: object | undefined;
    final: boolean;
    bytes: number;
    usage: object;
    source: string;
  }[] = [
    {
      what: 'takes a last report as it is',
      reported: { inputTokens: 10, outputTokens: 5 },
      final: true,
      bytes: 4000,
      usage: { inputTokens: 10, outputTokens: 5 },
      source: 'reported',
    },
    {
      what: 'assumes all where nothing was reported',
      reported: undefined,
      final: true,
      bytes: 40,
      usage: { inputTokens: 100, outputTokens: 10 },
      source: 'assumed',
    },
    {
      what: 'keeps the input of a report that a cut left standing, and assumes the output that came since',
      reported: { inputTokens: 10, outputTokens: 1, cacheReadInputTokens: 8 },
      final: false,
      bytes: 40,
      usage: { inputTokens: 10, outputTokens: 10, cacheReadInputTokens: 8 },
      source: 'assumed',
    },
    {
      what: 'assumes no less output than was reported',
      reported: { inputTokens: 10, outputTokens: 50 },
      final: false,
      bytes: 40,
      usage: { inputTokens: 10, outputTokens: 50 },
      source: 'assumed',
    },
    {
      what: 'assumes the input where a last report leaves it out',
      reported: { outputTokens: 5 },
      final: true,
      bytes: 4,
      usage: { inputTokens: 100, outputTokens: 5 },
      source: 'assumed',
    },
  ];
  for (const { what, reported, final, bytes, usage, source } of rows) {
    it(what, () => {
      const settled = context();
      closeBilled(settled, 'completed', { reported, final, answerBytes: bytes });
      assert.deepEqual(settled.attempt.closing?.usage, usage);
      assert.equal(settled.attempt.closing.usageSource, source);
    });
  }

  it('has no cost where there is no price, or where the usage does not say enough', () => {
    const unpriced = context();
    closeBilled({ ...unpriced, price: undefined }, 'completed', {
      reported: { inputTokens: 1 },
      final: true,
      answerBytes: 0,
    });
    assert.equal(unpriced.attempt.closing?.costNanoUsd, undefined);
    const partial = context();
    closeBilled(partial, 'completed', { reported: { inputTokens: 1 }, final: true, answerBytes: 0 });
    assert.equal(partial.attempt.closing?.costNanoUsd, undefined);
  });

  it('takes what the provider says that it charges, and marks it', () => {
    const settled = context();
    const reported: Usage = { inputTokens: 10, outputTokens: 5, reportedCostNanoUsd: 7 };
    closeBilled(settled, 'completed', { reported, final: true, answerBytes: 0 });
    assert.deepEqual(costIn(settled), [7, 'reported']);
    const priced = context();
    closeBilled(priced, 'completed', { reported: { inputTokens: 10, outputTokens: 5 }, final: true, answerBytes: 0 });
    assert.deepEqual(costIn(priced), [20_000, 'priced']);
  });

  it('keeps how a cut answer was served, and nothing that is said of a whole one', () => {
    const settled = context();
    const reported: Usage = {
      inputTokens: 10,
      outputTokens: 5,
      serviceTier: 'default',
      reportedCostNanoUsd: 7,
      unbilled: true,
      parts: [{ inputTokens: 10 }],
    };
    closeBilled(settled, 'aborted', { reported, final: false, answerBytes: 40 });
    assert.deepEqual(settled.attempt.closing?.usage, { inputTokens: 10, outputTokens: 10, serviceTier: 'default' });
    assert.deepEqual(costIn(settled), [30_000, 'priced']);
  });

  it('asks the price for the terms of the request where the answer names none', () => {
    const price: Price = { ...PRICE, variants: [{ when: { serviceTier: 'flex' }, factor: 0.5 }] };
    const consumption = { reported: { inputTokens: 10, outputTokens: 5 }, final: true, answerBytes: 0 };
    const asked = context(price, { model: 'm', service_tier: 'flex' });
    closeBilled(asked, 'completed', consumption);
    assert.deepEqual(costIn(asked), [10_000, 'priced']);
    const answered = context(price, { model: 'm', service_tier: 'flex' });
    const reported = { ...consumption.reported, serviceTier: 'default' };
    closeBilled(answered, 'completed', { ...consumption, reported });
    assert.deepEqual(costIn(answered), [20_000, 'priced']);
  });

  it("prices time on machines of one's own, and by the hour at which it was sent", () => {
    const clock = new FakeClock();
    const price: Price = { version: 'v1', input: 0, output: 0, gpu: { hour: 3.6 } };
    const own = { ...context(price), clock };
    own.attempt.sentAt = clock.monotonic();
    clock.advance(250);
    closeBilled(own, 'completed', { reported: undefined, final: true, answerBytes: 0 });
    assert.deepEqual(costIn(own), [250_000, 'priced']);
    // Calls of these tests are received at 22:13:20 UTC.
    const consumption = { reported: { inputTokens: 10, outputTokens: 5 }, final: true, answerBytes: 0 };
    const peak = context(dearAt(22, 23), { model: 'm' });
    closeBilled(peak, 'completed', consumption);
    const offPeak = context(dearAt(23, 24), { model: 'm' });
    closeBilled(offPeak, 'completed', consumption);
    assert.deepEqual(
      [costIn(peak), costIn(offPeak)],
      [
        [40_000, 'priced'],
        [20_000, 'priced'],
      ],
    );
  });

  it('notes where it was asked, and prices it and its parts by that', () => {
    const there: Price = { ...PRICE, variants: [{ when: { geo: 'eu' }, factor: 1.1 }] };
    const counts = { inputTokens: 10, outputTokens: 5 };
    const costs = [
      { reported: counts, region: 'eu' },
      { reported: { ...counts, parts: [counts] }, region: 'eu' },
      { reported: undefined, region: 'eu' },
      { reported: counts, region: 'mars' },
      { reported: counts, region: undefined },
    ].map(({ reported, region }) => {
      const settled = { ...context(there, { model: 'm', text: 'x'.repeat(377) }), region };
      closeBilled(settled, 'completed', { reported, final: true, answerBytes: 40 });
      const { usage, costNanoUsd } = settled.attempt.closing ?? {};
      assert.equal(usage?.region, region);
      return costNanoUsd;
    });
    assert.deepEqual(costs, [22_000, 22_000, 132_000, undefined, 20_000]);
  });

  it('prices the part of another model by its own row', () => {
    const reported: Usage = {
      inputTokens: 30,
      outputTokens: 3,
      parts: [{ model: 'other', inputTokens: 30, outputTokens: 3 }],
    };
    const consumption = { reported, final: true, answerBytes: 0 };
    const known = { ...context(), priceOf: () => ({ version: 'v2', input: 2, output: 10 }) };
    closeBilled(known, 'completed', consumption);
    assert.deepEqual(costIn(known), [90_000, 'priced']);
    const unknown = context();
    closeBilled(unknown, 'completed', consumption);
    assert.deepEqual(costIn(unknown), [undefined, undefined]);
  });

  it('counts what was spoken where nobody reports it, and marks it', () => {
    const at = context(
      { version: 'v1', input: 0, output: 0, fees: { character: 0.015 } },
      { input: 'Hello' },
      'speech',
    );
    closeBilled(at, 'completed', { reported: undefined, final: true, answerBytes: 0 });
    assert.deepEqual(at.attempt.closing?.usage, { characters: 5 });
    assert.equal(at.attempt.closing.usageSource, 'assumed');
    assert.deepEqual(costIn(at), [75_000, 'priced']);
  });

  it('does not know what a picture or a recording took that nobody reports', () => {
    for (const operation of ['image', 'transcription'] as const) {
      const at = context(PRICE, { prompt: 'a' }, operation);
      closeBilled(at, 'aborted', { reported: undefined, final: false, answerBytes: 400 });
      assert.equal(at.attempt.closing?.usage, undefined);
      assert.deepEqual(costIn(at), [undefined, undefined]);
    }
  });

  it('happens once, and the first time counts', () => {
    const settled = context();
    closeUnbilled(settled, 'failed', 'provider_unreachable');
    closeBilled(settled, 'completed', { reported: undefined, final: true, answerBytes: 0 });
    closeUnbilled(settled, 'aborted');
    assert.deepEqual(settled.attempt.closing, {
      outcome: 'failed',
      errorCode: 'provider_unreachable',
      costNanoUsd: 0,
    });
  });
});
