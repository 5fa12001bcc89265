import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { boundedCatalog, callTo, targetOf } from '../../../../test/support/bounded-catalog.ts';
import * as fc from '../../../../test/support/fast-check.ts';
import type { Call } from '../../../core/call.ts';
import type { Amounts } from './attempt-bound.ts';
import { boundOf } from './bound-of.ts';
import { UsualUse, expectedOf, usualName } from './usual-use.ts';

const CATALOG = boundedCatalog();

function call(content: string, limit?: number): Call {
  const body = { model: 'm', messages: [{ role: 'user', content }], ...(limit && { max_completion_tokens: limit }) };
  return callTo(['openai/m'], 'openai', body);
}

function expected(of: Call, usual = new UsualUse(), target = 'openai/m'): Amounts {
  const bound = boundOf(of, targetOf(target), CATALOG);
  return expectedOf(of, targetOf(target), CATALOG, usual, bound);
}

describe('what calls usually use', () => {
  it('is what 95 of 100 stay under, of each name by itself, once there are twenty', () => {
    const usual = new UsualUse();
    for (let at = 1; at <= 19; at += 1) usual.observe('a', { tokens: at, nanoUsd: 1000 * at });
    assert.equal(usual.p95('a'), undefined);
    usual.observe('a', { tokens: 20, nanoUsd: 1 });
    assert.deepEqual(usual.p95('a'), { tokens: 19, nanoUsd: 18_000 });
    assert.equal(usual.p95('b'), undefined);
  });

  it('is of the last calls', () => {
    const usual = new UsualUse();
    for (let at = 0; at < 1000; at += 1) usual.observe('a', { tokens: at < 700 ? 1_000_000 : 5, nanoUsd: 1 });
    assert.deepEqual(usual.p95('a'), { tokens: 5, nanoUsd: 1 });
  });

  it('keeps no more names than it is to', () => {
    const usual = new UsualUse();
    for (let at = 0; at < 20; at += 1) usual.observe('first', { tokens: 1, nanoUsd: 1 });
    for (let at = 0; at < 2000; at += 1) usual.observe(`other ${at}`, { tokens: 1, nanoUsd: 1 });
    assert.equal(usual.p95('first'), undefined);
  });
});

describe('what a call is expected to use', () => {
  it('is an estimate by its bytes before there is experience', () => {
    const one = call('a'.repeat(4000));
    const input = Math.ceil(one.body.raw.length / 4);
    assert.deepEqual(expected(one), { tokens: input + 1000, nanoUsd: 1000 * input + 10_000_000 });
    const short = expected(call('a'.repeat(4000), 100));
    assert.equal(short.tokens, Math.ceil(call('a'.repeat(4000), 100).body.raw.length / 4) + 100);
    assert.equal(expected(one, new UsualUse(), 'openai/unheard-of').nanoUsd, undefined);
  });

  it('is what such calls use once that is known', () => {
    const usual = new UsualUse();
    const one = call('a', 5000);
    for (let at = 0; at < 20; at += 1) usual.observe(usualName(one), { tokens: 300, nanoUsd: 4000 });
    assert.deepEqual(expected(one, usual), { tokens: 300, nanoUsd: 4000 });
    assert.equal(usualName(one), '/v1/chat/completions chat');
  });

  it('law: is never more than the call can use', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 2000 }),
        fc.integer({ min: 1, max: 3000 }),
        fc.nat({ max: 10_000 }),
        (length, limit, used) => {
          const usual = new UsualUse();
          const one = call('a'.repeat(length), limit);
          if (used > 5000)
            for (let at = 0; at < 20; at += 1) usual.observe(usualName(one), { tokens: used, nanoUsd: used * 1e6 });
          const bound = boundOf(one, targetOf('openai/m'), CATALOG);
          const { tokens = 0, nanoUsd = 0 } = expected(one, usual);
          assert.ok(tokens <= (bound.tokens ?? 0) && nanoUsd <= (bound.nanoUsd ?? 0));
          assert.ok(tokens > 0 && nanoUsd > 0);
        },
      ),
    );
  });

  it('is what it costs at most where it is not billed by tokens', () => {
    const speech = callTo(
      ['openai/tts-1'],
      'openai',
      { model: 'm', input: 'hello', voice: 'x' },
      { operation: 'speech' },
    );
    assert.equal(expected(speech, new UsualUse(), 'openai/tts-1').nanoUsd, 75_000);
  });
});
