import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Call } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Verdict } from '../../core/screening.ts';
import type { Terminal } from '../../core/events.ts';
import { type CallParts, makeCall } from '../../../test/support/make-call.ts';
import { KEPT_WHOLE } from '../../../test/support/make-record.ts';
import { buildRecord, terminalOf } from './build-record.ts';

const COMPLETED: Terminal = { kind: 'completed', finishReason: 'stop', usage: undefined };
const STREAMED = { stream: true, user: 'ann', conversationId: 'conv', metadata: { team: 'x' }, model: 'chat' };
const USAGE = { inputTokens: 10, outputTokens: 5 };

/** A call that began at 100, asked a provider from 110 to 190 and saw its first content at 140. */
function answered(parts: CallParts = {}): Call {
  const call = makeCall({
    startedAt: 100,
    principal: { keyId: 'key_1', organisation: 'acme', project: 'support', user: 'key-user', models: undefined },
    assignment: { virtualModel: 'chat', targets: [], passThroughCredentials: false, timeouts: undefined },
    ...parts,
  });
  const attempt = call.attempts.open({
    target: 'openai/gpt-5',
    priceVersion: 'v1',
    reservedNanoUsd: undefined,
    retryOf: undefined,
    simulated: true,
  });
  attempt.patches = [{ op: 'set', path: '/model', value: 'gpt-5' }];
  attempt.sentAt = 110;
  attempt.firstContentAt = 140;
  attempt.httpStatus = 200;
  attempt.responseModel = 'gpt-5-2025-08-07';
  attempt.providerRequestId = 'req_1';
  attempt.close(190, {
    outcome: 'completed',
    usage: USAGE,
    usageSource: 'reported',
    costNanoUsd: 7,
    costSource: 'priced',
  });
  return call;
}

