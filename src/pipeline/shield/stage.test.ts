import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { makeCall } from '../../../test/support/make-call.ts';
import { type Call, header } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Reply } from '../../core/reply.ts';
import { shieldStage } from './stage.ts';

const REPLY = {} as Reply;

function untouchable(): never {
  assert.fail('the body was looked at');
}

/** A call of which only the headers may be looked at. */
function callOf(priority?: string): Call {
  const headers = priority === undefined ? {} : { 'x-causeway-priority': priority };
  return Object.defineProperties(makeCall({ headers }), {
    body: { get: untouchable },
    facts: { get: untouchable },
    needs: { get: untouchable },
  });
}

/** What becomes of calls at a pressure: the priorities that were passed on and those that were refused. */
async function run(pressure: number, draw: number, priorities: readonly (string | undefined)[], lastedMs = 0) {
  const shed: number[] = [];
  const errors: unknown[] = [];
  const passed: (string | undefined)[] = [];
  const stage = shieldStage({
    load: { pressure, lastedMs },
    random: () => draw,
    refuseAddress: () => undefined,
    onShed: (priority) => void shed.push(priority),
  });
  for (const priority of priorities) {
    const next = (call: Call): Promise<Reply> => {
      passed.push(header(call, 'x-causeway-priority'));
      return Promise.resolve(REPLY);
    };
    await stage.run(callOf(priority), next).catch((error: unknown) => void errors.push(error));
  }
  return { passed, shed, errors };
}

const ALL = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

describe('the shield', () => {
  it('passes everything on where there is no pressure', async () => {
    const { passed, shed } = await run(0, 0, [...ALL, undefined, 'x']);
    assert.equal(passed.length, 12);
    assert.deepEqual(shed, []);
  });

  it('refuses what is below the cut, and of the priority in it a part', async () => {
    assert.deepEqual((await run(0.55, 0.4, ALL)).passed, ['6', '7', '8', '9']);
    assert.deepEqual((await run(0.55, 0.6, ALL)).passed, ['5', '6', '7', '8', '9']);
    assert.deepEqual((await run(1, 0.999, ALL)).passed, []);
  });

  it('counts what it refuses by its priority, 5 where none was said', async () => {
    const { shed } = await run(0.6, 0.99, [undefined, '3', 'urgent', '9']);
    assert.deepEqual(shed, [5, 3, 5]);
  });

  it('says that it may be tried again, and when', async () => {
    const { errors } = await run(1, 0.5, ['0'], 6000);
    const [error] = errors;
    assert.ok(error instanceof GatewayError);
    assert.equal(error.code, 'gateway_overloaded');
    assert.equal(error.retryAfterMs, 9000);
    assert.equal(error.row.retryable, true);
  });
});
