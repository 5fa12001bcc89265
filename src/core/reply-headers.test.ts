import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../test/support/fast-check.ts';
import { makeCall } from '../../test/support/make-call.ts';
import type { Call } from './call.ts';
import { causewayHeaders, costHeader } from './reply-headers.ts';

/** A call with one attempt that cost so much. */
function attempted(costNanoUsd: number | undefined, target = 'openai/gpt-5', simulated = false): Call {
  const call = makeCall();
  const attempt = call.attempts.open({
    target,
    priceVersion: undefined,
    reservedNanoUsd: undefined,
    retryOf: undefined,
    simulated,
  });
  attempt.sentAt = 1;
  attempt.close(2, { outcome: 'completed', costNanoUsd });
  return call;
}

describe('causewayHeaders', () => {
  it('says the id where nothing was tried', () => {
    const call = makeCall();
    assert.deepEqual(causewayHeaders(call), { 'x-causeway-request-id': call.id });
  });

  it('says where the answer came from, after how many attempts, and what to know of it', () => {
    const call = attempted(1, 'sim/echo', true);
    call.warnings.push('one', 'two');
    assert.deepEqual(causewayHeaders(call), {
      'x-causeway-request-id': call.id,
      'x-causeway-target': 'sim/echo',
      'x-causeway-attempts': '1',
      'x-causeway-simulated': 'true',
      'x-causeway-warnings': 'one; two',
    });
  });

  it('makes a header of whatever a client calls a model', () => {
    const names = ['模型', 'a\r\nset-cookie: x=1', '\ud800', '\u0000', 'x'.repeat(100_000)];
    for (const name of names) {
      const { 'x-causeway-target': target = '' } = causewayHeaders(attempted(1, `openai/${name}`));
      assert.match(target, /^[\x20-\x7e]+$/);
      assert.ok(target.length < 16_000);
    }
  });
});

describe('costHeader', () => {
  it('says dollars in digits', () => {
    const cases: [number, string][] = [
      [0, '0'],
      [20, '0.00000002'],
      [450_000, '0.00045'],
      [1_000_000_000, '1'],
      [12_340_000_000, '12.34'],
      [100_000_000_000, '100'],
    ];
    for (const [nano, usd] of cases) {
      assert.deepEqual(costHeader(attempted(nano)), { 'x-causeway-cost-usd': usd });
    }
  });

  it('says every whole number of nano-dollars to the last one', () => {
    fc.assert(
      fc.property(fc.oneof(fc.nat(), fc.maxSafeNat()), (nano) => {
        const { 'x-causeway-cost-usd': usd = '' } = costHeader(attempted(nano));
        assert.match(usd, /^\d+(?:\.\d*[1-9])?$/);
        const [dollars = '', rest = ''] = usd.split('.');
        assert.equal(BigInt(dollars) * 1_000_000_000n + BigInt(rest.padEnd(9, '0')), BigInt(nano));
      }),
    );
  });

  it('promise 6: says nothing where the cost is not known', () => {
    assert.deepEqual(costHeader(attempted(undefined)), {});
  });
});
