import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Call } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import { type Reply, ReplyStream, type WholeReply } from '../../core/reply.ts';
import { type Handler, compose } from '../../core/stage.ts';
import { FakeClock } from '../../../test/support/fake-clock.ts';
import { makeCall } from '../../../test/support/make-call.ts';
import { RecordLog } from '../../../test/support/record-log.ts';
import { KEPT_WHOLE } from '../../../test/support/make-record.ts';
import { createRecorder } from './stage.ts';

const WHOLE: WholeReply = {
  kind: 'whole',
  status: 200,
  headers: {},
  body: Buffer.from('{"answer":1}'),
  terminal: { kind: 'completed', finishReason: 'stop', usage: undefined },
};

const SILENT = { pause: (): void => {}, resume: (): void => {}, cancel: (): void => {} };

function record(next: Handler): {
  log: RecordLog;
  call: Call;
  clock: FakeClock;
  reply: Promise<Reply>;
  refuse: (error: GatewayError) => void;
} {
  const log = new RecordLog();
  const clock = new FakeClock();
  const recorder = createRecorder({
    policyOf: () => KEPT_WHOLE,
    sink: log,
    clock,
    observe: log.observe,
    inFlight: log.inFlight,
  });
  const call = makeCall();
  const reply = compose([recorder.stage, { name: 'next', run: next }])(call);
  return { log, call, clock, reply, refuse: (error) => recorder.refuse(call, error) };
}

describe('record', () => {
  it('keeps a whole answer and the body that asked for it', async () => {
    const { log, call, reply } = record(() => Promise.resolve(WHOLE));
    assert.equal(log.open, 1);
    assert.equal(await reply, WHOLE);
    assert.equal(log.open, 0);
    assert.deepEqual(
      log.records.map(({ status }) => status),
      ['completed'],
    );
    assert.deepEqual(log.observed, log.records);
    assert.deepEqual(log.texts, [{ input: call.body.raw, output: WHOLE.body }]);
  });

  it('closes a stream at its terminal event and not before, with what was delivered', async () => {
    const stream = new ReplyStream(SILENT);
    const { log, reply } = record(() =>
      Promise.resolve({ kind: 'stream', status: 200, headers: {}, translated: false, stream }),
    );
    await reply;
    stream.push({ events: [{ type: 'text-delta', choice: 0, index: 0, text: 'Hello' }] });
    stream.end({ kind: 'completed', finishReason: 'stop', usage: undefined });
    assert.equal(log.records.length, 0);
    assert.equal(log.open, 1);
    stream.read({ item: () => true, terminal: () => {} });
    assert.equal(log.records[0]?.status, 'completed');
    assert.equal(Buffer.from(log.texts[0]?.output ?? []).toString(), '[{"content":"Hello"}]');
    stream.abort('client');
    assert.equal(log.records.length, 1);
    assert.equal(log.open, 0);
  });

  it('promise 6: waits for the attempts of a call that others read on, and says when it ended for its client', async () => {
    const stream = new ReplyStream(SILENT);
    const { log, call, clock, reply } = record(() =>
      Promise.resolve({ kind: 'stream', status: 200, headers: {}, translated: false, stream }),
    );
    await reply;
    const opening = { target: 'lab/m', priceVersion: undefined, reservedNanoUsd: undefined, retryOf: undefined };
    const attempt = call.attempts.open({ ...opening, simulated: false });
    const release = call.attempts.hold();
    clock.advance(50);
    stream.abort('client');
    assert.deepEqual([log.records.length, log.open], [0, 1]);
    clock.advance(1000);
    attempt.close(clock.monotonic(), { outcome: 'completed', costNanoUsd: 70 });
    release();
    const [kept] = log.records;
    assert.deepEqual([kept?.status, kept?.latencyMs, kept?.costNanoUsd], ['aborted', 50, 70]);
    assert.deepEqual([log.records.length, log.open], [1, 0]);
  });

  it('closes a stream that was over before it came', async () => {
    const stream = new ReplyStream(SILENT);
    stream.abort('client');
    const { log, reply } = record(() =>
      Promise.resolve({ kind: 'stream', status: 200, headers: {}, translated: false, stream }),
    );
    await reply;
    assert.equal(log.records[0]?.status, 'aborted');
    assert.equal(log.open, 0);
  });

  it('keeps a refusal, with the words of the provider', async () => {
    const body = Buffer.from('{"error":{}}');
    const error = new GatewayError('request_invalid', {
      refusal: { dialect: 'openai', status: 400, headers: {}, body },
    });
    const { log, reply } = record(() => Promise.reject(error));
    await assert.rejects(reply, (thrown) => thrown === error);
    assert.equal(log.records[0]?.error?.code, 'request_invalid');
    assert.equal(log.texts[0]?.output, body);
    assert.equal(log.open, 0);
  });

  it('records a crash as our own failure, whatever was thrown and however', async () => {
    const crashes: Handler[] = [
      () => Promise.reject(new TypeError('bug')),
      () => {
        throw new TypeError('bug');
      },
    ];
    for (const crash of crashes) {
      const { log, reply } = record(crash);
      await assert.rejects(reply, { code: 'internal' });
      assert.equal(log.records[0]?.error?.code, 'internal');
      assert.equal(log.records.length, 1);
      assert.equal(log.open, 0);
    }
  });

  it('does not record twice where the metrics fail', async () => {
    const log = new RecordLog();
    const recorder = createRecorder({
      policyOf: () => KEPT_WHOLE,
      sink: log,
      clock: new FakeClock(),
      observe: () => {
        throw new Error('metrics');
      },
      inFlight: log.inFlight,
    });
    const handler = compose([recorder.stage, { name: 'next', run: () => Promise.resolve(WHOLE) }]);
    await assert.rejects(handler(makeCall()));
    assert.equal(log.records.length, 1);
    assert.equal(log.open, 0);
  });

  it('records what was refused before it became a call of the pipeline', async () => {
    const { log, reply, refuse } = record(() => Promise.resolve(WHOLE));
    await reply;
    refuse(new GatewayError('path_not_found'));
    assert.equal(log.records[1]?.error?.code, 'path_not_found');
    assert.equal(log.observed.length, 2);
    assert.equal(log.open, 0, 'it was never in flight');
  });

  it('has no input where there was no body', async () => {
    const log = new RecordLog();
    const recorder = createRecorder({
      policyOf: () => KEPT_WHOLE,
      sink: log,
      clock: new FakeClock(),
      observe: log.observe,
      inFlight: log.inFlight,
    });
    recorder.refuse(makeCall({ raw: Buffer.alloc(0) }), new GatewayError('path_not_found'));
    assert.deepEqual(log.texts, [{ input: undefined, output: undefined }]);
  });
});
