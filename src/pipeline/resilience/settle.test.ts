import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Attempt } from '../../core/attempts.ts';
import type { Price } from '../../models/pricing/price.ts';
import { openaiWire } from '../../models/providers/openai/wire.ts';
import { FakeClock } from '../../../test/support/fake-clock.ts';
import { fakeProvider } from '../../../test/support/fake-provider.ts';
import { makeCall } from '../../../test/support/make-call.ts';
import { type AttemptContext, closeBilled, closeUnbilled } from './settle.ts';

const PRICE: Price = { version: 'v1', input: 1, output: 2 };

/** An attempt that sent 400 bytes. */
function context(price: Price | undefined = PRICE): AttemptContext & { readonly attempt: Attempt } {
  const raw = Buffer.alloc(400, ' ');
  const call = makeCall({ raw });
  const { provider } = fakeProvider('openai');
  const plan = provider.plan(call, call.facts.model);
  const attempt = call.attempts.open({
    target: 'openai/m',
    priceVersion: price?.version,
    reservedNanoUsd: undefined,
    retryOf: undefined,
    simulated: false,
  });
  return { call, attempt, provider, wire: openaiWire, plan, price, clock: new FakeClock(), holdHeadersMs: 0 };
}

describe('promise 6: settlement', () => {
  const rows: {
    what: string;
    reported: object | undefined;
    final: boolean;
    chars: number;
    usage: object;
    source: string;
  }[] = [
    {
      what: 'takes a last report as it is',
      reported: { inputTokens: 10, outputTokens: 5 },
      final: true,
      chars: 4000,
      usage: { inputTokens: 10, outputTokens: 5 },
      source: 'reported',
    },
    {
      what: 'assumes all where nothing was reported',
      reported: undefined,
      final: true,
      chars: 40,
      usage: { inputTokens: 100, outputTokens: 10 },
      source: 'assumed',
    },
    {
      what: 'keeps the input of a report that a cut left standing, and assumes the output that came since',
      reported: { inputTokens: 10, outputTokens: 1, cacheReadInputTokens: 8 },
      final: false,
      chars: 40,
      usage: { inputTokens: 10, outputTokens: 10, cacheReadInputTokens: 8 },
      source: 'assumed',
    },
    {
      what: 'assumes no less output than was reported',
      reported: { inputTokens: 10, outputTokens: 50 },
      final: false,
      chars: 40,
      usage: { inputTokens: 10, outputTokens: 50 },
      source: 'assumed',
    },
    {
      what: 'assumes the input where a last report leaves it out',
      reported: { outputTokens: 5 },
      final: true,
      chars: 4,
      usage: { inputTokens: 100, outputTokens: 5 },
      source: 'assumed',
    },
  ];
  for (const { what, reported, final, chars, usage, source } of rows) {
    it(what, () => {
      const settled = context();
      closeBilled(settled, 'completed', { reported, final, answerChars: chars });
      assert.deepEqual(settled.attempt.closing?.usage, usage);
      assert.equal(settled.attempt.closing.usageSource, source);
    });
  }

  it('has no cost where there is no price, or where the usage does not say enough', () => {
    const unpriced = context();
    closeBilled({ ...unpriced, price: undefined }, 'completed', {
      reported: { inputTokens: 1 },
      final: true,
      answerChars: 0,
    });
    assert.equal(unpriced.attempt.closing?.costNanoUsd, undefined);
    const partial = context();
    closeBilled(partial, 'completed', { reported: { inputTokens: 1 }, final: true, answerChars: 0 });
    assert.equal(partial.attempt.closing?.costNanoUsd, undefined);
  });

  it('happens once, and the first time counts', () => {
    const settled = context();
    closeUnbilled(settled, 'failed', 'provider_unreachable');
    closeBilled(settled, 'completed', { reported: undefined, final: true, answerChars: 0 });
    closeUnbilled(settled, 'aborted');
    assert.deepEqual(settled.attempt.closing, {
      outcome: 'failed',
      errorCode: 'provider_unreachable',
      costNanoUsd: 0,
    });
  });
});