describe('buildRecord', () => {
  it('says all of a call that was completed', () => {
    const call = answered({ facts: STREAMED });
    call.warnings.push('careful');
    call.body.patch({ op: 'remove', path: '/x' });
    assert.deepEqual(buildRecord(call, { terminal: COMPLETED, at: 200, policy: KEPT_WHOLE }), {
      traceId: call.id,
      status: 'completed',
      organisation: 'acme',
      project: 'support',
      keyId: 'key_1',
      userId: 'ann',
      conversationId: 'conv',
      endpoint: '/v1/chat/completions',
      dialect: 'openai',
      operation: 'chat',
      requestModel: 'chat',
      virtualModel: 'chat',
      responseModel: 'gpt-5-2025-08-07',
      target: 'openai/gpt-5',
      promptVersion: undefined,
      arm: undefined,
      rollouts: undefined,
      routing: undefined,
      streamed: true,
      finishReason: 'stop',
      usage: USAGE,
      costNanoUsd: 7,
      costKnown: true,
      latencyMs: 100,
      ttftMs: 40,
      interTokenP95Ms: undefined,
      overheadMs: 20,
      simulated: true,
      cache: undefined,
      savings: undefined,
      attempts: [
        {
          target: 'openai/gpt-5',
          kind: 'first',
          outcome: 'completed',
          httpStatus: 200,
          errorCode: undefined,
          retryOf: undefined,
          startMs: 10,
          latencyMs: 80,
          ttftMs: 30,
          usage: USAGE,
          usageSource: 'reported',
          costNanoUsd: 7,
          costSource: 'priced',
          priceVersion: 'v1',
          responseModel: 'gpt-5-2025-08-07',
          providerRequestId: 'req_1',
          patches: [{ op: 'set', path: '/model', value: 'gpt-5' }],
        },
      ],
      spans: [],
      traceContext: undefined,
      patches: [{ op: 'remove', path: '/x' }],
      verdicts: undefined,
      guardPolicies: undefined,
      warnings: ['careful'],
      error: undefined,
      metadata: { team: 'x' },
      startedAt: call.receivedAt,
      policy: KEPT_WHOLE,
    });
  });

  it("takes the key's user where the client names none, and has no time to first token without a stream", () => {
    const record = buildRecord(answered(), { terminal: COMPLETED, at: 200, policy: KEPT_WHOLE });
    assert.equal(record.userId, 'key-user');
    assert.equal(record.ttftMs, undefined);
  });

  it('says what the caches did and saved, and whose answer it was where no target was asked', () => {
    const call = makeCall({ startedAt: 100, facts: STREAMED });
    call.cache = {
      state: 'exact',
      target: 'openai/gpt-5',
      responseModel: 'gpt-5-2025',
      simulated: true,
      answeredAt: 101,
    };
    call.savings = [{ mechanism: 'exact', nanoUsd: 70, inputTokens: 10, outputTokens: 5 }];
    const record = buildRecord(call, { terminal: COMPLETED, at: 180, policy: KEPT_WHOLE });
    assert.equal(record.cache, 'exact');
    assert.deepEqual([record.latencyMs, record.overheadMs], [80, 1], 'it was replayed at a pace');
    assert.deepEqual(record.savings, call.savings);
    assert.deepEqual(
      [record.target, record.responseModel, record.simulated, record.ttftMs],
      ['openai/gpt-5', 'gpt-5-2025', true, 1],
    );
    assert.deepEqual([record.attempts, record.usage, record.costNanoUsd, record.costKnown], [[], undefined, 0, true]);
    call.cache = { ...call.cache, state: 'coalesced' };
    const shared = buildRecord(call, { terminal: COMPLETED, at: 180, policy: KEPT_WHOLE });
    assert.equal(shared.overheadMs, 0, "it waited for another's call");
  });

  it('says what guards said, and under which policies it fell', () => {
    const call = answered();
    const verdicts: Verdict[] = [{ guard: 'pii', place: 'input', outcome: 'passed', micros: 3 }];
    call.screening = {
      policies: ['strict'],
      version: 'v',
      verdicts,
      rewrites: false,
      changed: false,
      touched: false,
      isWhollySeen: true,
      concealJson: (bytes) => bytes,
    };
    const record = buildRecord(call, { terminal: COMPLETED, at: 200, policy: KEPT_WHOLE });
    assert.deepEqual([record.verdicts, record.guardPolicies], [verdicts, ['strict']]);
  });

  it('promise 11: has no conversation in what it says of patches, of the call and of its attempts', () => {
    const call = answered();
    const input = [{ role: 'user', content: 'x'.repeat(1_000_000) }];
    call.body.patch({ op: 'set', path: '/input', value: input });
    const [attempt] = call.attempts.all;
    if (attempt) attempt.patches = [{ op: 'set', path: '/input', value: input }];
    const record = buildRecord(call, { terminal: COMPLETED, at: 200, policy: KEPT_WHOLE });
    assert.ok(JSON.stringify(record).length < 10_000);
    assert.equal(record.patches[0]?.path, '/input');
  });

  it('says what failed and whose fault it was', () => {
    const error = new GatewayError('stream_interrupted');
    const record = buildRecord(answered(), {
      terminal: { kind: 'failed', error, usage: undefined },
      at: 200,
      policy: KEPT_WHOLE,
    });
    assert.equal(record.status, 'failed');
    assert.deepEqual(record.error, { code: 'stream_interrupted', message: error.message, origin: 'provider' });
    assert.equal(record.finishReason, undefined);
    assert.equal(record.costNanoUsd, 7, 'what it cost is settled all the same');
  });

  it('says that there were more spans than are kept', () => {
    const call = makeCall({ startedAt: 100 });
    for (let at = 0; at < 203; at += 1) call.spans.open('guard', 'g', 100).endedAt = 101;
    const record = buildRecord(call, { terminal: COMPLETED, at: 200, policy: KEPT_WHOLE });
    assert.equal(record.spans.length, 200);
    assert.deepEqual(record.warnings, ['3 spans more than are kept were left out of the record']);
  });

  it('has no error for a call that was aborted', () => {
    const record = buildRecord(answered(), {
      terminal: { kind: 'aborted', by: 'client', usage: undefined },
      at: 200,
      policy: KEPT_WHOLE,
    });
    assert.equal(record.status, 'aborted');
    assert.equal(record.error, undefined);
  });

  it('says what is known of a call whose body cannot be read, and that nothing was tried', () => {
    const call = makeCall({ startedAt: 100 });
    const unreadable: Call = Object.defineProperty(call, 'facts', {
      get: () => {
        throw new GatewayError('request_invalid');
      },
    });
    const terminal = terminalOf(new GatewayError('request_invalid'));
    const record = buildRecord(unreadable, { terminal, at: 101, policy: KEPT_WHOLE });
    assert.equal(record.requestModel, undefined);
    assert.equal(record.streamed, false);
    assert.equal(record.target, undefined);
    assert.deepEqual(record.attempts, []);
    assert.equal(record.overheadMs, 1);
    assert.deepEqual([record.costNanoUsd, record.costKnown], [0, true]);
  });

  it('promise 6: says that the cost is not known where one attempt has none', () => {
    const call = answered();
    const unpriced = call.attempts.open({
      target: 'x/y',
      priceVersion: undefined,
      reservedNanoUsd: undefined,
      retryOf: 0,
      simulated: false,
    });
    unpriced.sentAt = 190;
    unpriced.close(195, { outcome: 'completed' });
    const record = buildRecord(call, { terminal: COMPLETED, at: 200, policy: KEPT_WHOLE });
    assert.deepEqual([record.costNanoUsd, record.costKnown], [7, false]);
    assert.equal(record.attempts[1]?.costNanoUsd, undefined);
    assert.equal(record.attempts[1]?.retryOf, 0);
  });
});

describe('terminalOf', () => {
  it("tells the end of a call's own time from a failure", () => {
    const cases: [ConstructorParameters<typeof GatewayError>[0], string][] = [
      ['client_aborted', 'client'],
      ['deadline_exceeded', 'deadline'],
      ['shutting_down', 'shutdown'],
    ];
    for (const [code, by] of cases) {
      assert.deepEqual(terminalOf(new GatewayError(code)), { kind: 'aborted', by, usage: undefined });
    }
    assert.equal(terminalOf(new GatewayError('provider_timeout')).kind, 'failed');
  });
});
