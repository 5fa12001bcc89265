import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { configOf } from '../../../test/support/config-of.ts';
import { makeRecord } from '../../../test/support/make-record.ts';
import { OtelDesk } from '../../../test/support/otel-desk.ts';
import { OtlpReceiver } from '../../../test/support/otlp-receiver.ts';
import type { RecordAndTexts } from '../../../test/support/journal-chunk.ts';
import { ExportLink } from './export-link.ts';
import { planExport } from './export-plan.ts';

const MINUTE = 60_000;

/** Two spans each. Two hundred and fifty-six make a batch, which is sent at once. */
const BATCH: readonly RecordAndTexts[] = Array.from({ length: 256 }, () => ({ record: makeRecord() }));

describe('a collector in trouble', () => {
  let receiver: OtlpReceiver;
  beforeEach(async () => (receiver = await OtlpReceiver.start()));
  afterEach(() => receiver.close());

  it('is sent again what it was too busy for', async () => {
    receiver.mood = 'busy';
    const desk = new OtelDesk(receiver, 'metrics: false');
    desk.offer(...BATCH);
    await receiver.until(() => receiver.requests.length === 1);
    receiver.mood = 'take';
    await receiver.until(() => receiver.spans.length === 512);
    await desk.close();
    assert.deepEqual(receiver.requests[0]?.body, receiver.requests[1]?.body);
    assert.deepEqual(desk.export.stats().failures, { traces: 0, metrics: 0 });
  });

  it('loses what it refuses, which is counted, and said once a minute without what it answered in secret', async () => {
    receiver.mood = 'refuse';
    const desk = new OtelDesk(receiver, 'metrics: false');
    desk.offer(...BATCH);
    await desk.until(({ failures }) => failures.traces === 1);
    desk.offer(...BATCH);
    await desk.until(({ failures }) => failures.traces === 2);
    assert.equal(desk.log.length, 1, 'once a minute');
    desk.clock.advance(MINUTE);
    desk.offer(...BATCH);
    await desk.until(({ failures }) => failures.traces === 3);
    assert.equal(desk.export.stats().dropped.traces, 3 * 512);
    assert.match(String(desk.export.stats().lastError), /Bad Request|400/);

    receiver.mood = 'take';
    desk.offer(...BATCH);
    await desk.until(({ exported }) => exported.traces === 512);
    await desk.close();
    assert.equal(desk.export.stats().lastError, undefined);
    assert.deepEqual(
      desk.log.map((line) => (JSON.parse(line) as { msg: string }).msg),
      [
        'The OpenTelemetry collector does not take what is exported',
        'The OpenTelemetry collector does not take what is exported',
        'The OpenTelemetry collector takes exports again',
      ],
    );
    assert.equal(desk.log.join('').includes('planted'), false);
  });

  it('says that it took a part only', async () => {
    receiver.mood = 'part';
    const desk = new OtelDesk(receiver, 'metrics: false');
    desk.offer({ record: makeRecord() });
    await desk.close();
    assert.equal(desk.log.length, 1);
    assert.match(String(desk.log[0]), /did not take all/);
    assert.match(String(desk.log[0]), /one span is too old/);
  });

  it('that never answers costs no more than the bounds, and holds nobody up', async () => {
    receiver.mood = 'hang';
    const desk = new OtelDesk(receiver, 'metrics: false');
    for (let offered = 0; offered < 20; offered += 1) desk.offer(...BATCH);
    await desk.until(({ waitingBytes }) => waitingBytes === 0);
    // 8,192 spans wait, one batch of them on its way.
    assert.equal(desk.export.stats().dropped.traces, 20 * 512 - 8192);
    const before = performance.now();
    await desk.export.close(100);
    assert.ok(performance.now() - before < 2000, 'a close that waited');
  });

  it('gets all that waits at the end, however many batches that is', async () => {
    const desk = new OtelDesk(receiver, 'metrics: false, content: redacted');
    for (let offered = 0; offered < 8; offered += 1) desk.offer(...BATCH);
    await desk.close();
    assert.equal(receiver.spans.length, 8 * 512);
    assert.ok(receiver.requests.length >= 64, 'batches of 64');
    assert.equal(desk.export.stats().failures.traces, 0);
  });

  it('that is not there harms nothing', async () => {
    const desk = new OtelDesk(receiver);
    await receiver.close();
    desk.offer(...BATCH);
    await desk.until(({ waitingBytes }) => waitingBytes === 0);
    await desk.export.close(100);
    desk.offer(...BATCH);
    assert.equal(desk.export.stats().dropped.records, 256, 'after its close it takes nothing');
    receiver = await OtlpReceiver.start();
  });
});

describe('the way to the export thread', () => {
  let receiver: OtlpReceiver;
  beforeEach(async () => (receiver = await OtlpReceiver.start()));
  afterEach(() => receiver.close());

  it('is bounded in bytes, and counts in records what has no room', async () => {
    const desk = new OtelDesk(receiver, 'metrics: false', { maxWaitingBytes: 10_000 });
    desk.offer({ record: makeRecord() });
    desk.offer(...BATCH);
    assert.equal(desk.export.stats().dropped.records, 256);
    await desk.close();
    assert.equal(receiver.spans.length, 2);
  });

  it('loses a torn chunk alone', async () => {
    const desk = new OtelDesk(receiver, 'metrics: false');
    desk.export.offer(Buffer.alloc(100, 1), 3);
    desk.offer({ record: makeRecord() });
    await desk.close();
    assert.equal(desk.export.stats().dropped.records, 3);
    assert.equal(receiver.spans.length, 2);
    assert.equal(desk.log.length, 1);
  });

  it('leaves the chunk to whoever offered it', async () => {
    const desk = new OtelDesk(receiver, 'metrics: false');
    const chunk = Buffer.alloc(100, 1);
    desk.export.offer(chunk, 1);
    assert.equal(
      chunk.every((byte) => byte === 1),
      true,
    );
    assert.equal(chunk.length, 100);
    await desk.close();
  });

  it('outlives a thread that cannot start', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const { plan } = planExport(configOf('telemetry: { otlp: { endpoint: "http://127.0.0.1:1" } }').telemetry, {});
    assert.ok(plan?.traces);
    const link = new ExportLink({
      start: { plan: { ...plan, traces: { url: 'no address', headers: {} } }, providers: new Map() },
      message: () => undefined,
      lost: resolve,
    });
    assert.match(await promise, /Could not parse/);
    assert.equal(link.send(Buffer.alloc(1), 1), false, 'it is not started again at once');
    await link.close(100);
  });
});
